import type { LimitRules, LimitUse, Reception } from "./coordination"

/** What became of asking for a call: granted under a number, or when to ask again at the latest (ms), or not today. */
export type Taken = { kind: "granted", id: string } | { kind: "wait", ms: number } | { kind: "spent" }

/** Knows whether one more call may be made; who is next is the line's concern. */
export interface CallGate {
  configure(rules: LimitRules): void
  /** Asks for one call in the name of an owner, such as a process. */
  take(owner: string): Promise<Taken>
  sent(id: string): void
  release(id: string, reception: Reception): void
  notePeriod(used: number, endsInMs: number): void
  use(): Promise<Omit<LimitUse, "waiting">>
  /** The owner is gone: what it has on the wire may go on for the rules' `lingerMs`. */
  abandon(owner: string): void
  /** Called back when there may be room before the time that `take` gave. */
  onRoom(listener: () => void): void
}
