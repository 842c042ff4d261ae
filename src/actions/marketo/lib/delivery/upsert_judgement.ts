import { MembershipDelivery } from "../membership/membership_delivery"
import { isApplied, LeadOutcome } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { RunControl } from "../stopping/run_control"
import { isRunEnding, RunProspects } from "./run_prospects"

/**
 * Takes what became of the upserts of a run: enters it into the report, hands the leads that were applied on to their
 * membership changes, and ends a run whose further upserts cannot pass.
 */
export class UpsertJudgement {
  private readonly prospects = new RunProspects()

  constructor(
    private readonly run: RunControl, private readonly report: RunReport,
    private readonly memberships: Pick<MembershipDelivery, "add">,
  ) {}

  /** Takes the outcomes of one batch. */
  enter(outcomes: LeadOutcome[]): void {
    const stopReason = this.prospects.learnFrom(outcomes)
    if (stopReason !== undefined) {
      this.run.stop(stopReason)
    }
    const stopMessage = stopMessageOf(this.run)
    for (const outcome of outcomes) {
      const isRefusedUnsent = outcome.kind === "failed" && isRunEnding(outcome.error) && !outcome.error.maybeExecuted
      this.report.leadOutcome(isRefusedUnsent ? { kind: "notSent", lead: outcome.lead } : outcome, stopMessage)
      const { lead: { lookupValue, rows, member }, furtherLeadIds = [] } = outcome
      const leadIds = isApplied(outcome) ? [outcome.leadId, ...furtherLeadIds] : furtherLeadIds
      leadIds.forEach((leadId) => this.memberships.add(
        member === undefined ? { leadId, lookupValue, rows } : { leadId, lookupValue, rows, member }))
    }
  }
}

/** Returns why leads of a run were not sent, in words for the report. */
export function stopMessageOf(run: RunControl): string {
  return run.stopReason === undefined ? "The run was ended" : run.stopReason.message
}
