import { ApiError, Call, Operation, ResultBody, Work, World } from "../calls/api_reply"
import { Campaign, isTriggerable } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { timestamp } from "../instance/lead_values"
import { visibleLead } from "../calls/lead_visibility"
import { PAGE_OF_300, pageOf } from "./paging"
import { bodyObject, numberFrom, refuseOverfull } from "../calls/request_input"
import { browseFilter } from "./browse_filter"

const READ: Operation["permissions"] = ["Read-Only Campaign", "Read-Write Campaign"]
const TOKEN_NAME = /^\{\{my\.[^{}]+\}\}$/

export const CAMPAIGN_OPERATIONS: Operation[] = [
  {
    name: "browseCampaigns", method: "GET", path: "/rest/v1/campaigns.json", family: "leadDatabase", latency: "read",
    permissions: READ, body: "none", begin: beginBrowse,
  },
  {
    name: "getCampaign", method: "GET", path: "/rest/v1/campaigns/{campaignId}.json", family: "leadDatabase",
    latency: "read", permissions: READ, body: "none",
    begin: (call, world) => {
      const campaign = campaignOf(call, world)
      return { commit: () => ({ result: [campaignElement(campaign, world)] }) }
    },
  },
  {
    name: "requestCampaign", method: "POST", path: "/rest/v1/campaigns/{campaignId}/trigger.json",
    family: "leadDatabase", latency: "trigger", permissions: ["Execute Campaign"], body: "json", begin: beginRequest,
  },
]

function beginBrowse(call: Call, world: World): Work {
  const page = pageOf(call, world, PAGE_OF_300)
  const isWanted = browseFilter(call)
  const onlyTriggerable = call.parameters.one("isTriggerable") === "true"
  return {
    commit: () => page([...world.store.campaigns.values()]
      .filter((campaign) => !onlyTriggerable || isTriggerable(campaign))
      .filter((campaign) => isWanted({ ...campaign, programName: programName(campaign, world) }))
      .map((campaign) => campaignElement(campaign, world))),
  }
}

function beginRequest(call: Call, world: World): Work {
  const campaign = campaignOf(call, world)
  const input = bodyObject(call).input as { leads?: unknown, tokens?: unknown } | undefined
  if (!Array.isArray(input?.leads) || input.leads.length === 0) {
    throw new ApiError("1003", "Lead ids not specified")
  }
  refuseOverfull(input.leads.length, world.knobs.maxCampaignLeads)
  const leadIds = input.leads.map((lead) => numberFrom((lead as { id?: unknown } | null)?.id ?? null))
  checkTokens(input.tokens, world)
  if (campaign.type === "batch") {
    throw new ApiError("1003", `Campaign ${campaign.id} is a batch campaign; only trigger campaigns can be requested`)
  }
  if (!isTriggerable(campaign)) {
    throw new ApiError("1003",
      `Campaign ${campaign.id} is not active or has no 'Campaign is Requested' trigger with source Web Service API`)
  }
  return { commit: () => requestAll(campaign, leadIds, call, world) }
}

/** Requests the campaign for all leads or for none: one unknown lead refuses the call. */
function requestAll(campaign: Campaign, leadIds: number[], call: Call, world: World): ResultBody {
  const unknown = leadIds.filter((leadId) => !visibleLead(call.service, world.store, leadId))
  if (unknown.length > 0) {
    throw new ApiError("1004", `Lead [${unknown.join(", ")}] not found`)
  }
  const at = world.now()
  for (const leadId of leadIds) {
    campaign.members.add(leadId)
    world.ledger.recordCampaignRequest({ campaignId: campaign.id, leadId, at, call: call.entry.sequence })
  }
  return { result: [{ id: campaign.id }] }
}

function checkTokens(tokens: unknown, world: World) {
  if (tokens === undefined || tokens === null) {
    return
  }
  if (!Array.isArray(tokens)) {
    throw new ApiError("1003", "Invalid value for 'tokens': a list is required")
  }
  refuseOverfull(tokens.length, world.knobs.maxCampaignLeads)
  for (const token of tokens as ({ name?: unknown, value?: unknown } | null)[]) {
    if (typeof token?.name !== "string" || !TOKEN_NAME.test(token.name)) {
      throw new ApiError("1003", `Invalid token name: ${JSON.stringify(token?.name ?? null)}`)
    }
    if (typeof token.value === "object" && token.value !== null) {
      throw new ApiError("1003", `Invalid token value: ${JSON.stringify(token.value)}`)
    }
  }
}

function campaignOf(call: Call, { store }: World): Campaign {
  const campaign = store.campaigns.get(numberFrom(call.pathValues[0]))
  if (!campaign || !seesWorkspace(call.service, campaign.workspace)) {
    throw new ApiError("1013", "Campaign not found")
  }
  return campaign
}

function campaignElement(campaign: Campaign, world: World): object {
  const { id, name, description, type, programId, workspace, active, createdAt, updatedAt } = campaign
  return {
    id, name, ...(description === undefined ? {} : { description }), type,
    ...(programId === undefined ? {} : { programId, programName: programName(campaign, world) }),
    workspaceName: workspace, createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt), active,
  }
}

function programName({ programId }: Campaign, { store }: World): string | undefined {
  return programId === undefined ? undefined : store.programs.get(programId)?.name
}
