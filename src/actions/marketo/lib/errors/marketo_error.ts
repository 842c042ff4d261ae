import { sentence } from "../words/sentence"

/**
 * The meaning of a failure for the run:
 * - `settings`: our own checks, before the first call; whoever set the action up must act.
 * - `auth`: credentials or permissions; an administrator must act.
 * - `quota`: the day's calls are used up; it lasts until the daily reset.
 * - `throttled`: too many calls at the moment; it passes.
 * - `unavailable`: Marketo could not be reached, or what came back is no usable answer of its own; it may pass.
 * - `tooLarge`: the call was bigger than Marketo takes; smaller calls may pass.
 * - `rejected`: Marketo refuses this very call; repeating it cannot help.
 */
export type MarketoErrorKind =
  "settings" | "auth" | "quota" | "throttled" | "unavailable" | "tooLarge" | "rejected"

/**
 * The source of a failure:
 * - `marketo`: Marketo itself, in its own envelope or, for credentials, as its identity service does;
 * - `between`: something between the hub and Marketo, such as a proxy or a firewall, or whatever a wrong URL leads to;
 * - `network`: nobody; no answer came, or none that is complete;
 * - `hub`: our own checks and limits.
 */
export type MarketoErrorOrigin = "marketo" | "between" | "network" | "hub"

/** Facts about a failed call, as far as they are known. Nobody has to look for them in the message. */
export interface MarketoErrorDetails {
  /** The source of the failure; `hub` if absent. */
  origin?: MarketoErrorOrigin
  /** Marketo's own code, such as "606". */
  code?: string
  /** HTTP status of the answer, if it was not Marketo's own. */
  status?: number
  /** Marketo's own words. */
  said?: string
  /** What to mend, such as a setting or a permission; sentences. */
  advice?: string
  /** When the rows may be sent again, if nothing but time helps; sentences. */
  sendAgain?: string
  /** Marketo's id of the call; its support asks for it. */
  requestId?: string
  /**
   * Set if the call surely was not sent, since Marketo could not be reached: `passing`, or `lasting` if it is not
   * likely to pass by itself, such as an unknown host name.
   */
  unsent?: "passing" | "lasting"
  /** True if Marketo may have done what the call asked for, wholly or in part. */
  maybeExecuted?: boolean
  /** True if the call may still be running in Marketo: a second one could overlap with it. */
  maybeRunning?: boolean
  /** When the rows of a call that may be running can be sent again, where more is known than a time; sentences. */
  whenSafe?: string
  /** The error underneath, when there was one. */
  original?: unknown
}

/**
 * A call, or the whole run, could not be done. Failures of single records are no exceptions: they are values and
 * go into the report.
 */
export class MarketoError extends Error {
  /** The failure in words, without advice. The message has both. */
  readonly reason: string
  readonly origin: MarketoErrorOrigin
  readonly code?: string
  readonly status?: number
  readonly said?: string
  readonly advice?: string
  readonly sendAgain?: string
  readonly requestId?: string
  readonly unsent?: "passing" | "lasting"
  readonly maybeExecuted: boolean
  readonly maybeRunning: boolean
  readonly whenSafe?: string
  readonly original?: unknown

  constructor(readonly kind: MarketoErrorKind, reason: string, details: MarketoErrorDetails = {}) {
    const remedies = [details.advice, details.sendAgain].filter((each) => each !== undefined)
    super(remedies.length === 0 ? reason : [sentence(reason), ...remedies].join(" "))
    this.name = "MarketoError"
    this.reason = reason
    this.origin = details.origin ?? "hub"
    this.code = details.code
    this.status = details.status
    this.said = details.said
    this.advice = details.advice
    this.sendAgain = details.sendAgain
    this.requestId = details.requestId
    this.unsent = details.unsent
    this.maybeExecuted = details.maybeExecuted ?? false
    this.maybeRunning = details.maybeRunning ?? false
    this.whenSafe = details.whenSafe
    this.original = details.original
  }
}
