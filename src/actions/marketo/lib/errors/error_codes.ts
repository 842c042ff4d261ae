import { MarketoErrorKind } from "./marketo_error"

/** How a run treats one of Marketo's response-level codes. */
export interface ErrorCode {
  kind: MarketoErrorKind
  /** True when the token, not the call, is at fault: a new token makes the same call pass. */
  tokenRefused?: boolean
  /** True when the call may have been done although this code came back. */
  maybeExecuted?: boolean
  /** True when the call may still be running after this code came back. */
  maybeRunning?: boolean
  /** True when too many calls were in progress at once, as opposed to too many in 20 seconds. */
  concurrency?: boolean
  /** True when a single record can be the cause, so that the others may pass without it. */
  oneRecordMayCause?: boolean
  /** What to do about it, for the person who reads the report. */
  advice?: string
}

/** Told only when new tokens did not help. */
const refusedToken: ErrorCode = {
  kind: "auth",
  tokenRefused: true,
  advice: "Marketo refuses even new tokens of this Client ID. Check that the URL and the Client ID in the action's " +
    "settings belong to the same instance, and the custom service under Admin > Integration > LaunchPoint in Marketo.",
}
const busy: ErrorCode = {
  kind: "throttled",
  advice: "Other integrations use up what this Marketo instance allows; send these rows again at a quieter time.",
}
const later: ErrorCode = { kind: "unavailable", advice: "Send these rows again later." }
const dataProblem: ErrorCode = { kind: "rejected", oneRecordMayCause: true }
const callProblem: ErrorCode = { kind: "rejected" }

/**
 * Marketo's response-level codes. Source: Marketo developer guide, "Error Codes": 6xx and 7xx mean that the request
 * failed and was not executed; 604 and 611 are held to be uncertain all the same, since a time-out or an unhandled
 * exception can come after part of the work. A code that is not here is reported, never retried: a person reads it.
 */
export const ERROR_CODES: { [code: string]: ErrorCode | undefined } = {
  // Marketo itself says 601 with status 200; a gateway in front of it may refuse a token with status 401.
  401: refusedToken,
  600: refusedToken,
  601: refusedToken,
  602: refusedToken,
  603: { kind: "auth", advice: accessDeniedAdvice() },
  604: { kind: "unavailable", maybeExecuted: true, maybeRunning: true },
  605: callProblem,
  606: busy,
  607: { kind: "quota" },
  608: later,
  609: dataProblem,
  610: {
    ...callProblem,
    advice: "Check the URL in the action's settings: it must be the REST endpoint of your own instance, " +
      "such as https://123-ABC-456.mktorest.com.",
  },
  611: { kind: "unavailable", maybeExecuted: true, oneRecordMayCause: true },
  612: callProblem,
  613: callProblem,
  614: {
    kind: "unavailable",
    advice: "Check the URL in the action's settings: the instance was not found or cannot be reached.",
  },
  615: { ...busy, concurrency: true },
  616: callProblem,
  701: callProblem,
  702: callProblem,
  703: callProblem,
  709: callProblem,
  710: callProblem,
  711: callProblem,
  713: later,
  719: later,
  1001: dataProblem,
  1002: dataProblem,
  1003: dataProblem,
  1004: dataProblem,
  1005: dataProblem,
  1006: callProblem,
  1007: dataProblem,
  1008: dataProblem,
  1009: { ...callProblem, advice: "Choose a lead partition in the form." },
  1010: dataProblem,
  1011: { ...callProblem, advice: "Choose a lookup field that Marketo can search by." },
  1012: dataProblem,
  1013: callProblem,
  1014: later,
  1016: later,
  1018: callProblem,
  1019: { kind: "unavailable", advice: "An import into this list is running; try again when it is done." },
  1021: dataProblem,
  1025: callProblem,
}

/** Marketo's code for an instance that was not found, or cannot be reached. */
export const INSTANCE_NOT_FOUND = "614"

/** Marketo's code for a lacking permission, and for an address that is not let in. */
export const ACCESS_DENIED = "603"

/** What to do when Marketo denies access to a call that needs this permission. */
export function accessDeniedAdvice(permission?: string): string {
  const lack = permission === undefined ?
    "a permission (Read-Write Lead, Execute Campaign and Read-Only Assets are needed)" : `the permission ${permission}`
  return `The API user of this Marketo service lacks ${lack}, or this hub's address is not on the instance's IP ` +
    "allow list. Ask your Marketo administrator."
}

/** The record-level codes that mean "already as wanted", by what was asked for. */
export const LEAD_NOT_IN_LIST = "1015"
export const ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM = "1037"
export const LEAD_NOT_FOUND = "1004"
export const LEAD_ALREADY_EXISTS = "1005"
export const OBJECT_NOT_FOUND = "1013"
