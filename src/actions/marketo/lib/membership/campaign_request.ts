import { CampaignToken } from "../api/campaign_calls"
import { MarketoClient } from "../api/client"
import { LEAD_NOT_FOUND, MarketoError } from "../errors"
import { Attempt, attemptOf, HalvingBudget, inHalves } from "../quota/halving"
import { mayBeOneRecord } from "../quota/retry_policy"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"
import { MembershipStrategy, outcomesOf, UNKNOWN_LEAD } from "./membership_outcome"

/** Rounds in which a campaign request is repeated without the leads that Marketo named; then it is halved. */
const MOST_ROUNDS = 5

/**
 * Requests a trigger campaign. Marketo takes all leads of a call or none, and names those it does not know: the call
 * was not executed then, so it is safe to repeat it without them, or in halves. A call that Marketo may have
 * executed is never repeated.
 * Source: Marketo developer guide, "Smart Campaigns", on triggers. That page does not say what happens to unknown
 * leads: this was seen in the tests of public clients.
 */
export class CampaignRequest implements MembershipStrategy {
  private readonly budget = new HalvingBudget()

  constructor(
    private readonly client: MarketoClient,
    private readonly campaignId: string,
    private readonly tokens: CampaignToken[],
    readonly batchSize: number,
  ) {}

  async apply(leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    const halved = await inHalves(leads, async (part) => this.withoutUnknown(part), this.budget,
      (error) => mayBeOneRecord(error) && !error.maybeExecuted)
    return outcomesOf(halved, this.budget)
  }

  /** Repeats the request without the leads that Marketo names, for a few rounds. */
  private async withoutUnknown(leads: MembershipLead[]): Promise<Attempt<MembershipLead, MembershipOutcome>> {
    const outcomes: MembershipOutcome[] = []
    let known = leads
    for (let round = 0; known.length > 0; round++) {
      const attempt = await attemptOf(known, async (part) => this.request(part))
      const named = namedLeads(attempt)
      const unknown = known.filter((lead) => named.has(lead.leadId))
      if (unknown.length === 0 || round >= MOST_ROUNDS) {
        return { ...attempt, outcomes: outcomes.concat(attempt.outcomes) }
      }
      outcomes.push(...unknown.map((lead): MembershipOutcome => ({ kind: "skipped", lead, reasons: UNKNOWN_LEAD })))
      known = known.filter((lead) => !named.has(lead.leadId))
    }
    return { outcomes }
  }

  private async request(leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    await this.client.campaigns.request(this.campaignId, leads.map((lead) => lead.leadId), this.tokens)
    return leads.map((lead): MembershipOutcome => ({ kind: "changed", lead }))
  }
}

/** The ids that Marketo names as those of leads it does not know. */
function namedLeads({ refused }: Attempt<MembershipLead, MembershipOutcome>): Set<number> {
  const error = refused?.error
  const isUnknown = error instanceof MarketoError && error.code === LEAD_NOT_FOUND && !error.maybeExecuted
  return new Set(isUnknown ? (error.message.match(/\d+/g) ?? []).map(Number) : [])
}
