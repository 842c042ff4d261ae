import { LEAD_NOT_FOUND, MarketoError } from "./errors"
import { CampaignToken, MarketoClient } from "./marketo_client"
import { failedAll, MembershipLead, MembershipOutcome, MembershipStrategy } from "./membership_outcome"

/** Rounds in which a campaign request is repeated without the leads that Marketo named; then it is halved. */
const MOST_ROUNDS = 5

/** Calls that one batch may take when Marketo does not name the leads it does not know. */
const MOST_CALLS_PER_BATCH = 40

const UNKNOWN_LEAD = [{ code: LEAD_NOT_FOUND, message: "Lead not found" }]

/**
 * Requests a trigger campaign. Marketo takes all leads of a call or none, and names those it does not know: the call
 * was not executed then, so that it is safe to repeat it without them.
 * Source: `marketo-rest-api.md`, 3.12.
 */
export class CampaignRequest implements MembershipStrategy {
  constructor(
    private readonly client: MarketoClient,
    private readonly campaignId: string,
    private readonly tokens: CampaignToken[],
    readonly batchSize: number,
  ) {}

  async apply(leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    return this.request(leads, MOST_ROUNDS, { calls: MOST_CALLS_PER_BATCH })
  }

  private async request(
    leads: MembershipLead[], roundsLeft: number, budget: { calls: number },
  ): Promise<MembershipOutcome[]> {
    if (leads.length === 0) {
      return []
    }
    try {
      budget.calls--
      await this.client.requestCampaign(this.campaignId, leads.map((lead) => lead.leadId), this.tokens)
      return leads.map((lead): MembershipOutcome => ({ kind: "changed", lead }))
    } catch (failure) {
      if (failure instanceof MarketoError && failure.code === LEAD_NOT_FOUND && !failure.maybeExecuted) {
        return this.withoutUnknown(leads, failure, roundsLeft, budget)
      }
      return failedAll(leads, failure)
    }
  }

  private async withoutUnknown(
    leads: MembershipLead[], error: MarketoError, roundsLeft: number, budget: { calls: number },
  ): Promise<MembershipOutcome[]> {
    const named = new Set((error.message.match(/\d+/g) ?? []).map(Number))
    const unknown = leads.filter((lead) => named.has(lead.leadId))
    if (unknown.length > 0 && roundsLeft > 0) {
      const known = leads.filter((lead) => !named.has(lead.leadId))
      const rest = await this.request(known, roundsLeft - 1, budget)
      return unknown.map((lead): MembershipOutcome => ({ kind: "skipped", lead, reasons: UNKNOWN_LEAD })).concat(rest)
    }
    if (leads.length === 1) {
      return [{ kind: "skipped", lead: leads[0], reasons: UNKNOWN_LEAD }]
    }
    if (budget.calls <= 1) {
      return failedAll(leads, error)
    }
    const half = Math.ceil(leads.length / 2)
    const first = await this.request(leads.slice(0, half), roundsLeft, budget)
    return first.concat(await this.request(leads.slice(half), roundsLeft, budget))
  }
}
