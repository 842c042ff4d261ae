import { Pace } from "../configuration/limits"
import { INSTANCE_NOT_FOUND, MarketoError, meaningOf, TIMED_OUT } from "../errors"

/**
 * When a call may be sent again:
 * - `always`: reads, and calls that leave the same state however often they run (lists, programs, update only);
 * - `ifNotExecuted`: campaign requests, the creation of a list, and upserts that may create leads. They are repeated
 *   only if the failed attempt surely was not executed; any other failure is thrown at once to whoever made the call.
 *   A second campaign request sends people through the campaign twice, and two upserts of one new lookup value that
 *   overlap create two leads. Source: Marketo developer guide, "Leads", on duplicates.
 */
export type Repetition = "always" | "ifNotExecuted"

/** What to do after a failed attempt. */
export type RetryDecision = { kind: "retry", waitMs: number } | { kind: "giveUp" }

/** How far a call has come, for the decision on what happens next. The present failure is included. */
export interface CallProgress {
  /** Attempts that failed for a reason that is not merely passing. */
  failures: number
  /** Attempts in a row that failed for a passing reason: Marketo was too busy, in maintenance, or out of reach. */
  refusals: number
  /** Milliseconds since the first of these. */
  refusedForMs: number
  /** True if this process has reached the instance before. */
  wasReached: boolean
}

/** Attempts that fail before a call is given up, unless the reason is merely passing. */
export const MOST_FAILURES = 5

/** An instance that is not found is usually found again soon, or never. Source: "Error Codes", 614. */
const MOST_FAILURES_WITHOUT_INSTANCE = 3

/** Added to the server's time-out before an upsert counts as ended, as a part of it. */
const SAFETY_MARGIN = 0.05

const GIVE_UP: RetryDecision = { kind: "giveUp" }

/**
 * Decides whether a failed call is sent again, and after how long: exponential with full jitter, so that calls which
 * failed together do not come back together. `random` gives numbers from 0 to 1.
 */
export function decideRetry(
  error: MarketoError,
  repetition: Repetition,
  progress: CallProgress,
  pace: Pace,
  random: () => number = Math.random,
): RetryDecision {
  if (error.maybeExecuted && repetition === "ifNotExecuted") {
    return GIVE_UP
  }
  if (isPassing(error, progress.wasReached)) {
    return progress.refusedForMs < pace.patienceMs ?
      retryIn(backOff(progress.refusals, pace, random) / partOfBackOff(error)) : GIVE_UP
  }
  if (error.kind !== "unavailable") {
    return GIVE_UP
  }
  const most = error.code === INSTANCE_NOT_FOUND ? MOST_FAILURES_WITHOUT_INSTANCE : MOST_FAILURES
  return progress.failures >= most ? GIVE_UP : retryIn(backOff(progress.failures, pace, random))
}

/**
 * Returns true if Marketo was too busy, in maintenance, or could not be reached: that passes, and says nothing against
 * the call. What stands in the way lastingly, such as an unknown host name, a certificate that is not accepted or a
 * proxy that wants a password, is taken as passing only if this process has reached the instance before: otherwise a
 * setting is wrong as a rule, and people should hear of it at once.
 */
export function isPassing(error: MarketoError, wasReached: boolean): boolean {
  return error.kind === "throttled" || meaningOf(error.code).mayTakeMinutes === true ||
    error.unsent === "passing" || error.unsent === "lasting" && wasReached
}

/** How long after a lost answer an upsert may still be running in Marketo, in ms. */
export function longestUpsertMs(pace: Pace): number {
  return pace.syncServerTimeoutMs * (1 + SAFETY_MARGIN)
}

/** Returns true if one record may be what makes a whole call fail, so that smaller calls tell which. */
export function mayBeOneRecord(error: MarketoError): boolean {
  return error.kind === "tooLarge" || (meaningOf(error.code).oneRecordMayCause ?? false)
}

/** Returns true if Marketo ran out of time over a call, so that a smaller one may be finished. */
export function isTimedOut(error: MarketoError): boolean {
  return error.code === TIMED_OUT
}

/** How long to wait after so many failures: exponential with full jitter, in ms. */
export function backOff(failures: number, pace: Pace, random: () => number = Math.random): number {
  const ceiling = Math.min(pace.longestRetryMs, pace.firstRetryMs * Math.pow(2, failures - 1))
  // Never at once: an eighth of the ceiling is the least.
  return ceiling * (0.125 + 0.875 * random())
}

/** Room comes back by the second, and a try at a connection costs no call; maintenance takes its time. */
function partOfBackOff(error: MarketoError): number {
  return error.unsent !== undefined ? 4 : error.kind === "throttled" ? 2 : 1
}

function retryIn(waitMs: number): RetryDecision {
  return { kind: "retry", waitMs }
}
