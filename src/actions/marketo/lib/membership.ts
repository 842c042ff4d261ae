import {
  LEAD_NOT_FOUND, LEAD_NOT_IN_LIST, MarketoError, RunStoppedError,
} from "./errors"
import { BatchSizes } from "./limits"
import { CampaignToken, MarketoClient, reasonsOf } from "./marketo_client"
import { MarketoProblem, RecordResult } from "./marketo_types"

/** What a run changes for each lead beside the lead itself. */
export type MembershipChange =
  { kind: "requestCampaign", id: string, tokens?: CampaignToken[] } |
  { kind: "addToList", id: string } |
  { kind: "removeFromList", id: string }

/** A lead whose membership is to change. */
export interface MembershipLead {
  leadId: number
  lookupValue: string
}

/** What became of one lead's membership. `already` means that it was as wanted before. */
export type MembershipOutcome =
  { kind: "changed", lead: MembershipLead } |
  { kind: "already", lead: MembershipLead } |
  { kind: "skipped", lead: MembershipLead, reasons: MarketoProblem[] } |
  { kind: "failed", lead: MembershipLead, error: Error }

/** One way of changing memberships. `apply` never rejects for what Marketo says. */
export interface MembershipStrategy {
  readonly batchSize: number
  apply(leads: MembershipLead[]): Promise<MembershipOutcome[]>
}

/** The strategy for a change. */
export function membershipStrategy(
  client: MarketoClient, change: MembershipChange, batchSizes: BatchSizes,
): MembershipStrategy {
  switch (change.kind) {
    case "requestCampaign":
      return new CampaignRequest(client, change.id, change.tokens ?? [], batchSizes.campaign)
    case "addToList":
      return recordByRecord(batchSizes.list, async (ids) => client.addToList(change.id, ids), [])
    case "removeFromList":
      return recordByRecord(
        batchSizes.list, async (ids) => client.removeFromList(change.id, ids), [LEAD_NOT_IN_LIST])
  }
}

/** A call that answers for each lead; skips with one of the codes mean that nothing needed to be done. */
function recordByRecord(
  batchSize: number,
  call: (leadIds: number[]) => Promise<RecordResult[]>,
  alreadyCodes: string[],
): MembershipStrategy {
  return {
    batchSize,
    async apply(leads) {
      try {
        const results = await call(leads.map((lead) => lead.leadId))
        return results.map((result, index) => recordOutcome(leads[index], result, alreadyCodes))
      } catch (failure) {
        return failedAll(leads, failure)
      }
    },
  }
}

function recordOutcome(lead: MembershipLead, result: RecordResult, alreadyCodes: string[]): MembershipOutcome {
  if (result.status !== "skipped") {
    return { kind: "changed", lead }
  }
  const reasons = reasonsOf(result)
  return reasons.every((reason) => alreadyCodes.includes(reason.code)) ?
    { kind: "already", lead } : { kind: "skipped", lead, reasons }
}

function failedAll(leads: MembershipLead[], failure: unknown): MembershipOutcome[] {
  if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
    throw failure
  }
  return leads.map((lead): MembershipOutcome => ({ kind: "failed", lead, error: failure }))
}

/** Rounds in which a campaign request is repeated without the leads that Marketo named; then it is halved. */
const MOST_ROUNDS = 5

/**
 * Requests a trigger campaign. Marketo takes all leads of a call or none, and names those it does not know: the call
 * was not executed then, so that it is safe to repeat it without them.
 * Source: `marketo-rest-api.md`, 3.12.
 */
class CampaignRequest implements MembershipStrategy {
  constructor(
    private readonly client: MarketoClient,
    private readonly campaignId: string,
    private readonly tokens: CampaignToken[],
    readonly batchSize: number,
  ) {}

  async apply(leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    return this.request(leads, MOST_ROUNDS)
  }

  private async request(leads: MembershipLead[], roundsLeft: number): Promise<MembershipOutcome[]> {
    if (leads.length === 0) {
      return []
    }
    try {
      await this.client.requestCampaign(this.campaignId, leads.map((lead) => lead.leadId), this.tokens)
      return leads.map((lead): MembershipOutcome => ({ kind: "changed", lead }))
    } catch (failure) {
      if (failure instanceof MarketoError && failure.code === LEAD_NOT_FOUND && !failure.maybeExecuted) {
        return this.withoutUnknown(leads, failure, roundsLeft)
      }
      return failedAll(leads, failure)
    }
  }

  private async withoutUnknown(
    leads: MembershipLead[], error: MarketoError, roundsLeft: number,
  ): Promise<MembershipOutcome[]> {
    const named = new Set((error.message.match(/\d+/g) ?? []).map(Number))
    const unknown = leads.filter((lead) => named.has(lead.leadId))
    const reasons = [{ code: LEAD_NOT_FOUND, message: "Lead not found" }]
    if (unknown.length > 0 && roundsLeft > 0) {
      const known = leads.filter((lead) => !named.has(lead.leadId))
      const rest = await this.request(known, roundsLeft - 1)
      return unknown.map((lead): MembershipOutcome => ({ kind: "skipped", lead, reasons })).concat(rest)
    }
    if (leads.length === 1) {
      return [{ kind: "skipped", lead: leads[0], reasons }]
    }
    const half = Math.ceil(leads.length / 2)
    const first = await this.request(leads.slice(0, half), roundsLeft)
    return first.concat(await this.request(leads.slice(half), roundsLeft))
  }
}
