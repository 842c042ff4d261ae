import type { Coordination, LimitUse } from "./coordination"

/** What a home knows of itself, for `/status`; no key and no name of a person is in it. */
export interface HomeState {
  kind: "embedded" | "redis"
  isReady: boolean
  /** What is wrong, in a sentence; absent while all is well. */
  trouble?: string
  /** How often something went wrong since the hub started, for a home outside of its process. */
  incidents?: { timesAway: number, timesDataLost: number }
  limits: { [name: string]: LimitUse }
  /** Keys that are held, by the name of the leases. */
  leases: { [name: string]: number }
}

/** Where coordination is kept: in the hub's own process, or in Redis. */
export interface CoordinationHome {
  /** Coordination as one owner, such as an execute process, sees it. */
  of(owner: string): Coordination
  /** The owner is gone: what it had on the wire is held for as long as the vendor may be working on it. */
  abandon(owner: string): void
  state(): Promise<HomeState>
  close(): Promise<void>
}
