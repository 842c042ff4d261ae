/**
 * The words for runs that the hub has to answer for, because the action or its process cannot. Each says what happened,
 * what it means for the data, and what to do.
 */

/** What such a run is answered with. */
export interface UnansweredRun {
  success: false
  message: string
}

const DATA_MAY_BE_SENT = "Some of the data may have been sent already; nothing could be counted."

/** The process ended in mid-run. `how` is a clause such as "it was killed with signal SIGKILL". */
export function crashed(how: string): UnansweredRun {
  return failure(`The process that ran this action ended before it could report: ${how}. ` +
    `${DATA_MAY_BE_SENT} Check the destination, then send again.`)
}

/** The run did not react to being told to stop. */
export function overdue(why: string): UnansweredRun {
  return failure(`This run was ended: ${why}. It was told to stop, but did not report what it had done. ` +
    `${DATA_MAY_BE_SENT} Check the destination, then send the rest, in smaller parts if it was a large result.`)
}

/** The hub is going down, and the run had not begun. */
export function notBegun(): UnansweredRun {
  return failure("The hub is shutting down and did not start this run. Nothing was sent. Send again in a minute.")
}

/** The request holds something that can't cross over to another process. */
export function notSendable(why: string): UnansweredRun {
  return failure(`The request could not be handed to the process of the action: ${why}. Nothing was sent.`)
}

/** The process ended before it answered; `signal` names what ended it, if that is known. */
export function endedUnanswered(signal?: string): UnansweredRun {
  return failure("The action's process ended before it answered. Nothing is known about how far it got." +
    (signal === undefined ? "" : ` (${signal})`))
}

/** The process answered with something that is no response. */
export function answeredNonsense(): UnansweredRun {
  return failure("The action's process sent a reply that is no response.")
}

/** The action gave no answer at all. */
export function noAnswer(): UnansweredRun {
  return failure("The action ended without an answer.")
}

/** The action failed, and what it threw has no words. */
export function failedSilently(): UnansweredRun {
  return failure("The action failed without saying why.")
}

/** The hub is going down and takes no new runs. */
export function notAccepted(): UnansweredRun {
  return failure("The action hub is shutting down and starts no new runs. Send again in a minute.")
}

/** The hub went down, and the run in its own process had not reported by then. */
export function abandoned(): UnansweredRun {
  return failure("The action hub was shut down before the run could report. Part of the data may have been sent.")
}

/** The system lets this process open nothing more, neither files nor connections. */
export function outOfDescriptors(): UnansweredRun {
  return failure("The hub has run out of file descriptors: the system lets it open no more files or connections. " +
    "Send again in a minute, and have the hub's administrator raise its limit of open files if it goes on.")
}

/** Whether that is what an error is about. */
export function isOutOfDescriptors(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown }
  return code === "EMFILE" || code === "ENFILE"
}

/** The process ended while the request was being handed to it: the action has not begun. */
export function endedBeforeStart(how: string): UnansweredRun {
  return failure(`The process for this action ended before the action began: ${how}. Nothing was sent. Send again.`)
}

/** No execute process came up. */
export function noProcess(how: string): UnansweredRun {
  return failure(`The hub could not start a process for this action: ${how}. Nothing was sent. ` +
    "Send again, and tell the hub's administrator if it goes on: the hub's log has the details.")
}

export function timeLimitReason(timeLimitMs: number): string {
  return `it reached its time limit of ${duration(timeLimitMs)}`
}

export const SHUTDOWN_REASON = "the hub is shutting down"

/** What the end of a process means, as far as its exit code or signal can tell. */
export function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  // V8 aborts when the heap is full; a shell in between turns the signal into 128 + 6
  if (signal === "SIGABRT" || code === 134) {
    return "it aborted, most likely because it ran out of memory"
  }
  if (signal === "SIGKILL") {
    return "it was killed (SIGKILL), by somebody or by a system short of memory"
  }
  return signal === null ? `it exited with code ${code}` : `it was ended by the signal ${signal}`
}

export function duration(ms: number): string {
  const seconds = ms < 1000 ? ms / 1000 : Math.round(ms / 1000)
  const [amount, unit] = seconds >= 120 && seconds % 60 === 0 ? [seconds / 60, "minute"] : [seconds, "second"]
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`
}

function failure(message: string): UnansweredRun {
  return { success: false, message }
}
