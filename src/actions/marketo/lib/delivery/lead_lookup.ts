import { MarketoClient } from "../api/client"
import { FoundLead } from "../api/types"
import { BlastRadius } from "../blast_radius/blast_radius"
import {
  LEAD_ALREADY_EXISTS, LEAD_NOT_FOUND, PARTITION_UPDATE_NOT_ALLOWED, RunStoppedError, SEVERAL_LEADS_MATCH,
} from "../errors"
import { QueuedLead } from "../report/lead"
import { LeadOutcome, NO_LEAD_ID } from "../report/outcomes"
import { SeveralMatches as TreatmentOfSeveral } from "../settings/run_options"
import { LeadSender, SyncSettings } from "./lead_sync"
import { chosenOf, KnownMatches, LeadMatching, MatchingLeads } from "./matching_leads"
import { noneInPartition } from "./several_matches"

/** How leads are looked up, and what a real run would do with them. */
export interface LookupSettings extends SyncSettings {
  writesLeads: boolean
  severalMatches: TreatmentOfSeveral
}

/** Lookup values of leads to be created that are remembered; rows of later ones may count as several leads. */
const MOST_CREATED = 200000

/**
 * Looks leads up instead of writing them: for a run that writes none, and for a dry run, of which it reports what would
 * become of each. What Marketo would say of single values is known only when they are sent. What the schema says has
 * been checked before.
 */
export class LeadLookup implements LeadSender {
  /** Leads that the run would have created by now, by lookup value. */
  private readonly created = new Set<string>()
  private readonly matching: LeadMatching

  /** `blastRadius`: what the leads would do to the fields; absent if none is to be written. */
  constructor(
    client: MarketoClient, private readonly settings: LookupSettings, private readonly blastRadius?: BlastRadius,
    private readonly mostCreated = MOST_CREATED,
  ) {
    this.matching = new LeadMatching(client, settings)
  }

  async send(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    const matches = await this.matching.matchesOf(leads, this.blastRadius?.fieldsOf(leads))
    return matches.map((match) => this.outcomeOf(match))
  }

  private outcomeOf(match: MatchingLeads): LeadOutcome {
    const { lead } = match
    switch (match.kind) {
      case "unaskable":
        return skipped(lead, "", "Cannot be looked up, because of its comma")
      case "unknown":
        return match.error instanceof RunStoppedError ? { kind: "notSent", lead } :
          { kind: "failed", lead, error: match.error }
      case "known":
        return match.all.length > 1 && this.settings.mode !== "createOnly" ? this.outcomeOfSeveral(match) :
          this.outcomeOfOne(match)
    }
  }

  private get kindOfFound(): "updated" | "found" {
    return this.settings.writesLeads ? "updated" : "found"
  }

  private outcomeOfSeveral(match: KnownMatches): LeadOutcome {
    const { lead, all } = match
    const { severalMatches, partitionName } = this.settings
    if (severalMatches === "skip") {
      return {
        kind: "skipped", lead, candidates: all.map(({ id }) => id),
        reasons: [{ code: SEVERAL_LEADS_MATCH, message: "Multiple lead match lookup criteria" }],
      }
    }
    const chosen = chosenOf(match, this.settings)
    if (chosen.length === 0) {
      return { kind: "skipped", lead, reasons: [noneInPartition(partitionName)] }
    }
    const [leadId, ...furtherLeadIds] = chosen.map(({ id }) => id)
    return {
      kind: this.kindOfFound, lead, leadId, furtherLeadIds, matches: all.length,
      sample: this.blastRadius?.updates(lead, chosen),
    }
  }

  private outcomeOfOne(match: KnownMatches): LeadOutcome {
    const { lead, all } = match
    const { mode } = this.settings
    const [one] = all as FoundLead[] | []
    const isCreated = one === undefined && this.created.has(keyOf(lead.lookupValue))
    if (one === undefined && !isCreated) {
      return mode === "updateOnly" ? this.nobodyFound(lead) : this.creationOf(lead)
    }
    if (mode === "createOnly") {
      return skipped(lead, LEAD_ALREADY_EXISTS, "Lead already exists")
    }
    const kind = this.kindOfFound
    if (one === undefined) {
      this.blastRadius?.creates(lead, keyOf(lead.lookupValue))
      return { kind, lead, leadId: NO_LEAD_ID }
    }
    if (chosenOf(match, this.settings).length === 0) {
      return skipped(lead, PARTITION_UPDATE_NOT_ALLOWED, "Partition update not allowed")
    }
    return { kind, lead, leadId: one.id, sample: this.blastRadius?.updates(lead, [one]) }
  }

  /** Whoever only wants memberships is not to be told how to create leads. */
  private nobodyFound(lead: QueuedLead): LeadOutcome {
    const reason = { code: LEAD_NOT_FOUND, message: "Lead not found" }
    return { kind: "skipped", lead, reasons: [this.settings.writesLeads ? reason : { ...reason, isOurs: true }] }
  }

  private creationOf(lead: QueuedLead): LeadOutcome {
    if (this.created.size < this.mostCreated) {
      this.created.add(keyOf(lead.lookupValue))
    }
    this.blastRadius?.creates(lead, keyOf(lead.lookupValue))
    return { kind: "created", lead, leadId: NO_LEAD_ID }
  }
}

function skipped(lead: QueuedLead, code: string, message: string): LeadOutcome {
  return { kind: "skipped", lead, reasons: [{ code, message }] }
}

function keyOf(lookupValue: string): string {
  return lookupValue.trim().toLowerCase()
}
