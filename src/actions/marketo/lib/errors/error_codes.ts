import { MarketoError, MarketoErrorKind } from "./marketo_error"

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
/** Marketo, or its gateway, gave up over the call. */
const gaveUp: ErrorCode = { kind: "unavailable", maybeExecuted: true, maybeRunning: true }

/**
 * Marketo's response-level codes, which come with HTTP status 200 and `success: false`. Source: Marketo developer
 * guide, "Error Codes", https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes
 *
 * 6xx and 7xx mean that the request failed and was not executed. 604 and 611 are held to be uncertain all the same,
 * since a time-out or an unhandled exception can come after part of the work. 500 and 502 are as HTTP 500 and 502.
 *
 * A code that is not here is read by its family (see `meaningOf`):
 * - 7xx: a refusal of the call, and 1xxx: a refusal of the data, as everywhere in the families. Not executed. Of 1xxx a
 *   single record may be the cause, as the family is that of single records.
 * - 6xx: not executed, as the guide says of the whole family. What it means is open, so the call is repeated, whatever
 *   it does, and reported when that does not help.
 * - anything else, such as 503, 31337, a text or nothing: uncertain. It may come from anywhere, before or after the
 *   work. Calls that leave the same state are repeated; the others are reported as uncertain.
 */
export const ERROR_CODES: { [code: string]: ErrorCode | undefined } = {
  // Marketo itself says 601 with status 200; a gateway in front of it may refuse a token with status 401.
  401: refusedToken,
  500: gaveUp,
  502: gaveUp,
  600: refusedToken,
  601: refusedToken,
  602: refusedToken,
  603: { kind: "auth", advice: accessDeniedAdvice() },
  604: gaveUp,
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
  704: callProblem,
  709: callProblem,
  710: callProblem,
  711: callProblem,
  712: callProblem,
  713: later,
  714: callProblem,
  718: callProblem,
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
  1015: dataProblem,
  1016: later,
  1017: dataProblem,
  1018: callProblem,
  1019: { kind: "unavailable", advice: "An import into this list is running; try again when it is done." },
  1020: callProblem,
  1021: dataProblem,
  1022: dataProblem,
  1025: callProblem,
  1026: callProblem,
  1027: callProblem,
  1028: callProblem,
  1029: callProblem,
  1035: callProblem,
  1036: dataProblem,
  1037: dataProblem,
  1042: callProblem,
  1048: callProblem,
  1049: dataProblem,
  1076: callProblem,
  1077: callProblem,
  1078: callProblem,
  1079: callProblem,
  1080: callProblem,
}

const UNKNOWN_IN_6XX: ErrorCode = { kind: "unavailable" }
const UNKNOWN: ErrorCode = gaveUp

/** How a code is treated; one that is not in the table, by its family. */
export function meaningOf(code: string | undefined): ErrorCode {
  if (code === undefined) {
    return UNKNOWN
  }
  const known = Object.prototype.hasOwnProperty.call(ERROR_CODES, code) ? ERROR_CODES[code] : undefined
  return known ?? meaningOfFamily(code)
}

function meaningOfFamily(code: string): ErrorCode {
  if (/^6\d\d$/.test(code)) {
    return UNKNOWN_IN_6XX
  }
  return /^7\d\d$/.test(code) ? callProblem : /^1\d\d\d$/.test(code) ? dataProblem : UNKNOWN
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

/** Marketo's code for a path that it does not have. */
export const RESOURCE_NOT_FOUND = "610"

/** Marketo's code for an asset that is not there. */
export const NO_ASSET_FOUND = "702"

/** True for exactly Marketo's own refusal for a lacking permission, or for an address that is not let in (603). */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof MarketoError && error.origin === "marketo" && error.code === ACCESS_DENIED
}
