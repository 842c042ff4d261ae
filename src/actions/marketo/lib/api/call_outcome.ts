import {
  ACCESS_DENIED, accessDeniedAdvice, ErrorMeaning, MarketoError, MarketoErrorKind, MarketoProblem, meaningOf,
  Permission, problemsOf,
} from "../errors"
import { errorFromStatus } from "./error_from_status"
import { MarketoReply } from "./http"
import { Envelope } from "./types"

/** What came of one attempt of a call. */
export type CallOutcome<T> = { kind: "success", envelope: Envelope<T> } | { kind: "failure", error: MarketoError }

/**
 * Returns what a reply stands for; nothing else in this folder judges one.
 * The most severe of Marketo's complaints decides what happens next; the message carries them all. An answer that is
 * not in Marketo's envelope is not Marketo's, and is judged by its HTTP status alone. `permission` is what the call
 * needs, to be named when Marketo denies access.
 */
export function outcomeOf<T>(reply: MarketoReply, permission?: Permission): CallOutcome<T> {
  switch (reply.kind) {
    case "notSent":
      return failure("unavailable", reply.explanation, {
        origin: "network", unsent: reply.isLasting ? "lasting" : "passing", advice: reply.advice, original: reply.cause,
      })
    case "lost":
      return failure("unavailable", reply.explanation, {
        origin: "network", maybeExecuted: true, maybeRunning: true, original: reply.cause,
      })
    case "file":
      return { kind: "success", envelope: { requestId: "", success: true, result: [reply.text as unknown as T] } }
    case "unreadable":
      return { kind: "failure", error: errorFromStatus(reply.status, "text") }
    case "answer":
      return isMarketos(reply) ? outcomeOfAnswer(reply.body, permission) :
        { kind: "failure", error: errorFromStatus(reply.status, "json") }
  }
}

function failure(...parts: ConstructorParameters<typeof MarketoError>): { kind: "failure", error: MarketoError } {
  return { kind: "failure", error: new MarketoError(...parts) }
}

interface Body {
  [member: string]: unknown
}

/**
 * True for Marketo's envelope, which comes with HTTP status 200, failures included. Gateways speak JSON, too, and some
 * imitate the envelope; theirs comes with another status. Source: "Error Codes".
 */
function isMarketos({ status, body }: { status: number, body: Body }): boolean {
  return status === 200 &&
    (typeof body.success === "boolean" || typeof body.requestId === "string" && Array.isArray(body.errors))
}

function outcomeOfAnswer<T>(body: Body, permission: Permission | undefined): CallOutcome<T> {
  const problems = problemsOf(body.errors)
  if (isSuccess<T>(body, problems)) {
    return { kind: "success", envelope: body }
  }
  const requestId = typeof body.requestId === "string" ? body.requestId : undefined
  if (problems.length === 0) {
    return failure("unavailable", "Marketo reported a failure without giving a reason.", {
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
  return failure(isContradiction && meaning.kind === "rejected" ? "unavailable" : meaning.kind, said, {
    origin: "marketo", code, said, advice, sendAgain: meaning.sendAgain, requestId,
    maybeExecuted: isContradiction || meanings.some((each) => each.maybeExecuted),
    maybeRunning: isContradiction || meanings.some((each) => each.maybeRunning),
  })
}

/** What the members hold is checked where they are read. */
function isSuccess<T>(body: Body, problems: MarketoProblem[]): body is Body & Envelope<T> {
  return body.success === true && problems.length === 0
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
