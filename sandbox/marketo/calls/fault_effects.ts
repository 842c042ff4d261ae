/** The time at which the work of a call is done, for effects that keep its proper answer from the client. */
export interface Execution {
  /** The work is done before the client gets any answer: the ambiguous case. Default false, unless said otherwise. */
  executes?: boolean
  /**
   * The client gets its answer at once, while the call goes on: its keys are looked up as usual, and it is committed
   * this many ms after the answer. Takes the place of `executes`.
   */
  commitsAfterMs?: number
}

/**
 * The way a server is away: connections are refused; accepted and reset; or accepted, and no request is ever answered.
 */
export type OutageMode = "refuse" | "reset" | "silent"

/** The effect of a fault. Unless it says otherwise, the call is not executed. */
export type FaultEffect =
  /** A response-level failure with any code, sent as the string or number given here; `errors` holds several. */
  | { kind: "error", code: string | number, message?: string, errors?: { code: string | number, message: string }[] }
    & Execution
  /**
   * An answer from outside the envelope, as gateways and proxies give it: any status, 200 included, with an HTML page
   * unless another body is given ("" for none), and any headers (`{ Location: "…" }`). `contentType` "" sends none.
   */
  | { kind: "http", status: number, body?: string, contentType?: string, headers?: Record<string, string> } & Execution
  /** The call's work takes `ms` longer, which widens its key race. Other rules may add their effects. */
  | { kind: "delay", ms: number }
  /** The connection is reset, before or after the work is done (or before it is, with `commitsAfterMs`). */
  | { kind: "reset", when: "before" | "after", commitsAfterMs?: number }
  /** The server closes its half of the connection without an answer, and goes on reading. */
  | { kind: "halfClose" } & Execution
  /** No answer ever comes. The work is done, unless `executes` is false. */
  | { kind: "hang" } & Execution
  /** The server goes away for `ms` (default mode "refuse") and comes back on its port. */
  | { kind: "outage", ms: number, mode?: OutageMode } & Execution
  /**
   * The work is done. Only this share (default half) of the announced answer comes. Then the connection is closed
   * (default), reset, or stays open in silence.
   */
  | { kind: "truncate", share?: number, then?: "close" | "reset" | "silence" }
  /** The work is done; the answer is complete but its JSON is cut in half, or is this text. */
  | { kind: "malformed", text?: string }
  /** The work is done; HTTP 200 without a body. */
  | { kind: "emptyBody" }
  /** The work is done. `result` is `difference` elements longer (repeating the last) or shorter (negative). */
  | { kind: "resultLength", difference: number }
  /**
   * The work is done. Elements of `result` are changed: all, or those at these positions (negative from the end). They
   * are replaced in whole, or get and lose members: unknown status words, skips without reasons.
   */
  | { kind: "elements", positions?: number[], replaceWith?: unknown, set?: Record<string, unknown>, remove?: string[] }
  /** The work is done; members of the envelope (`result`, `success`, …) are set or left out. */
  | { kind: "envelope", set?: Record<string, unknown>, remove?: string[] }
  /** The work is done; the answer comes in pieces of `bytes` every `everyMs`. */
  | { kind: "slowDrip", bytes: number, everyMs: number }
  /**
   * Sync Leads, list and member calls: the records at these positions, or those with the lookup value (for
   * memberships the lead id), are not written. They are skipped with this reason, or answered with this element.
   */
  | { kind: "record", code?: string, message?: string, positions?: number[], lookupValue?: string | number,
    answer?: Record<string, unknown> }
  /**
   * A bulk import that is accepted as usual, and whose job then goes wrong: it ends as Failed after that many rows, or
   * is forgotten, before (`"queued"`) or after its rows were imported (`"done"`): questions for it answer 1013.
   */
  | { kind: "job", failsAfterRows?: number, message?: string, isLost?: "queued" | "done" }
  /** Leads by filter: leads that were created within the last `ms` are not found. */
  | { kind: "stale", ms: number }
  /** All tokens of the calling client expire. This call gets 602. */
  | { kind: "expireToken" }
  /** The day's quota is used up from this call on, and the call gets 607. */
  | { kind: "dailyQuotaReached" }

/** Effects that keep the proper answer from the client, whether the call is executed or not. */
export type AnswerlessEffect = Extract<FaultEffect,
  { kind: "error" | "http" | "reset" | "halfClose" | "hang" | "outage" | "expireToken" | "dailyQuotaReached" }>

export function keepsAnswer(effect: FaultEffect | undefined): effect is AnswerlessEffect {
  switch (effect?.kind) {
    case "error":
    case "http":
    case "reset":
    case "halfClose":
    case "hang":
    case "outage":
    case "expireToken":
    case "dailyQuotaReached":
      return true
    default:
      return false
  }
}

/** Returns when the call's work is done: before the answer, never, or that many ms after the answer. */
export function executionOf(effect: AnswerlessEffect): "before" | "never" | number {
  switch (effect.kind) {
    case "expireToken":
    case "dailyQuotaReached":
      return "never"
    case "reset":
      return effect.commitsAfterMs ?? (effect.when === "after" ? "before" : "never")
    case "hang":
      return effect.commitsAfterMs ?? (effect.executes === false ? "never" : "before")
    default:
      return effect.commitsAfterMs ?? (effect.executes === true ? "before" : "never")
  }
}
