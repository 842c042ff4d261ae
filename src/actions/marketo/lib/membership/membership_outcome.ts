import { LEAD_NOT_FOUND, MarketoError, MarketoProblem, RunStoppedError } from "../errors"
import { Halved, HalvingBudget, Refused } from "../quota/halving"
import { mayBeOneRecord } from "../quota/retry_policy"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"

/** One way of changing memberships. `apply` never rejects for what Marketo says. */
export interface MembershipStrategy {
  readonly batchSize: number
  /** Finds or makes what leads are to be added to; absent when it is there. Throws as MarketoCaller.send does. */
  prepare?(): Promise<void>
  /** The outcome of each lead, in any order. A call that a single lead spoils is halved until that lead is alone. */
  apply(leads: MembershipLead[]): Promise<MembershipOutcome[]>
}

/** Marketo's reason for a lead that it does not know, without the ids that it may put into its text. */
export const UNKNOWN_LEAD: MarketoProblem[] = [{ code: LEAD_NOT_FOUND, message: "Lead not found" }]

/** Returns the outcomes of leads that share a failure. */
export function failedAll(leads: MembershipLead[], error: MarketoError | RunStoppedError): MembershipOutcome[] {
  return leads.map((lead): MembershipOutcome => ({ kind: "failed", lead, error }))
}

/** Returns the outcomes of a call and its halves. */
export function outcomesOf(
  { outcomes, refused }: Halved<MembershipLead, MembershipOutcome>, budget: HalvingBudget,
): MembershipOutcome[] {
  return outcomes.concat(...refused.map((each) => isGuiltyLead(each, budget) ?
    [{ kind: "skipped" as const, lead: each.items[0], reasons: reasonsOfRefusal(each.error) }] :
    failedAll(each.items, each.error)))
}

/** Returns true if the refusal lies in the one lead: it was alone in its call, and other calls have passed. */
function isGuiltyLead({ items, error }: Refused<MembershipLead>, budget: HalvingBudget): boolean {
  return items.length === 1 && error instanceof MarketoError && error.kind === "rejected" && !error.maybeExecuted &&
    mayBeOneRecord(error) && (budget.hasPassed || error.code === LEAD_NOT_FOUND)
}

function reasonsOfRefusal(error: Error): MarketoProblem[] {
  const code = error instanceof MarketoError ? error.code ?? "" : ""
  return code === LEAD_NOT_FOUND ? UNKNOWN_LEAD : [{ code, message: error.message }]
}
