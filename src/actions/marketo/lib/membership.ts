import { CampaignRequest } from "./campaign_request"
import { ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM, LEAD_NOT_IN_LIST } from "./errors"
import { BatchSizes } from "./limits"
import { ListTarget } from "./list_target"
import { MarketoClient } from "./marketo_client"
import { RecordResult } from "./marketo_types"
import { MembershipChange } from "./membership_change"
import { failedAll, MembershipLead, MembershipOutcome, MembershipStrategy } from "./membership_outcome"
import { reasonsOf } from "./record_results"

/** The strategy for a change. */
export function membershipStrategy(
  client: MarketoClient, change: MembershipChange, batchSizes: BatchSizes,
): MembershipStrategy {
  switch (change.kind) {
    case "requestCampaign":
      return new CampaignRequest(client, change.id, change.tokens ?? [], batchSizes.campaign)
    case "addToList":
    case "mirrorList": {
      const target = new ListTarget(client, change)
      const strategy = recordByRecord(batchSizes.list, async (ids) => client.addToList(await target.id(), ids), [])
      return change.listName === undefined ? strategy : { ...strategy, prepare: async () => { await target.id() } }
    }
    case "removeFromList":
      return recordByRecord(
        batchSizes.list, async (ids) => client.removeFromList(change.id, ids), [LEAD_NOT_IN_LIST])
    case "addToProgram":
      return recordByRecord(
        batchSizes.program, async (ids) => client.setProgramStatus(change.id, change.status, ids),
        [ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM])
    case "removeFromProgram":
      return recordByRecord(
        batchSizes.program, async (ids) => client.removeFromProgram(change.id, ids),
        [ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM])
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
