import { MarketoError, RunStoppedError } from "./errors"
import { QueuedLead } from "./lead_batcher"
import { MarketoClient, SyncMode } from "./marketo_client"
import { MarketoProblem, RecordResult } from "./marketo_types"
import { reasonsOf } from "./record_results"
import { isTimedOut, mayBeOneRecord } from "./retry_policy"

/** In place of an id that is not known; Marketo's ids begin at 1. */
export const NO_LEAD_ID = 0

/** What became of one lead; `leadId` is Marketo's, or NO_LEAD_ID. */
export type LeadOutcome =
  { kind: "created", lead: QueuedLead, leadId: number } |
  { kind: "updated", lead: QueuedLead, leadId: number } |
  { kind: "skipped", lead: QueuedLead, reasons: MarketoProblem[] } |
  { kind: "failed", lead: QueuedLead, error: MarketoError } |
  { kind: "notSent", lead: QueuedLead }

/** How the leads of a run are upserted. */
export interface SyncSettings {
  mode: SyncMode
  lookupField: string
  partitionName?: string
}

/** What brings batches of leads to Marketo, or asks what would become of them. */
export interface LeadSender {
  /** The outcome of each lead, in any order. Never rejects for what Marketo says. */
  send(leads: QueuedLead[], onParked: (isParked: boolean) => void): Promise<LeadOutcome[]>
}

/** Calls that may be spent on finding the records which make a call fail; every call that passes renews some. */
const FIRST_SEARCH_BUDGET = 16
const BUDGET_PER_SUCCESS = 16
const MOST_SEARCH_BUDGET = 128

/**
 * Upserts batches of leads for one run. A call that is refused for its size, or as a whole because of one record, is
 * split in halves until the guilty records are alone; when nothing ever passes, the search ends soon.
 */
export class LeadSync implements LeadSender {
  private searchBudget = FIRST_SEARCH_BUDGET

  constructor(private readonly client: MarketoClient, private readonly settings: SyncSettings) {}

  async send(leads: QueuedLead[], onParked: (isParked: boolean) => void): Promise<LeadOutcome[]> {
    try {
      const results = await this.client.syncLeads({
        mode: this.settings.mode,
        lookupField: this.settings.lookupField,
        partitionName: this.settings.partitionName,
        leads: leads.map((lead) => lead.json),
        onParked,
      })
      this.searchBudget = Math.min(MOST_SEARCH_BUDGET, this.searchBudget + BUDGET_PER_SUCCESS)
      return results.map((result, index) => outcomeOf(leads[index], result))
    } catch (failure) {
      if (failure instanceof RunStoppedError) {
        return leads.map((lead): LeadOutcome => ({ kind: "notSent", lead }))
      }
      if (!(failure instanceof MarketoError)) {
        throw failure
      }
      return this.afterFailure(leads, failure, onParked)
    }
  }

  private async afterFailure(
    leads: QueuedLead[], error: MarketoError, onParked: (isParked: boolean) => void,
  ): Promise<LeadOutcome[]> {
    if ((mayBeOneRecord(error) || isTimedOut(error)) && leads.length > 1 && this.searchBudget > 1) {
      this.searchBudget -= 2
      if (error.maybeRunning && !await this.isOver(onParked)) {
        return leads.map((lead): LeadOutcome => ({ kind: "failed", lead, error }))
      }
      const half = Math.ceil(leads.length / 2)
      const halves = await Promise.all([
        this.send(leads.slice(0, half), onParked),
        this.send(leads.slice(half), onParked),
      ])
      const outcomes = halves[0].concat(halves[1])
      return error.maybeExecuted ? outcomes.map(asUncertain) : outcomes
    }
    if (leads.length === 1 && error.kind === "rejected" && !error.maybeExecuted) {
      const reasons = [{ code: error.code ?? "", message: error.message }]
      return [{ kind: "skipped", lead: leads[0], reasons }]
    }
    return leads.map((lead): LeadOutcome => ({ kind: "failed", lead, error }))
  }

  /** Waits until a call can no longer be running in Marketo; false when the run is told to stop before. */
  private async isOver(onParked: (isParked: boolean) => void): Promise<boolean> {
    onParked(true)
    try {
      await this.client.waitOut()
      return true
    } catch (stopped) {
      if (stopped instanceof RunStoppedError) {
        return false
      }
      throw stopped
    } finally {
      onParked(false)
    }
  }
}

/** What a later attempt refused may have been done by an earlier one that broke off. */
function asUncertain(outcome: LeadOutcome): LeadOutcome {
  switch (outcome.kind) {
    case "created":
    case "updated":
      return outcome
    case "failed":
      return { ...outcome, error: uncertainError(outcome.error.message, outcome.error) }
    case "skipped":
      return { kind: "failed", lead: outcome.lead, error: uncertainError(outcome.reasons[0].message) }
    case "notSent":
      return { kind: "failed", lead: outcome.lead, error: uncertainError("The run was ended while this was repeated.") }
  }
}

function uncertainError(message: string, error?: MarketoError): MarketoError {
  return new MarketoError(error?.kind ?? "unavailable", message, {
    code: error?.code, requestId: error?.requestId, maybeExecuted: true,
  })
}

function outcomeOf(lead: QueuedLead, result: RecordResult): LeadOutcome {
  const isApplied = result.status === "created" || result.status === "updated"
  if (isApplied || result.status !== "skipped" && result.id !== undefined) {
    return { kind: result.status === "created" ? "created" : "updated", lead, leadId: result.id ?? NO_LEAD_ID }
  }
  return { kind: "skipped", lead, reasons: reasonsOf(result) }
}
