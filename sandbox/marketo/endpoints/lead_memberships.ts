import { ApiError, Call, Operation, World } from "../calls/api_reply"
import { updatedWithin, visibleAssets } from "./asset_request"
import { Program, ProgramMember } from "../instance/assets"
import { timestamp } from "../instance/lead_values"
import { visibleLead } from "../calls/lead_visibility"
import { PAGE_OF_300, pageOf } from "./paging"
import { numberFrom } from "../calls/request_input"

/** The lists, programs and smart campaigns of one lead. Adobe names one permission for all three. */
export const LEAD_MEMBERSHIP_OPERATIONS: Operation[] = [
  operation("listsOfLead", "listMembership", (call, world, leadId) => {
    const page = pageOf(call, world, PAGE_OF_300)
    return { commit: () => page(visibleAssets(call.service, world.store.lists.values())
      .filter(({ members }) => members.has(leadId))
      .map(({ id, createdAt, updatedAt }) => ({ listId: id, createdAt: timestamp(createdAt),
        updatedAt: timestamp(updatedAt) }))) }
  }),
  operation("programsOfLead", "programMembership", (call, world, leadId) => {
    const page = pageOf(call, world, PAGE_OF_300, "always")
    const isWanted = programFilter(call)
    const isRecent = updatedWithin(call)
    return { commit: () => page(visibleAssets(call.service, world.store.programs.values())
      .flatMap((program) => {
        const member = program.members.get(leadId)
        return member && isWanted(program) && isRecent(program) ? [programElement(program, member)] : []
      })) }
  }),
  operation("smartCampaignsOfLead", "smartCampaignMembership", (call, world, leadId) => {
    const page = pageOf(call, world, PAGE_OF_300)
    const isRecent = updatedWithin(call)
    return { commit: () => page(visibleAssets(call.service, world.store.campaigns.values())
      .filter((campaign) => campaign.members.has(leadId) && isRecent(campaign))
      .map(({ id, createdAt, updatedAt }) => ({ smartCampaignId: id, createdAt: timestamp(createdAt),
        updatedAt: timestamp(updatedAt) }))) }
  }),
]

function operation(name: string, what: string,
  begin: (call: Call, world: World, leadId: number) => ReturnType<Operation["begin"]>): Operation {
  return {
    name, method: "GET", path: `/rest/v1/leads/{leadId}/${what}.json`, family: "leadDatabase", latency: "read",
    permissions: ["Read-Only Assets"], body: "none",
    begin: (call, world) => {
      const leadId = numberFrom(call.pathValues[0])
      if (!visibleLead(call.service, world.store, leadId)) {
        throw new ApiError("1004", `Lead '${leadId}' not found`)
      }
      return begin(call, world, leadId)
    },
  }
}

/** `filterType` is `programId` or absent. */
function programFilter(call: Call): (program: Program) => boolean {
  const filterType = call.parameters.one("filterType")
  if (filterType === undefined) {
    return () => true
  }
  if (filterType !== "programId") {
    throw new ApiError("1003", `Invalid value '${filterType}' for 'filterType'`)
  }
  const ids = new Set(call.parameters.list("filterValues").map(numberFrom))
  return ({ id }) => ids.has(id)
}

function programElement({ id, type }: Program, member: ProgramMember): object {
  const { statusName, reachedSuccess, membershipDate, updatedAt } = member
  return {
    id, progressionStatus: statusName, isExhausted: false, acquiredBy: false, reachedSuccess,
    membershipDate: timestamp(membershipDate), updatedAt: timestamp(updatedAt),
    ...(type === "Engagement" ? { stream: "Stream 1", nurtureCadence: "norm" } : {}),
  }
}
