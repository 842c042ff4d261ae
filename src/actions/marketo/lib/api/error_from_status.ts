import { MarketoError, meaningOf } from "../errors"

/** What to check when somebody else answered. */
const WHAT_TO_CHECK = "Check the URL in the action's settings: it must be the REST endpoint of your own instance, " +
  "such as https://123-ABC-456.mktorest.com. If it is, ask your network's administrator what answers the hub in its " +
  "place."

/**
 * Statuses with which a proxy, a firewall or a gateway turns a call away before it reaches Marketo's application: it
 * was not executed. Redirects (3xx) are no other. Source: RFC 9110, 15.4 and 15.5; RFC 6585.
 */
const TURNED_AWAY = [400, 401, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 426, 429, 431, 451]

/**
 * The error for an answer that is not in Marketo's envelope, by its HTTP status alone. 5xx, 408, a success that is not
 * Marketo's, and all that is not known to turn calls away, leave open whether the call was executed: the gateway may
 * have passed it on.
 */
export function errorFromStatus(status: number, body: "json" | "text"): MarketoError {
  if (status === 401) {
    const message = `Marketo does not accept the access token (HTTP 401). ${meaningOf("401").advice ?? ""}`
    return new MarketoError("auth", message, { origin: "between", code: "401" })
  }
  if (status === 413 || status === 414) {
    const message = `Marketo refused the call because of its size (HTTP ${status}).`
    return new MarketoError("tooLarge", message, { origin: "between" })
  }
  if (status === 429) {
    return new MarketoError("throttled", "Marketo asks for fewer calls (HTTP 429).", { origin: "between" })
  }
  if (!isUncertainStatus(status)) {
    return new MarketoError("unavailable", `HTTP ${status} came back in place of Marketo's answer: a proxy, a ` +
      `firewall or another server answered. ${WHAT_TO_CHECK}`, { origin: "between" })
  }
  return new MarketoError("unavailable", uncertainMessage(status, body), {
    origin: "between", maybeExecuted: true, maybeRunning: true,
  })
}

/** True when an answer with this status leaves open whether Marketo executed the call. */
function isUncertainStatus(status: number): boolean {
  return !(status >= 300 && status < 400) && !TURNED_AWAY.includes(status)
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
