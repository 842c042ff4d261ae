/*
 * What happens on each of Marketo's codes and on each HTTP status.
 *
 * Marketo's codes come with HTTP status 200 and `success: false`. Adobe's page about them:
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes
 * How long a call waits before it is repeated, and how often that happens: `quota/retry_policy.ts`.
 */
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"
import { MarketoError, MarketoErrorKind } from "./marketo_error"
import { accessDeniedAdvice } from "./permissions"

/** The meaning of a code or an HTTP status for a run. */
export interface ErrorMeaning {
  /** Marketo's meaning of a code, in words that go on from "error 606:". */
  says?: string
  kind: MarketoErrorKind
  /** True if the token, not the call, is at fault: a new token makes the same call pass. */
  tokenRefused?: boolean
  /** True if the call may have been executed in spite of the failure. */
  maybeExecuted?: boolean
  /** True if the call may still be running after the failure. */
  maybeRunning?: boolean
  /** True if too many calls were in progress at once, as opposed to too many in 20 seconds. */
  concurrency?: boolean
  /** True for maintenance, and for an import that must end first: both may take minutes. */
  mayTakeMinutes?: boolean
  /** True if a single record can be the cause, so the others may pass without it. */
  oneRecordMayCause?: boolean
  /** Said of a lead that was skipped for it, in place of Marketo's words: what is the matter, and what to do. */
  ofLead?: string
  /** What to mend; sentences for the person who reads the report. */
  advice?: string
  /** When the rows may be sent again, if nothing but time helps; sentences. */
  sendAgain?: string
}

/** One of Marketo's codes. */
export type ErrorCode = ErrorMeaning & { says: string }

/** Repeated at once with a new token, twice. The advice is for the case that new tokens are refused, too. */
const TOKEN_REFUSED: ErrorMeaning = {
  kind: "auth",
  tokenRefused: true,
  advice: "Marketo refuses even new tokens of this Client ID. Check that the URL and the Client ID in the action's " +
    "settings belong to the same instance, and the custom service under Admin > Integration > LaunchPoint in Marketo.",
}
/** Not executed. Repeated until there is room, and all calls to the instance slow down. */
const NO_ROOM: ErrorMeaning = {
  kind: "throttled",
  sendAgain: "Other integrations use up what this Marketo instance allows; send these rows again at a quieter time.",
}
/** Not executed. Repeated a few times. */
const PASSES: ErrorMeaning = { kind: "unavailable", sendAgain: "Send these rows again later." }
/** Not executed. Repeated for as long as a run has patience. */
const PASSES_IN_MINUTES: ErrorMeaning = { ...PASSES, mayTakeMinutes: true }
/** Not executed. Not repeated as it is, but in halves: a single record may be the cause. */
const DATA_REFUSED: ErrorMeaning = { kind: "rejected", oneRecordMayCause: true }
/** Not executed. Not repeated. */
const CALL_REFUSED: ErrorMeaning = { kind: "rejected" }
/**
 * Marketo, or its gateway, gave up over the call, which may have been executed or still be running. Repeated only if
 * it leaves the same state however often it runs, and otherwise reported as uncertain.
 */
const GAVE_UP: ErrorMeaning = { kind: "unavailable", maybeExecuted: true, maybeRunning: true }

/**
 * Marketo's codes. Adobe says of 6xx and 7xx that the request failed and was not executed. 604 and 611 are held to be
 * uncertain all the same, since a time-out or an unhandled exception can come after part of the work. 500 and 502 are
 * as HTTP 500 and 502.
 *
 * Most codes of single records (1xxx) come with the record and make Marketo skip it alone. What this table says of
 * them is for the cases in which they come with the whole call.
 */
export const ERROR_CODES: { [code: string]: ErrorCode | undefined } = {
  // Marketo itself says 601 with status 200; a gateway in front of it may refuse a token with status 401.
  401: { says: "unauthorized", ...TOKEN_REFUSED },
  500: { says: "a fault in the server", ...GAVE_UP },
  502: { says: "a gateway did not get an answer in time", ...GAVE_UP },

  600: { says: "the call has no token", ...TOKEN_REFUSED },
  601: { says: "the token is not valid", ...TOKEN_REFUSED },
  602: { says: "the token has expired", ...TOKEN_REFUSED },
  603: { says: "no permission, or an address that is not let in", kind: "auth", advice: accessDeniedAdvice() },
  604: { says: "the call took too long", ...GAVE_UP },
  605: { says: "the endpoint does not have this HTTP method", ...CALL_REFUSED },
  606: { says: "more than 100 calls in 20 seconds, whoever made them", ...NO_ROOM },
  607: { says: "the day's calls are used up", kind: "quota" },
  608: { says: "the API is not available at the moment", ...PASSES_IN_MINUTES },
  609: { says: "the body is not valid JSON", ...DATA_REFUSED },
  610: {
    says: "no such endpoint", ...CALL_REFUSED,
    advice: "Check the URL in the action's settings: it must be the REST endpoint of your own instance, " +
      `such as ${EXAMPLE_ENDPOINT}.`,
  },
  611: { says: "a fault in Marketo", kind: "unavailable", maybeExecuted: true, oneRecordMayCause: true },
  612: { says: "the content type is not accepted", ...CALL_REFUSED },
  613: { says: "the multipart body is not valid", ...CALL_REFUSED },
  614: {
    says: "the instance was not found or cannot be reached", kind: "unavailable",
    advice: "Check the URL in the action's settings: the instance was not found or cannot be reached.",
  },
  615: { says: "more than 10 calls at once, whoever made them", ...NO_ROOM, concurrency: true },
  616: { says: "the instance's subscription does not include this", ...CALL_REFUSED },

  701: { says: "a field must not be blank", ...CALL_REFUSED },
  702: { says: "no such asset", ...CALL_REFUSED },
  703: { says: "the feature is not switched on for this instance", ...CALL_REFUSED },
  704: { says: "the format of a date is not accepted", ...CALL_REFUSED },
  709: { says: "a rule of the asset forbids this, such as a name that is taken", ...CALL_REFUSED },
  710: { says: "the parent folder was not found", ...CALL_REFUSED },
  711: { says: "the folder is of another type", ...CALL_REFUSED },
  712: { says: "these leads cannot be merged", ...CALL_REFUSED },
  713: { says: "a passing fault", ...PASSES },
  714: { says: "the default record type was not found", ...CALL_REFUSED },
  718: { says: "the sales person was not found", ...CALL_REFUSED },
  719: { says: "the wait for a lock took too long", ...PASSES },

  1001: { says: "a value is of the wrong type", ...DATA_REFUSED },
  1002: { says: "a required value is missing", ...DATA_REFUSED },
  1003: { says: "a value is not valid", ...DATA_REFUSED },
  1004: {
    says: "the lead was not found", ...DATA_REFUSED,
    ofLead: "Marketo has no such lead that this API user can see. To create those that are missing, choose " +
      "\"Create new leads and update existing ones\" in the form.",
  },
  1005: {
    says: "the lead exists already", ...DATA_REFUSED,
    ofLead: "The lead is in Marketo already. To update those, choose \"Create new " +
      "leads and update existing ones\" in the form.",
  },
  1006: { says: "a field was not found", ...CALL_REFUSED },
  1007: {
    says: "several leads have the lookup value", ...DATA_REFUSED,
    ofLead: "Several leads in Marketo have the same lookup value. Merge them in Marketo, or choose in the " +
      "form, under More Options, what to do with such rows.",
  },
  1008: { says: "no access to the lead's partition", ...DATA_REFUSED },
  1009: { says: "a partition has to be named", ...CALL_REFUSED, advice: "Choose a lead partition in the form." },
  1010: {
    says: "the lead cannot move to another partition", ...DATA_REFUSED,
    ofLead: "The lead is in another lead partition than the one that was chosen. Choose its partition in the form; " +
      "or choose under Leads to Send to only update existing leads, wherever they are.",
  },
  1011: {
    says: "the field is not supported here", ...CALL_REFUSED,
    advice: "Choose a lookup field that Marketo can search by.",
  },
  1012: { says: "a cookie's value is not valid", ...DATA_REFUSED },
  1013: { says: "the object was not found", ...CALL_REFUSED },
  1014: { says: "the object could not be created", ...PASSES },
  1015: { says: "the lead is not in the list", ...DATA_REFUSED },
  1016: { says: "too many imports are in progress", ...PASSES_IN_MINUTES },
  1017: { says: "the object exists already", ...DATA_REFUSED },
  1018: { says: "a CRM is connected and keeps these records", ...CALL_REFUSED },
  1019: {
    says: "an import into the list is in progress", kind: "unavailable", mayTakeMinutes: true,
    sendAgain: "An import into this list is running; try again when it is done.",
  },
  1020: { says: "the program was cloned too often today", ...CALL_REFUSED },
  1021: { says: "company fields cannot be updated", ...DATA_REFUSED },
  1022: { says: "the object is in use", ...DATA_REFUSED },
  1025: { says: "the program has no such status", ...CALL_REFUSED },
  1026: { says: "custom objects are not switched on", ...CALL_REFUSED },
  1027: { says: "there are too many activity types", ...CALL_REFUSED },
  1028: { says: "there are too many fields", ...CALL_REFUSED },
  1029: { says: "too many jobs are queued, or the day's export is used up", ...CALL_REFUSED },
  1035: { says: "the filter is not supported", ...CALL_REFUSED },
  1036: { says: "the call has the object twice", ...DATA_REFUSED },
  1037: { says: "the lead is in or past the status already, or not in the program", ...DATA_REFUSED },
  1042: { says: "the run date is not valid", ...CALL_REFUSED },
  1048: { says: "a draft could not be discarded", ...CALL_REFUSED },
  1049: { says: "the activity could not be created", ...DATA_REFUSED },
  1076: { says: "a merge of leads cannot be done in the CRM", ...CALL_REFUSED },
  1077: { says: "a merge of leads failed at a field of the CRM", ...CALL_REFUSED },
  1078: { says: "a merge of leads failed: one is deleted, or not fit for it", ...CALL_REFUSED },
  1079: { says: "a merge of leads failed", ...CALL_REFUSED },
  1080: { says: "a merge has too many leads", ...CALL_REFUSED },
}

/**
 * Statuses of answers that are not in Marketo's envelope, and so are not Marketo's own. Those here were turned away
 * by a proxy, a firewall or a gateway before they reached Marketo's application: the call was not executed. All
 * others, 5xx and 408 among them, leave that open (see `meaningOfStatus`).
 * Sources: RFC 9110, 15.4 and 15.5, https://www.rfc-editor.org/rfc/rfc9110#section-15.5, and RFC 6585.
 */
const TURNED_AWAY = [400, 401, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 426, 429, 431, 451]

/** Statuses that mean more than that something else has answered. */
const HTTP_STATUSES: { [status: number]: ErrorMeaning | undefined } = {
  401: TOKEN_REFUSED,
  413: { kind: "tooLarge" },
  414: { kind: "tooLarge" },
  429: { kind: "throttled" },
}

/** Returns the meaning of the HTTP status of an answer that is not in Marketo's envelope. */
export function meaningOfStatus(status: number): ErrorMeaning {
  const isTurnedAway = status >= 300 && status < 400 || TURNED_AWAY.includes(status)
  return HTTP_STATUSES[status] ?? (isTurnedAway ? { kind: "unavailable" } : GAVE_UP)
}

/**
 * Returns the meaning of one of Marketo's codes; of one that is not in the table, that of its family:
 * - 7xx: a refusal of the call, and 1xxx: a refusal of the data, as everywhere in the families. Not executed.
 * - 6xx: not executed, as Adobe says of the whole family. The rest is open, so the call is repeated, whatever it does,
 *   and reported if that does not help.
 * - anything else, such as 503, 31337, a text or nothing: uncertain. It may come from anywhere, before or after the
 *   work. Calls that leave the same state are repeated; the others are reported as uncertain.
 */
export function meaningOf(code: string | undefined): ErrorMeaning {
  if (code === undefined) {
    return GAVE_UP
  }
  if (Object.prototype.hasOwnProperty.call(ERROR_CODES, code)) {
    return ERROR_CODES[code] ?? GAVE_UP
  }
  if (/^6\d\d$/.test(code)) {
    return { kind: "unavailable" }
  }
  return /^7\d\d$/.test(code) ? CALL_REFUSED : /^1\d\d\d$/.test(code) ? DATA_REFUSED : GAVE_UP
}

/** Returns a code's meaning in a few words of our own, which hold no data of a call. */
export function saysOf(code: string): string {
  const says = Object.prototype.hasOwnProperty.call(ERROR_CODES, code) ? ERROR_CODES[code]?.says : undefined
  return says ?? "Marketo refused it"
}

/** The codes that the action treats by name. */
export const UNAUTHORIZED = "401"
export const ACCESS_DENIED = "603"
export const TIMED_OUT = "604"
export const RESOURCE_NOT_FOUND = "610"
export const INSTANCE_NOT_FOUND = "614"
export const NO_ASSET_FOUND = "702"
export const NAME_TAKEN = "709"
export const LEAD_NOT_FOUND = "1004"
export const LEAD_ALREADY_EXISTS = "1005"
export const SEVERAL_LEADS_MATCH = "1007"
export const PARTITION_UPDATE_NOT_ALLOWED = "1010"
export const OBJECT_NOT_FOUND = "1013"
export const LEAD_NOT_IN_LIST = "1015"
export const ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM = "1037"

/** Returns true for exactly Marketo's own refusal for a lacking permission, or for an address that is not let in. */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof MarketoError && error.origin === "marketo" && error.code === ACCESS_DENIED
}
