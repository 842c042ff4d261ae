import {
  ACCESS_DENIED, accessDeniedAdvice, ErrorMeaning, MarketoError, MarketoErrorKind, MarketoProblem, meaningOf,
  Permission, problemsOf,
} from "../errors"
import { errorFromStatus } from "./error_from_status"
import { MarketoReply } from "./http"

/**
 * The error that a reply stands for, or undefined when the reply is a success.
 * The most severe of Marketo's complaints decides what happens next; the message carries them all. An answer that is
 * not in Marketo's envelope is not Marketo's, and is judged by its HTTP status alone. `permission` is what the call
 * needs, to be named when Marketo denies access.
 */
export function errorFromReply(reply: MarketoReply, permission?: Permission): MarketoError | undefined {
  switch (reply.kind) {
    case "notSent":
      return new MarketoError("unavailable", reply.explanation, {
        origin: "network", unsent: reply.isLasting ? "lasting" : "passing", advice: reply.advice, original: reply.cause,
      })
    case "lost":
      return new MarketoError("unavailable", reply.explanation, {
        origin: "network", maybeExecuted: true, maybeRunning: true, original: reply.cause,
      })
    case "unreadable":
      return errorFromStatus(reply.status, "text")
    case "answer":
      return isMarketos(reply.status, reply.body) ? errorFromAnswer(reply.body, permission) :
        errorFromStatus(reply.status, "json")
  }
}

interface Body {
  [member: string]: unknown
}

/**
 * True for Marketo's envelope, which comes with HTTP status 200, failures included. Gateways speak JSON, too, and some
 * imitate the envelope; theirs comes with another status. Source: "Error Codes".
 */
function isMarketos(status: number, body: Body): boolean {
  return status === 200 &&
    (typeof body.success === "boolean" || typeof body.requestId === "string" && Array.isArray(body.errors))
}

function errorFromAnswer(body: Body, permission: Permission | undefined): MarketoError | undefined {
  const problems = problemsOf(body.errors)
  if (body.success === true && problems.length === 0) {
    return undefined
  }
  const requestId = typeof body.requestId === "string" ? body.requestId : undefined
  if (problems.length === 0) {
    return new MarketoError("unavailable", "Marketo reported a failure without giving a reason.", {
      origin: "marketo", requestId, maybeExecuted: true, maybeRunning: true,
    })
  }
  const code = mostSevere(problems)
  const meaning = meaningOf(code)
  const text = problems.map((problem) => problem.message.trim()).filter((each) => each !== "").join("; ")
  const said = text === "" ? wordless(code, meaning) : text
  const advice = code === ACCESS_DENIED ? accessDeniedAdvice(permission) : meaning.advice
  // A success with errors contradicts itself: which of the two is true is open.
  const isContradiction = body.success === true
  const meanings = problems.map((problem) => meaningOf(problem.code))
  return new MarketoError(isContradiction && meaning.kind === "rejected" ? "unavailable" : meaning.kind, said, {
    origin: "marketo", code, said, advice, sendAgain: meaning.sendAgain, requestId,
    maybeExecuted: isContradiction || meanings.some((each) => each.maybeExecuted),
    maybeRunning: isContradiction || meanings.some((each) => each.maybeRunning),
  })
}

function wordless(code: string, { says }: ErrorMeaning): string {
  return `Marketo gave error ${code} without a text${says === undefined ? "" : ` (${says})`}`
}

/** From what ends a run to what passes by itself. */
const SEVERITY: MarketoErrorKind[] = ["quota", "auth", "rejected", "tooLarge", "unavailable", "throttled"]

/** The code that decides what happens next. */
function mostSevere(problems: MarketoProblem[]): string {
  const codes = problems.map((problem) => problem.code)
  return codes.reduce((worst, code) => severityOf(meaningOf(code)) < severityOf(meaningOf(worst)) ? code : worst)
}

/** Smaller is more severe. What leaves open whether the call was executed comes before what says that it was not. */
function severityOf(meaning: ErrorMeaning): number {
  return meaning.maybeExecuted === true ? SEVERITY.indexOf("auth") - 0.5 : SEVERITY.indexOf(meaning.kind)
}
