import { MarketoReply } from "../marketo_http"
import { MarketoProblem } from "../marketo_types"
import { ACCESS_DENIED, accessDeniedAdvice, ERROR_CODES, ErrorCode } from "./error_codes"
import { MarketoError, MarketoErrorKind } from "./marketo_error"

const UNKNOWN_CODE: ErrorCode = { kind: "rejected" }

/** The complaints of an answer, read leniently: codes come as strings or numbers. */
export function problemsOf(value: unknown): MarketoProblem[] {
  if (!Array.isArray(value)) {
    return []
  }
  return value
    .filter((entry: unknown): entry is object => typeof entry === "object" && entry !== null)
    .map((entry: { code?: unknown, message?: unknown }) => ({
      code: textOf(entry.code),
      message: textOf(entry.message),
    }))
}

/** How a code is treated; a code that Marketo has not told us of is a plain refusal. */
export function meaningOf(code: string | undefined): ErrorCode {
  return (code !== undefined && Object.keys(ERROR_CODES).includes(code) ? ERROR_CODES[code] : undefined) ?? UNKNOWN_CODE
}

/**
 * The error that a reply stands for, or undefined when the reply is a success.
 * The most severe of Marketo's complaints decides what happens next; the message carries them all. `permission` is what
 * the call needs, to be named when Marketo denies access.
 */
export function errorFromReply(reply: MarketoReply, permission?: string): MarketoError | undefined {
  switch (reply.kind) {
    case "notSent":
      return new MarketoError("unavailable", reply.explanation, { origin: "network", original: reply.cause })
    case "lost":
      return new MarketoError("unavailable", reply.explanation, {
        origin: "network", maybeExecuted: true, maybeRunning: true, original: reply.cause,
      })
    case "unreadable":
      return errorFromStatus(reply.status)
    case "answer":
      // Marketo's own failures come with status 200; a gateway in front of it may speak JSON, too.
      return reply.status >= 300 && !problemsOf(reply.body.errors).some(isKnown) ?
        errorFromStatus(reply.status) : errorFromAnswer(reply.body, permission)
  }
}

function isKnown(problem: MarketoProblem): boolean {
  return meaningOf(problem.code) !== UNKNOWN_CODE
}

function errorFromStatus(status: number): MarketoError {
  if (status === 401) {
    const message = `Marketo does not accept the access token (HTTP 401). ${meaningOf("401").advice ?? ""}`
    return new MarketoError("auth", message, { origin: "between", code: "401" })
  }
  if (status === 413 || status === 414) {
    return new MarketoError(
      "tooLarge", `Marketo refused the call because of its size (HTTP ${status}).`, { origin: "between" })
  }
  if (status === 429) {
    return new MarketoError("throttled", "Marketo asks for fewer calls (HTTP 429).", { origin: "between" })
  }
  if (status === 200 || status === 408 || status >= 500) {
    const what = status === 200 ? "an answer that is not JSON" : `HTTP ${status}`
    return new MarketoError("unavailable", `Marketo gave ${what}.`,
      { origin: "between", maybeExecuted: true, maybeRunning: true })
  }
  const message = `Marketo answered with HTTP ${status}. Check the URL in the action's settings: it must be the REST ` +
    "endpoint of your own instance, such as https://123-ABC-456.mktorest.com."
  return new MarketoError("rejected", message, { origin: "between" })
}

function errorFromAnswer(
  body: { [member: string]: unknown }, permission: string | undefined,
): MarketoError | undefined {
  if (body.success === true) {
    return undefined
  }
  const requestId = typeof body.requestId === "string" ? body.requestId : undefined
  const problems = problemsOf(body.errors)
  if (problems.length === 0) {
    return new MarketoError("unavailable", "Marketo reported a failure without giving a reason.", {
      origin: "marketo", requestId, maybeExecuted: true, maybeRunning: true,
    })
  }
  const code = mostSevere(problems)
  const meaning = meaningOf(code)
  const text = problems.map((problem) => problem.message.trim()).filter((each) => each !== "").join("; ")
  const said = text === "" ? `Marketo gave error ${code} without a text` : text
  const advice = code === ACCESS_DENIED ? accessDeniedAdvice(permission) : meaning.advice
  const message = advice === undefined ? said : `${sentence(said)} ${advice}`
  return new MarketoError(meaning.kind, message, {
    origin: "marketo", code, said, requestId, maybeExecuted: meaning.maybeExecuted, maybeRunning: meaning.maybeRunning,
  })
}

/** True for exactly Marketo's own refusal for a lacking permission, or for an address that is not let in (603). */
export function isAccessDenied(error: unknown): boolean {
  return error instanceof MarketoError && error.origin === "marketo" && error.code === ACCESS_DENIED
}

/** The text with one full stop at its end. */
export function sentence(text: string): string {
  return `${text.replace(/[.;,:\s]+$/, "")}${/[!?]\s*$/.test(text) ? "" : "."}`
}

/** From what ends a run to what passes by itself. */
const SEVERITY: MarketoErrorKind[] = ["quota", "auth", "rejected", "tooLarge", "unavailable", "throttled"]

/** The code that decides what happens next. */
function mostSevere(problems: MarketoProblem[]): string {
  const codes = problems.map((problem) => problem.code)
  return codes.reduce((worst, code) =>
    SEVERITY.indexOf(meaningOf(code).kind) < SEVERITY.indexOf(meaningOf(worst).kind) ? code : worst)
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : ""
}
