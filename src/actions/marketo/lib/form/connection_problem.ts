import { ACCESS_DENIED, INSTANCE_NOT_FOUND, MarketoError } from "../errors"
import { minutesUntilReset } from "../stopping/stop_reasons"
import { amount } from "../words/amounts"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"
import { sentence } from "../words/sentence"

/** Ends every problem that somebody has to solve: the schedules that are there must stay editable. */
const FORM_STILL_WORKS = "Until then nothing can be sent; this form can still be filled in and saved, with field " +
  "names and IDs typed by hand."

/** The same if only the moment is bad. */
const FORM_WORKS_NOW = "This form can be filled in and saved all the same, with field names and IDs typed by hand."

/** Returns what to say of settings that cannot work; `message` explains why, in sentences. */
export function settingsProblem(message: string): string {
  return `${message} ${FORM_STILL_WORKS}`
}

/**
 * Returns what to say if no answer came before the form had to be shown. `lastFailure` is that of the latest call,
 * which may be under way again.
 */
export function silenceProblem(host: string, lastFailure: MarketoError | undefined): string {
  if (lastFailure !== undefined &&
    (lastFailure.kind === "throttled" || lastFailure.code === INSTANCE_NOT_FOUND || isOfSomebodyElse(lastFailure))) {
    return connectionProblem(lastFailure, host)
  }
  const reason = lastFailure === undefined ? "" : ` (${lastFailure.reason.replace(/\.$/, "")})`
  return `Marketo at ${host} did not answer in time${reason}, so names are missing here. ` +
    `It may be slow or busy: open the form again in a minute. ${FORM_WORKS_NOW}`
}

/** Returns what is wrong with the connection and what to do about it, in sentences. */
export function connectionProblem(error: MarketoError, host: string): string {
  switch (isOfSomebodyElse(error) ? "rejected" : error.kind) {
    case "settings":
      return settingsProblem(error.message)
    case "auth":
      return settingsProblem(accessProblem(error, host))
    case "quota":
      return `No API calls are left today: ${sentence(error.message)} Names are missing here until new ones come at ` +
        `midnight US Central time, in about ${amount(hoursUntilReset(), "hour")}. ${FORM_WORKS_NOW}`
    case "throttled":
      return `Marketo at ${host} is busy with the calls of other integrations. Open the form again in a minute. ` +
        FORM_WORKS_NOW
    case "unavailable": {
      const { reason, advice } = error
      // When rows may be sent again is of no use to a form.
      return [
        sentence(reason), ...(advice === undefined ? [] : [advice]),
        `If this lasts, check ${advice === undefined ? "the URL in the action's settings, and " : ""}that the hub's ` +
          `network lets it reach ${host}.`,
        FORM_WORKS_NOW,
      ].join(" ")
    }
    default:
      return settingsProblem(`${host} does not answer as a Marketo instance does (${answerOf(error)}). Check the URL ` +
        "in the action's settings: it must be your instance's REST endpoint, which you find in Marketo under Admin > " +
        `Integration > Web Services; it looks like ${EXAMPLE_ENDPOINT}.`)
  }
}

/** Returns true if something that is not Marketo turned the call away. */
function isOfSomebodyElse(error: MarketoError): boolean {
  return error.kind === "unavailable" && error.origin === "between" && !error.maybeExecuted
}

function accessProblem(error: MarketoError, host: string): string {
  switch (error.code) {
    case undefined:
      return sentence(error.message)
    case ACCESS_DENIED:
      // The usage call needs no permission, so a lacking one is not the reason.
      return `Marketo at ${host} refuses calls from this hub (code ${error.code}: access denied). Most likely the ` +
        "instance lets in listed IP addresses only, and this hub's is not among them: ask your Marketo " +
        "administrator to add it under Admin > Integration > Web Services > IP Restrictions. Otherwise the API " +
        "user's role has no API permissions at all."
    default:
      return `Marketo at ${host} does not accept the token that it gave out itself (code ${error.code}). Check ` +
        "under Admin > Integration > LaunchPoint in Marketo that the custom service and its API user are active."
  }
}

function answerOf({ code, status }: MarketoError): string {
  return code !== undefined ? `code ${code}` : status !== undefined ? `HTTP ${status}` : "an unknown answer"
}

function hoursUntilReset(): number {
  return Math.ceil(minutesUntilReset(new Date()) / 60)
}
