import { MarketoError, MarketoErrorDetails, meaningOfStatus, UNAUTHORIZED } from "../errors"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"

/** Advice if somebody else answered. */
const WHAT_TO_CHECK = "Check the URL in the action's settings: it must be the REST endpoint of your own instance, " +
  `such as ${EXAMPLE_ENDPOINT}. If it is, ask your network's administrator what answers the hub in its place.`

/**
 * Returns the error for an answer that is not in Marketo's envelope, by its HTTP status alone: see `meaningOfStatus`.
 */
export function errorFromStatus(status: number, body: "json" | "text"): MarketoError {
  const { kind, advice, maybeExecuted, maybeRunning } = meaningOfStatus(status)
  const details: MarketoErrorDetails = { origin: "between", status, advice, maybeExecuted, maybeRunning }
  switch (kind) {
    case "auth":
      return new MarketoError(kind, `Marketo does not accept the access token (HTTP ${status}).`,
        { ...details, code: UNAUTHORIZED })
    case "tooLarge":
      return new MarketoError(kind, `Marketo refused the call because of its size (HTTP ${status}).`, details)
    case "throttled":
      return new MarketoError(kind, `Marketo asks for fewer calls (HTTP ${status}).`, details)
    default:
      return maybeExecuted === true ? uncertainError(status, body, details) : new MarketoError(kind, `HTTP ${status} ` +
        "came back in place of Marketo's answer: a proxy, a firewall or another server answered.",
      { ...details, advice: WHAT_TO_CHECK })
  }
}

function uncertainError(status: number, body: "json" | "text", details: MarketoErrorDetails): MarketoError {
  if (status >= 200 && status < 300) {
    const what = body === "json" ? "JSON, but not in Marketo's form" : "not JSON"
    const withStatus = status === 200 ? "" : ` (HTTP ${status})`
    return new MarketoError("unavailable", `Marketo gave an answer that is ${what}${withStatus}. If this lasts, a ` +
      "proxy, a firewall or another server answers in its place.", { ...details, advice: WHAT_TO_CHECK })
  }
  return new MarketoError("unavailable", `Marketo gave HTTP ${status}.`, details)
}
