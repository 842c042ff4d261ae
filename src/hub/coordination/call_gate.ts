import type { LimitRules, LimitUse, Obstacle, Reception } from "./coordination"

/**
 * The outcome of asking for a call: granted under an id, wait at most `ms` before asking again since `limit` is
 * reached, or none left in the period.
 */
export type Taken = { kind: "granted", id: string } | { kind: "wait", ms: number, limit: Obstacle } | { kind: "spent" }

/** Decides whether one more call may be made. The line decides who is next. */
export interface CallGate {
  configure(rules: LimitRules): void
  /** Asks for one call on behalf of an owner, such as a process. */
  take(owner: string): Promise<Taken>
  sent(id: string): void
  release(id: string, reception: Reception): void
  notePeriod(used: number, endsInMs: number): void
  use(): Promise<Omit<LimitUse, "waiting">>
  /** Gives up an owner that is gone. Its calls on the wire may go on for the rules' `lingerMs`. */
  abandon(owner: string): void
  /** Calls `listener` when there may be room earlier than `take` said. */
  onRoom(listener: () => void): void
}
