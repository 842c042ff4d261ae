import { MarketoError } from "../errors"
import { mayBeOneRecord } from "../quota/retry_policy"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"
import { MembershipChange } from "../settings/membership_change"
import { failedAll, MembershipStrategy } from "./membership_outcome"

/**
 * Give up a change after this many consecutive refusals by Marketo itself:
 * - a refusal of what the call is about, such as a list that is not there (1013), a lacking permission (603) or an
 *   unknown status (1025), concerns every further call. A second one is asked for, since one alone may be a slip;
 * - a refusal that may lie in the leads is believed after three calls, each of which was halved in vain;
 * - calls of a single lead prove least.
 */
const MOST_REFUSALS_OF_TARGET = 2
const MOST_REFUSALS_IN_A_ROW = 3
const MOST_REFUSALS_OF_ONE_LEAD = 10

/** Marketo cannot be reached after this many consecutive calls without a usable answer, each repeated several times. */
const MOST_FAILURES_IN_A_ROW = 3

/** The same for campaign requests whose answer was lost, since those are never repeated. */
const MOST_LOST_REQUESTS_IN_A_ROW = 15

/**
 * Makes the calls of one membership change. What Marketo itself refuses repeatedly is given up, and its further calls
 * are spared. What something between the hub and Marketo answers says nothing of the change: each call is tried.
 */
export class MembershipCalls {
  private refusal: MarketoError | undefined
  private refusalsInARow = 0
  private failuresInARow = 0
  private lastFailure: MarketoError | undefined

  constructor(private readonly change: MembershipChange, private readonly strategy: MembershipStrategy) {}

  /** The last failure, if several calls in a row came to nothing, though Marketo did not refuse them. */
  get unreachable(): MarketoError | undefined {
    const isLost = this.lastFailure?.maybeExecuted === true && this.change.kind === "requestCampaign"
    const most = isLost ? MOST_LOST_REQUESTS_IN_A_ROW : MOST_FAILURES_IN_A_ROW
    return this.failuresInARow >= most ? this.lastFailure : undefined
  }

  /** Resolves to the outcome of each lead, in any order. Never rejects for what Marketo says. */
  async apply(leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    if (this.refusal !== undefined) {
      return failedAll(leads, this.refusal)
    }
    const outcomes = await this.strategy.apply(leads)
    this.learnFrom(outcomes)
    return outcomes
  }

  private learnFrom(outcomes: MembershipOutcome[]): void {
    const errors = outcomes.map((outcome) => outcome.kind === "failed" ? outcome.error : undefined)
      .filter((error): error is MarketoError => error instanceof MarketoError)
    const isAnyDone = outcomes.some((outcome) => outcome.kind === "changed" || outcome.kind === "already")
    if (isAnyDone || errors.length === 0) {
      this.refusalsInARow = 0
      this.failuresInARow = 0
      return
    }
    const refusal = errors.find(isMarketosRefusal)
    if (refusal !== undefined) {
      this.failuresInARow = 0
      this.refusalsInARow++
      if (this.refusalsInARow >= mostRefusals(refusal, outcomes.length)) {
        this.refusal = refusal
      }
    } else if (errors.every(isNoAnswer)) {
      this.failuresInARow++
      this.lastFailure = errors[0]
    }
  }
}

/** Returns true if Marketo itself refused the call, and surely did not execute it. */
function isMarketosRefusal(error: MarketoError): boolean {
  return error.origin === "marketo" && !error.maybeExecuted && (error.kind === "rejected" || error.kind === "auth")
}

/** Returns true if no usable answer of Marketo's own came. That it is busy, or its quota spent, is one. */
function isNoAnswer(error: MarketoError): boolean {
  return error.kind === "unavailable" ||
    error.origin !== "marketo" && error.kind !== "throttled" && error.kind !== "quota"
}

function mostRefusals(refusal: MarketoError, leads: number): number {
  if (!mayBeOneRecord(refusal)) {
    return MOST_REFUSALS_OF_TARGET
  }
  return leads === 1 ? MOST_REFUSALS_OF_ONE_LEAD : MOST_REFUSALS_IN_A_ROW
}
