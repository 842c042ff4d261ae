import { MarketoClient } from "../api/client"
import { LEAD_NOT_FOUND, MarketoProblem, RunStoppedError, SEVERAL_LEADS_MATCH } from "../errors"
import { QueuedLead } from "../report/lead"
import { isApplied, LeadOutcome } from "../report/outcomes"
import { LeadSender, LeadSync, SyncSettings } from "./lead_sync"
import { chosenOf, LeadMatching } from "./matching_leads"
import { UpsertLimits } from "./upsert_limits"

/** How a run treats rows that several leads match. */
export interface SeveralMatchesSettings extends SyncSettings {
  severalMatches: "latest" | "all"
  /** Most leads and bytes of one upsert, the commas between the leads included. */
  limits: { leads: number, bytes: number }
}

/**
 * Sends leads, and updates by its id each lead, or the one updated last, of those that Marketo skipped since several
 * leads match (1007). An update by id creates nobody, so it can be repeated.
 */
export class SeveralMatches implements LeadSender {
  private readonly matching: LeadMatching
  private readonly updates: LeadSync

  constructor(
    private readonly inner: LeadSender, client: MarketoClient, private readonly settings: SeveralMatchesSettings,
  ) {
    this.matching = new LeadMatching(client, settings)
    this.updates = new LeadSync(client, { mode: "updateOnly", lookupField: "id" })
  }

  async send(leads: QueuedLead[], onParked: (isParked: boolean) => void): Promise<LeadOutcome[]> {
    const outcomes = await this.inner.send(leads, onParked)
    const skipped = outcomes.filter(isSkippedForSeveral)
    if (skipped.length === 0) {
      return outcomes
    }
    const resolved = await this.resolve(skipped, onParked)
    return outcomes.map((outcome) => resolved.get(outcome.lead) ?? outcome)
  }

  private async resolve(
    skipped: LeadOutcome[], onParked: (isParked: boolean) => void,
  ): Promise<Map<QueuedLead, LeadOutcome>> {
    const resolved = new Map<QueuedLead, LeadOutcome>()
    const updates: { update: QueuedLead, lead: QueuedLead, matches: number }[] = []
    for (const match of await this.matching.matchesOf(skipped.map(({ lead }) => lead))) {
      const { lead } = match
      if (match.kind === "known") {
        const chosen = chosenOf(match, this.settings)
        chosen.forEach(({ id }) => updates.push({ update: updateOf(lead, id), lead, matches: match.all.length }))
        if (chosen.length === 0) {
          const reasons = [match.all.length === 0 ? NONE_LEFT : noneInPartition(this.settings.partitionName)]
          resolved.set(lead, { kind: "skipped", lead, reasons })
        }
      } else if (match.kind === "unaskable") {
        resolved.set(lead, { kind: "skipped", lead, reasons: [UNASKABLE] })
      } else if (!(match.error instanceof RunStoppedError)) {
        resolved.set(lead, { kind: "failed", lead, error: match.error })
      }
      // When the run was told to stop, Marketo's own answer stays.
    }
    const results = await this.updateAll(updates.map(({ update }) => update), onParked)
    const byLead = new Map<QueuedLead, { parts: LeadOutcome[], matches: number }>()
    for (const { update, lead, matches } of updates) {
      const result = results.get(update)
      const parts = byLead.get(lead)?.parts ?? []
      byLead.set(lead, { parts: result === undefined ? parts : [...parts, result], matches })
    }
    byLead.forEach(({ parts, matches }, lead) => resolved.set(lead, joined(lead, parts, matches)))
    return resolved
  }

  private async updateAll(
    updates: QueuedLead[], onParked: (isParked: boolean) => void,
  ): Promise<Map<QueuedLead, LeadOutcome>> {
    const results = new Map<QueuedLead, LeadOutcome>()
    const { leads, bytes } = this.settings.limits
    for (const call of new UpsertLimits(leads, bytes).split(updates)) {
      const outcomes = await this.updates.send(call, onParked)
      outcomes.forEach((outcome) => results.set(outcome.lead, outcome))
    }
    return results
  }
}

const NONE_LEFT: MarketoProblem = {
  code: LEAD_NOT_FOUND,
  message: "Several leads matched, and when they were looked up, none was found any more",
  isOurs: true,
}

const UNASKABLE: MarketoProblem = {
  code: SEVERAL_LEADS_MATCH,
  message: "Several leads in Marketo have the same lookup value, which cannot be looked up, because of its comma",
  isOurs: true,
}

const ONE_GONE: MarketoProblem = {
  code: LEAD_NOT_FOUND,
  message: "Of several leads that match, one was not found any more when it was to be updated",
  isOurs: true,
}

/** The reason why nobody was chosen for a row. */
export function noneInPartition(partitionName = ""): MarketoProblem {
  return {
    code: SEVERAL_LEADS_MATCH,
    message: `Several leads in Marketo have the same lookup value, and none of them is in the lead partition ` +
      `"${partitionName}"`,
    isOurs: true,
  }
}

function isSkippedForSeveral(outcome: LeadOutcome): boolean {
  return outcome.kind === "skipped" && outcome.reasons.some(({ code }) => code === SEVERAL_LEADS_MATCH)
}

function updateOf(lead: QueuedLead, id: number): QueuedLead {
  const record = { ...lead.record, id }
  const json = JSON.stringify(record)
  return { ...lead, record, json, bytes: Buffer.byteLength(json), reservation: `id ${id}` }
}

/** Returns the outcome of a row from those of the leads that it was to update: it is as good as the worst of them. */
function joined(lead: QueuedLead, parts: LeadOutcome[], matches: number): LeadOutcome {
  const ids = parts.filter(isApplied).map(({ leadId }) => leadId)
  const worst = parts.find(({ kind }) => kind === "failed") ?? parts.find(({ kind }) => kind === "notSent") ??
    parts.find((part) => !isApplied(part))
  const ends = parts.map(({ runningUntil = 0 }) => runningUntil)
  const running = ends.some((end) => end > 0) ? { runningUntil: Math.max(...ends) } : {}
  return worst === undefined ?
    { kind: "updated", lead, leadId: ids[0], furtherLeadIds: ids.slice(1), matches, ...running } :
    { ...inOurWords(worst), lead, furtherLeadIds: ids, matches, ...running }
}

/** What Marketo says of a lead that is gone reads as if nobody had the row's lookup value. */
function inOurWords(outcome: LeadOutcome): LeadOutcome {
  return outcome.kind !== "skipped" ? outcome : {
    ...outcome, reasons: outcome.reasons.map((reason) => reason.code === LEAD_NOT_FOUND ? ONE_GONE : reason),
  }
}
