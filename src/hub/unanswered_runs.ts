import { duration } from "./durations"
import { lastKnown } from "./last_known"
import type { RunProgress } from "./run_account"

/**
 * The words for runs that the hub has to answer for, because the action or its process cannot. Each text says what
 * happened, what it means for the data, and what to do.
 */

/** The answer to such a run. */
export interface UnansweredRun {
  success: false
  message: string
}

/**
 * Answers for a process that ended in the middle of the run. `how` is a clause such as "it was killed with signal
 * SIGKILL". `progress`: how far it was when that was last told. `heldMs`: how long records that were on their way stay
 * held, so that no other run sends them; 0 if none is.
 */
export function crashed(how: string, progress?: RunProgress, heldMs = 0): UnansweredRun {
  const held = heldMs === 0 ? "" : " Records that were on their way may still arrive during the next " +
    `${duration(heldMs)}; until then a new run waits with those, so that none is sent twice at the same time.`
  return failure(`The process that ran this action ended before it could report: ${how}. ` +
    `${lastKnown(progress)} Check the destination, then send again.${held}`)
}

/** Answers for a run that did not react to the stop signal. `progress`: as for {@link crashed}. */
export function overdue(why: string, progress?: RunProgress): UnansweredRun {
  return failure(`This run was ended: ${why}. It was told to stop, but did not report what it had done. ` +
    `${lastKnown(progress)} Check the destination, then send the rest, in smaller parts if it was a large result.`)
}

/** Returns the line of such an answer that says which rows were told of until then. */
export function reportUntilThen(link: string): string {
  return `\nRows that were not applied as they stand, as far as they were told of: ${link}`
}

/** Answers for a run that had not begun when the hub went down. */
export function notBegun(): UnansweredRun {
  return failure("The hub is shutting down and did not start this run. Nothing was sent. Send again in a minute.")
}

/** Answers for a request that contains something another process cannot receive. */
export function notSendable(why: string): UnansweredRun {
  return failure(`The request could not be handed to the process of the action: ${why}. Nothing was sent.`)
}

/** Answers for a process that ended without an answer; `signal` names what ended it, if known. */
export function endedUnanswered(signal?: string): UnansweredRun {
  return failure("The action's process ended before it answered. Nothing is known about how far it got." +
    (signal === undefined ? "" : ` (${signal})`))
}

/** Answers for a process whose answer is no response. */
export function answeredNonsense(): UnansweredRun {
  return failure("The action's process sent a reply that is no response.")
}

/** Answers for an action that returned nothing. */
export function noAnswer(): UnansweredRun {
  return failure("The action ended without an answer.")
}

/** Answers for an action that threw something without words. */
export function failedSilently(): UnansweredRun {
  return failure("The action failed without saying why.")
}

/** Answers for a hub that is going down and takes no new runs. */
export function notAccepted(): UnansweredRun {
  return failure("The action hub is shutting down and starts no new runs. Send again in a minute.")
}

/** Answers for a run in the hub's process that had not reported when the hub went down. */
export function abandoned(progress?: RunProgress): UnansweredRun {
  return failure("The action hub was shut down before the run could report. " +
    `${lastKnown(progress)} Check the destination, then send again.`)
}

/** Answers for a process that the system lets open nothing more, neither files nor connections. */
export function outOfDescriptors(): UnansweredRun {
  return failure("The hub has run out of file descriptors: the system lets it open no more files or connections. " +
    "Send again in a minute, and have the hub's administrator raise its limit of open files if it goes on.")
}

/** Returns true if an error reports that the system has no more file descriptors. */
export function isOutOfDescriptors(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown }
  return code === "EMFILE" || code === "ENFILE"
}

/** Answers for a process that ended while it was receiving the request, before the action began. */
export function endedBeforeStart(how: string): UnansweredRun {
  return failure(`The process for this action ended before the action began: ${how}. Nothing was sent. Send again.`)
}

/** Answers for a hub in which no execute process came up. */
export function noProcess(how: string): UnansweredRun {
  return failure(`The hub could not start a process for this action: ${how}. Nothing was sent. ` +
    "Send again, and tell the hub's administrator if it goes on: the hub's log has the details.")
}

export function timeLimitReason(timeLimitMs: number): string {
  return `it reached its time limit of ${duration(timeLimitMs)}`
}

export const SHUTDOWN_REASON = "the hub is shutting down"

/** The kind of a process's end that nobody in the hub has asked for. */
export type UnaskedEnd = "out_of_memory" | "killed" | "exited"

/** Returns the kind of a process's end, as far as its exit code or signal shows. */
export function kindOfEnd(code: number | null, signal: NodeJS.Signals | null): UnaskedEnd {
  // V8 aborts when the heap is full; a shell in between turns the signal into 128 + 6
  return signal === "SIGABRT" || code === 134 ? "out_of_memory" : signal === null ? "exited" : "killed"
}

/** Explains the end of a process, as far as its exit code or signal shows. */
export function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (kindOfEnd(code, signal) === "out_of_memory") {
    return "it aborted, most likely because it ran out of memory"
  }
  if (signal === "SIGKILL") {
    return "it was killed (SIGKILL), by somebody or by a system short of memory"
  }
  return signal === null ? `it exited with code ${code}` : `it was ended by the signal ${signal}`
}

function failure(message: string): UnansweredRun {
  return { success: false, message }
}
