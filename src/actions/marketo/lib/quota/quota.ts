import { RunControl } from "../stopping/run_control"

/** How Marketo received a call, as far as the quota is concerned. */
export type CallReception = "accepted" | "rateLimited" | "concurrencyLimited" | "notSent"

/**
 * The things that a call can wait for: the calls in a window, the calls at once, its turn and the answer to the
 * question for it, and the end of a pause after Marketo's refusal.
 */
export const QUOTA_WAITS = ["rate", "concurrency", "turn", "refused"] as const
export type QuotaWait = typeof QUOTA_WAITS[number]

/** The right to make one call; give it back with how the call was received. */
export interface CallPermit {
  /** The limit that kept the call waiting last; undefined if none did. */
  readonly waitedFor?: QuotaWait
  /** To be called when the request has left this machine: a busy process may be late, and Marketo counts arrivals. */
  sent(): void
  release(reception: CallReception): void
}

/** The calls that may be made to one Marketo instance, limited in any 20 seconds and at once. */
export interface Quota {
  /** Calls in any window if nobody else uses the instance. */
  readonly callsPerWindow: number
  /** Calls on the wire at once, likewise. */
  readonly concurrentCalls: number
  /** Returns how many calls of a run wait for their turn. */
  waitingOf(run: RunControl): number
  /**
   * Resolves when the run may make one call. A call that others of the same run build upon goes before those that wait
   * already. Rejects with RunStoppedError if the run stops first, and with MarketoError (`quota`) if none of the day's
   * calls is left.
   */
  acquire(run: RunControl, goesFirst?: boolean): Promise<CallPermit>
}
