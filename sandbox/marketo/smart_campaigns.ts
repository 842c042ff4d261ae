import { ApiError, Call, Operation, Work, World } from "./api_reply"
import { READ_ASSETS, folderParameter, requiredParameter, updatedWithin, visibleAssets } from "./asset_request"
import { Campaign } from "./assets"
import { seesWorkspace } from "./custom_services"
import { assetTimestamp } from "./lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "./request_input"

export const SMART_CAMPAIGN_OPERATIONS: Operation[] = [
  {
    name: "browseSmartCampaigns", method: "GET", path: "/rest/asset/v1/smartCampaigns.json", family: "asset",
    latency: "asset", permissions: READ_ASSETS, body: "none", begin: beginBrowse,
  },
  {
    name: "getSmartCampaignByName", method: "GET", path: "/rest/asset/v1/smartCampaign/byName.json", family: "asset",
    latency: "asset", permissions: READ_ASSETS, body: "none",
    begin: (call, { store }) => {
      const name = requiredParameter(call, "name")
      return { commit: () => assetResult(visibleAssets(call.service, store.campaigns.values())
        .filter((campaign) => campaign.name === name).map(campaignItem)) }
    },
  },
  {
    name: "getSmartCampaign", method: "GET", path: "/rest/asset/v1/smartCampaign/{campaignId}.json", family: "asset",
    latency: "asset", permissions: READ_ASSETS, body: "none",
    begin: (call, world) => {
      const campaign = smartCampaignOf(call, world)
      return { commit: () => ({ result: [campaignItem(campaign)] }) }
    },
  },
  switching("activateSmartCampaign", "activate", "Activate Campaign", true),
  switching("deactivateSmartCampaign", "deactivate", "Deactivate Campaign", false),
]

function switching(name: string, verb: string, permission: Operation["permissions"][number],
  active: boolean): Operation {
  return {
    name, method: "POST", path: `/rest/asset/v1/smartCampaign/{campaignId}/${verb}.json`, family: "asset",
    latency: "asset", permissions: [permission], body: "form",
    begin: (call, world) => {
      const campaign = smartCampaignOf(call, world)
      if (campaign.type === "batch") {
        throw new ApiError("709", "Only trigger campaigns can be activated or deactivated")
      }
      return { commit: () => {
        campaign.active = active
        campaign.updatedAt = world.now()
        return { result: [{ id: campaign.id }] }
      } }
    },
  }
}

function beginBrowse(call: Call, { store }: World): Work {
  const folderId = folderParameter(call)
  const isRecent = updatedWithin(call)
  const isActive = call.parameters.one("isActive")
  return { commit: () => assetPage(call, visibleAssets(call.service, store.campaigns.values())
    .filter((campaign) => folderId === undefined || campaign.folderId === folderId)
    .filter((campaign) => isActive === undefined || String(campaign.active) === isActive)
    .filter(isRecent).map(campaignItem)) }
}

function smartCampaignOf(call: Call, { store }: World): Campaign {
  const campaign = store.campaigns.get(numberFrom(call.pathValues[0]))
  if (!campaign || !seesWorkspace(call.service, campaign.workspace)) {
    throw new ApiError("702", "Smart Campaign not found or it has been deleted")
  }
  return campaign
}

function campaignItem(campaign: Campaign): object {
  const { id, name, description = "", createdAt, updatedAt, folderId, active, type, requestable, workspace } = campaign
  return {
    id, name, description, createdAt: assetTimestamp(createdAt), updatedAt: assetTimestamp(updatedAt),
    folder: campaign.programId === undefined
      ? { id: folderId, type: "Folder" } : { id: campaign.programId, type: "Program" },
    status: active ? "Active" : type === "batch" ? "Never Run" : "Inactive", type, isSystem: false, isActive: active,
    isRequestable: requestable, isCommunicationLimitEnabled: false, recurrence: { weekdayOnly: false },
    qualificationRuleType: campaign.qualificationRuleType, workspace, smartListId: id + 100_000, flowId: id + 200_000,
    ...(campaign.programId === undefined ? {} : { parentProgramId: campaign.programId }),
    computedUrl: `https://app-sandbox.example.com/#SC${id}A1`,
  }
}
