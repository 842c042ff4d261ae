import { Pace } from "../configuration/limits"
import { MINUTE_MS, SECOND_MS } from "../configuration/time_units"
import { MarketoError } from "../errors"
import { amount } from "../words/amounts"
import { sentence } from "../words/sentence"
import { StopReason } from "./run_control"

const MINUTES_A_DAY = 24 * 60

/** Marketo's day ends at midnight in this zone. Source: Marketo developer guide, "Integration Best Practices". */
const MARKETO_TIME_ZONE = "America/Chicago"

/** The day's calls are used up: nothing more can be sent today, but the rows can still be counted. */
export function quotaSpent(error: MarketoError, now: Date = new Date()): StopReason {
  return {
    category: "quota", readOn: true,
    message: `${quotaReturns(error, now)} Send what was not sent again then.`,
  }
}

/** Marketo's words for a spent quota, and when there are calls again; sentences. */
export function quotaReturns(error: MarketoError, now: Date = new Date()): string {
  const minutes = minutesUntilReset(now)
  const hours = Math.floor(minutes / 60)
  const span = hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`
  const resetAt = new Date(now.getTime() + minutes * MINUTE_MS).toISOString().slice(0, 16).replace("T", " ")
  return `${sentence(error.message)} Marketo takes calls again after midnight US Central time, in about ${span} ` +
    `(${resetAt} UTC).`
}

/** The credentials, or the permissions of the API user, do not let the run go on. */
export function accessRefused(error: MarketoError): StopReason {
  return { category: "access", readOn: true, message: sentence(error.message) }
}

/** The list that leads are to be added to is not there, and could not be made. */
export function listMissing(error: MarketoError): StopReason {
  return {
    category: "settings",
    readOn: true,
    message: "No lead was sent, since the list to add them to could not be found or created: " +
      sentence(error.message),
  }
}

/** Several calls in a row came to nothing, repetitions included. */
export function marketoUnavailable(error: MarketoError): StopReason {
  return {
    category: "marketo",
    readOn: true,
    message: `${sentence(error.message)} The run was ended after several attempts; send the rows that were not sent ` +
      "again when Marketo can be reached.",
  }
}

/** Several batches in a row were refused as a whole, in the same way. */
export function refusedRepeatedly(error: MarketoError): StopReason {
  return {
    category: "marketo",
    readOn: true,
    message: `${sentence(error.message)} The run was ended, since several calls in a row were refused like that and ` +
      "the others would have been, too. Remove the cause, then send the rows that failed or were not sent again.",
  }
}

/** Too much would have been cleared, or it could not be seen whether it would be. The report has the details. */
export function clearingNotAllowed(category: StopReason["category"]): StopReason {
  return {
    category, readOn: true,
    message: "Nothing was written, so that no values are cleared by mistake.",
  }
}

/** Nobody could be asked what other processes or hubs are sending. `message` explains why, in sentences. */
export function coordinationLost(message: string): StopReason {
  return {
    category: "hub", readOn: true,
    message: `${sentence(message)} Send what was not sent again when that is mended.`,
  }
}

/** The hub wants the run to end: its time limit is over, or it is being shut down. */
export function endedByHub(): StopReason {
  return { category: "hub", readOn: false, message: "The hub had to end the run before it was complete." }
}

/** The run ends by itself before a hub that gives no warning would cut it off. */
export function outOfTime(pace: Pace): StopReason {
  return {
    category: "hub",
    readOn: false,
    message: `The run was ended after ${Math.round(pace.runLimitMs / MINUTE_MS)} minutes, before the hub cuts it off.`,
  }
}

/** Somebody has waited long enough. `obstacle` goes on from "waits for"; undefined if it is not known. */
export function waitedTooLong(obstacle: string | undefined, pace: Pace): StopReason {
  const time = amount(Math.ceil(pace.dialogMs / SECOND_MS), "second")
  return {
    category: "marketo",
    readOn: false,
    message: `This was given up after ${time}, when ` + (obstacle === undefined ? "Marketo had not answered yet" :
      `it still waited for ${obstacle}`) + ". Try again later.",
  }
}

/** The run has been answered: whatever still waits in its name has nobody to wait for. */
export function runIsOver(): StopReason {
  return { category: "hub", readOn: false, message: "The run is over." }
}

/** Something went wrong in the action itself. */
export function unexpectedFailure(): StopReason {
  return { category: "hub", readOn: true, message: "The run was ended by an unexpected error." }
}

/** Minutes until the next midnight in Marketo's time zone; on days with a clock change, an hour off at most. */
export function minutesUntilReset(now: Date): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: MARKETO_TIME_ZONE, hour: "2-digit", minute: "2-digit", hour12: false,
  }).formatToParts(now)
  const part = (type: string) => Number((parts.find((each) => each.type === type) ?? { value: "0" }).value)
  return MINUTES_A_DAY - (part("hour") % 24 * 60 + part("minute"))
}
