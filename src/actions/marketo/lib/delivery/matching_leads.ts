import { MarketoClient } from "../api/client"
import { SyncMode } from "../api/lead_calls"
import { FoundLead } from "../api/types"
import { isAccessDenied, MarketoError, RunStoppedError } from "../errors"
import { attemptOf, HalvingBudget, inHalves } from "../quota/halving"
import { QueuedLead } from "../report/lead"
import { SeveralMatches } from "../settings/run_options"
import { comparisonFor } from "./lookup_comparison"

/**
 * The leads in Marketo that a lead of the run matches, or why they are not known. `found`: those that may be chosen,
 * the one updated last first. `all`: those in other partitions included.
 */
export type MatchingLeads =
  { kind: "known", lead: QueuedLead, found: FoundLead[], all: FoundLead[] } |
  { kind: "unaskable", lead: QueuedLead } |
  { kind: "unknown", lead: QueuedLead, error: MarketoError | RunStoppedError }

/** Matches that are known. */
export type KnownMatches = Extract<MatchingLeads, { kind: "known" }>

/** What is looked up by, and where. */
export interface MatchingSettings {
  mode: SyncMode
  lookupField: string
  severalMatches: SeveralMatches
  /** Only leads of this partition may be chosen; those of all partitions that the API user can see if absent. */
  partitionName?: string
  /** Most calls for the matches of 300 leads; all matches are read if absent. */
  mostPages?: number
}

/** Looks up which leads in Marketo have the lookup values of leads, 300 in a call. */
export class LeadMatching {
  /** The partitions may not be read, and it is not by them that somebody is chosen. */
  private isPartitionUnknown = false

  constructor(
    private readonly client: MarketoClient, private readonly settings: MatchingSettings,
    private readonly budget = new HalvingBudget(),
  ) {}

  /**
   * Returns what each of up to 300 leads matches, in any order, with more fields of the matches. Whoever has a comma
   * cannot be asked for.
   */
  async matchesOf(leads: QueuedLead[], fields: string[] = []): Promise<MatchingLeads[]> {
    // A comma separates the values of the question, and cannot be part of one.
    const askable = leads.filter((lead) => !lead.lookupValue.includes(","))
    const matches = leads.filter((lead) => !askable.includes(lead))
      .map((lead): MatchingLeads => ({ kind: "unaskable", lead }))
    if (askable.length === 0) {
      return matches
    }
    // When too many leads match, or the question is too long, smaller ones have answers.
    const { outcomes, refused } = await inHalves(
      askable, async (part) => attemptOf(part, async () => this.ask(part, fields)), this.budget)
    return matches.concat(outcomes, ...refused.map(({ items, error }) =>
      items.map((lead): MatchingLeads => ({ kind: "unknown", lead, error: ofLookUp(error) }))))
  }

  private async ask(leads: QueuedLead[], fields: string[]): Promise<MatchingLeads[]> {
    const { lookupField, mostPages } = this.settings
    const comparison = comparisonFor(lookupField)
    const partitionId = await this.partitionId()
    const found = await this.client.leads.find(lookupField, leads.map((lead) => lead.lookupValue),
      ["updatedAt", ...(partitionId === undefined ? [] : ["leadPartitionId"]), ...fields], mostPages)
    // Whom Marketo finds for a question equals one of its values, as Marketo compares. No two leads with equal
    // reservations are in one call.
    const byReservation = new Map<string, FoundLead[]>()
    for (const lead of found) {
      const key = comparison.reservation(String(lookupField === "id" ? lead.id : lead.value))
      byReservation.set(key, (byReservation.get(key) ?? []).concat(lead))
    }
    return leads.map((lead) => {
      const all = byReservation.get(lead.reservation) ?? []
      const choosable = all.filter((each) => partitionId === undefined || each.leadPartitionId === partitionId)
      return { kind: "known", lead, found: choosable.sort(latestFirst), all }
    })
  }

  /** Undefined if every partition counts, or if Marketo has none of that name any more. */
  private async partitionId(): Promise<number | undefined> {
    const { partitionName, severalMatches } = this.settings
    if (partitionName === undefined || this.isPartitionUnknown) {
      return undefined
    }
    try {
      const partitions = await this.client.recall("partitions", async () => this.client.leads.partitions())
      return partitions.find(({ name }) => name === partitionName)?.id
    } catch (failure) {
      if (severalMatches === "skip" && isAccessDenied(failure)) {
        this.isPartitionUnknown = true
        return undefined
      }
      throw failure
    }
  }
}

/**
 * Returns those of the leads that match which are updated: the only one, or whom the form chooses. Where a lead may be
 * created in a partition, Marketo updates none that is in another (1010). Source: Marketo developer guide, "Error
 * Codes".
 */
export function chosenOf(
  { found, all }: KnownMatches, { mode, severalMatches }: Pick<MatchingSettings, "mode" | "severalMatches">,
): FoundLead[] {
  if (all.length === 1) {
    return mode === "createOrUpdate" ? found : all
  }
  return severalMatches === "all" ? found : severalMatches === "latest" ? found.slice(0, 1) : []
}

/** Nothing was to be written by a look-up, so there is nothing about its failure that is uncertain. */
function ofLookUp(error: MarketoError | RunStoppedError): MarketoError | RunStoppedError {
  if (error instanceof RunStoppedError || !error.maybeExecuted) {
    return error
  }
  const { kind, reason, origin, code, status, said, advice, sendAgain, requestId } = error
  return new MarketoError(kind, reason, {
    origin, code, status, said, advice, requestId, sendAgain: sendAgain ?? "Send these rows again later.",
    original: error,
  })
}

/** Of two that were updated in the same second, the one that was created later. */
function latestFirst(one: FoundLead, other: FoundLead): number {
  const later = momentOf(other) - momentOf(one)
  return later === 0 ? other.id - one.id : later
}

function momentOf({ updatedAt }: FoundLead): number {
  const moment = Date.parse(String(updatedAt))
  return Number.isNaN(moment) ? 0 : moment
}
