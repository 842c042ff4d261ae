import type { Coordination, LimitRules, LimitUse } from "./coordination"

/** The use of a limit, and the rules that it keeps to while nobody has to give way. */
export interface LimitState extends LimitUse {
  rules: Pick<LimitRules, "callsPerWindow" | "windowMs" | "callsAtOnce" | "callsPerPeriod">
}

/** A home's own state, for `/status`. It contains no key and no name of a person. */
export interface HomeState {
  kind: "embedded" | "redis"
  isReady: boolean
  /** A sentence about the problem; absent while all is well. */
  trouble?: string
  /** The number of incidents since the hub started, for a home outside of its process. */
  incidents?: { timesAway: number, timesDataLost: number }
  limits: { [name: string]: LimitState }
  /** The number of keys that are held, by the name that their leases are shown as. */
  leases: { [name: string]: number }
}

/** The place where coordination is kept: the hub's own process, or Redis. */
export interface CoordinationHome {
  /** Returns the coordination as one owner, such as an execute process, sees it. */
  of(owner: string): Coordination
  /**
   * Gives up an owner that is gone. Its calls on the wire stay held for as long as the vendor may be working on them.
   * Returns how long (ms) keys of it stay held; 0 if it held none.
   */
  abandon(owner: string): number
  state(): Promise<HomeState>
  close(): Promise<void>
}
