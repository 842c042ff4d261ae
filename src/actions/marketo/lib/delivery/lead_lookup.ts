import { MarketoClient } from "../api/client"
import { LEAD_ALREADY_EXISTS, LEAD_NOT_FOUND, RunStoppedError, SEVERAL_LEADS_MATCH } from "../errors"
import { attemptOf, HalvingBudget, inHalves } from "../quota/halving"
import { QueuedLead } from "../report/lead"
import { LeadOutcome, NO_LEAD_ID } from "../report/outcomes"
import { LeadSender, SyncSettings } from "./lead_sync"

/** Lookup values of leads to be created that are remembered; rows of later ones may count as several leads. */
const MOST_CREATED = 200000

/**
 * Looks leads up instead of writing them, for a dry run, and reports what would become of each. What Marketo would say
 * of single values is known only when they are sent. What the schema says has been checked before.
 */
export class LeadLookup implements LeadSender {
  /** Leads that the run would have created by now, by lookup value. */
  private readonly created = new Set<string>()
  private readonly budget = new HalvingBudget()

  constructor(
    private readonly client: MarketoClient, private readonly settings: SyncSettings,
    private readonly mostCreated = MOST_CREATED,
  ) {}

  async send(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    // A comma separates the values of the question, and cannot be part of one.
    const unaskable = leads.filter((lead) => lead.lookupValue.includes(","))
    const askable = leads.filter((lead) => !lead.lookupValue.includes(","))
    const outcomes = unaskable.map((lead): LeadOutcome => ({
      kind: "skipped", lead, reasons: [{ code: "", message: "Cannot be looked up in a dry run, because of its comma" }],
    }))
    return askable.length === 0 ? outcomes : outcomes.concat(await this.lookUp(askable))
  }

  /** Halves what is refused: when too many leads match, or the question is too long, smaller ones have answers. */
  private async lookUp(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    const { outcomes, refused } = await inHalves(
      leads, async (part) => attemptOf(part, async () => this.ask(part)), this.budget)
    return outcomes.concat(...refused.map(({ items, error }) => items.map((lead): LeadOutcome =>
      error instanceof RunStoppedError ? { kind: "notSent", lead } : { kind: "failed", lead, error })))
  }

  private async ask(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    const found = await this.client.leads.find(this.settings.lookupField, leads.map((lead) => lead.lookupValue))
    const ids = new Map<string, number[]>()
    for (const { id, value } of found) {
      const key = keyOf(this.settings.lookupField === "id" ? id : value)
      ids.set(key, (ids.get(key) ?? []).concat(id))
    }
    return leads.map((lead) => this.outcomeOf(lead, ids.get(keyOf(lead.lookupValue)) ?? []))
  }

  private outcomeOf(lead: QueuedLead, ids: number[]): LeadOutcome {
    const { mode } = this.settings
    if (ids.length > 1 && mode !== "createOnly") {
      return skipped(lead, SEVERAL_LEADS_MATCH, "Multiple lead match lookup criteria")
    }
    const isCreated = ids.length === 0 && this.created.has(keyOf(lead.lookupValue))
    if (ids.length === 0 && !isCreated) {
      return mode === "updateOnly" ? skipped(lead, LEAD_NOT_FOUND, "Lead not found") : this.creationOf(lead)
    }
    return mode === "createOnly" ? skipped(lead, LEAD_ALREADY_EXISTS, "Lead already exists") :
      { kind: "updated", lead, leadId: isCreated ? NO_LEAD_ID : ids[0] }
  }

  private creationOf(lead: QueuedLead): LeadOutcome {
    if (this.created.size < this.mostCreated) {
      this.created.add(keyOf(lead.lookupValue))
    }
    return { kind: "created", lead, leadId: NO_LEAD_ID }
  }
}

function skipped(lead: QueuedLead, code: string, message: string): LeadOutcome {
  return { kind: "skipped", lead, reasons: [{ code, message }] }
}

function keyOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : ""
}
