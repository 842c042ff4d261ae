import { MarketoError, meaningOfStatus, UNAUTHORIZED } from "../errors"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"

/** What to check when somebody else answered. */
const WHAT_TO_CHECK = "Check the URL in the action's settings: it must be the REST endpoint of your own instance, " +
  `such as ${EXAMPLE_ENDPOINT}. If it is, ask your network's administrator what answers the hub in its place.`

/**
 * Returns the error for an answer that is not in Marketo's envelope, by its HTTP status alone: see `meaningOfStatus`.
 */
export function errorFromStatus(status: number, body: "json" | "text"): MarketoError {
  const { kind, advice, maybeExecuted, maybeRunning } = meaningOfStatus(status)
  switch (kind) {
    case "auth":
      return new MarketoError(kind, `Marketo does not accept the access token (HTTP ${status}). ${advice ?? ""}`, {
        origin: "between", code: UNAUTHORIZED,
      })
    case "tooLarge":
      return new MarketoError(kind, `Marketo refused the call because of its size (HTTP ${status}).`, {
        origin: "between",
      })
    case "throttled":
      return new MarketoError(kind, `Marketo asks for fewer calls (HTTP ${status}).`, { origin: "between" })
    default:
      return new MarketoError(kind, maybeExecuted === true ? uncertainMessage(status, body) :
        `HTTP ${status} came back in place of Marketo's answer: a proxy, a firewall or another server answered. ` +
          WHAT_TO_CHECK, { origin: "between", maybeExecuted, maybeRunning })
  }
}

function uncertainMessage(status: number, body: "json" | "text"): string {
  if (status >= 200 && status < 300) {
    const what = body === "json" ? "JSON, but not in Marketo's form" : "not JSON"
    const withStatus = status === 200 ? "" : ` (HTTP ${status})`
    return `Marketo gave an answer that is ${what}${withStatus}. If this lasts, a proxy, a firewall or another ` +
      `server answers in its place. ${WHAT_TO_CHECK}`
  }
  return `Marketo gave HTTP ${status}.`
}
