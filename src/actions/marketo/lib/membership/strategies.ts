import { MarketoClient } from "../api/client"
import { reasonsOf, unknownStatus } from "../api/record_results"
import { RecordResult } from "../api/types"
import { BatchSizes } from "../configuration/limits"
import { ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM, LEAD_NOT_IN_LIST } from "../errors"
import { attemptOf, HalvingBudget, inHalves } from "../quota/halving"
import { isTimedOut, mayBeOneRecord } from "../quota/retry_policy"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"
import { MembershipChange } from "../settings/membership_change"
import { CampaignRequest } from "./campaign_request"
import { ListTarget } from "./list_target"
import { inBodies, isTooLarge, skippedAsTooLarge } from "./member_bodies"
import { MembershipStrategy, outcomesOf } from "./membership_outcome"

/** The meaning of an endpoint's answers. */
interface Meaning {
  /** The statuses of leads for which the call did what was asked. */
  done: string[]
  /** The codes of skips that mean that nothing needed to be done. */
  already: string[]
}

/** Source: Marketo developer guide, "List Membership", its sample answers. */
const ADDED_TO_LIST: Meaning = { done: ["added"], already: [] }
const REMOVED_FROM_LIST: Meaning = { done: ["removed"], already: [LEAD_NOT_IN_LIST] }
/** Source: Marketo developer guide, "Program Members", its sample answers. */
const SET_IN_PROGRAM: Meaning = { done: ["created", "updated"], already: [ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM] }
/** Source: same. */
const FIELDS_WRITTEN: Meaning = { done: ["updated"], already: [] }
/** Source: same. */
const REMOVED_FROM_PROGRAM: Meaning = { done: ["deleted"], already: [ALREADY_IN_STATUS_OR_NOT_IN_PROGRAM] }

/** Returns the strategy for a change. */
export function membershipStrategy(
  client: MarketoClient, change: MembershipChange, batchSizes: BatchSizes,
): MembershipStrategy {
  switch (change.kind) {
    case "requestCampaign":
      return new CampaignRequest(client, change.target.id, change.tokens ?? [], batchSizes.campaign)
    case "addToList":
    case "mirrorList": {
      const target = new ListTarget(client, change.target)
      const strategy = recordByRecord(
        batchSizes.list, async (ids) => client.lists.add(await target.id(), ids), ADDED_TO_LIST)
      return target.isMissing ? { ...strategy, prepare: async () => { await target.id() } } : strategy
    }
    case "removeFromList":
      return recordByRecord(
        batchSizes.list, async (ids) => client.lists.remove(change.target.id, ids), REMOVED_FROM_LIST)
    case "addToProgram":
      return recordByRecord(batchSizes.program,
        async (ids) => client.programs.setStatus(change.target.id, change.status, ids), SET_IN_PROGRAM)
    case "removeFromProgram":
      return recordByRecord(
        batchSizes.program, async (ids) => client.programs.removeMembers(change.target.id, ids), REMOVED_FROM_PROGRAM)
    case "writeProgramFields":
      return bodyByBody(recordByRecord(batchSizes.program, async (_ids, leads) =>
        client.programs.writeFields(change.target.id, leads.map(({ leadId, member }) =>
          ({ leadId, values: member?.values ?? {} }))), FIELDS_WRITTEN))
  }
}

/** Takes leads whose values may be too many for one call to as many calls as they need. */
function bodyByBody(strategy: MembershipStrategy): MembershipStrategy {
  return {
    batchSize: strategy.batchSize,
    apply: async (leads) => {
      const outcomes: MembershipOutcome[] = []
      for (const part of inBodies(leads)) {
        outcomes.push(...isTooLarge(part) ? skippedAsTooLarge(part) : await strategy.apply(part))
      }
      return outcomes
    },
  }
}

/** A call that answers for each lead. It may be repeated whatever came of it, since it leaves the same state. */
function recordByRecord(
  batchSize: number, call: (leadIds: number[], leads: MembershipLead[]) => Promise<RecordResult[]>, meaning: Meaning,
): MembershipStrategy {
  const budget = new HalvingBudget()
  const attempt = async (leads: MembershipLead[]) => attemptOf(leads, async (): Promise<MembershipOutcome[]> => {
    const results = await call(leads.map((lead) => lead.leadId), leads)
    return results.map((result, index) => recordOutcome(leads[index], result, meaning))
  })
  return {
    batchSize,
    apply: async (leads) => outcomesOf(
      await inHalves(leads, attempt, budget, (error) => mayBeOneRecord(error) || isTimedOut(error)), budget),
  }
}

/** Only what is known to mean success counts as such. */
function recordOutcome(lead: MembershipLead, result: RecordResult, meaning: Meaning): MembershipOutcome {
  const status = (result.status ?? "").toLowerCase()
  const hasReasons = (result.reasons ?? []).length > 0
  if (meaning.done.includes(status) && !hasReasons) {
    return { kind: "changed", lead }
  }
  if (status !== "skipped" && !hasReasons) {
    return { kind: "failed", lead, error: unknownStatus(result.status) }
  }
  const reasons = reasonsOf(result)
  return reasons.every((reason) => meaning.already.includes(reason.code)) ?
    { kind: "already", lead } : { kind: "skipped", lead, reasons }
}
