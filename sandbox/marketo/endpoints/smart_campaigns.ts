import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import {
  READ_ASSETS, assetsNamed, livesAt, placeOf, placeParameter, updatedWithin, visibleAssets,
} from "./asset_request"
import { Campaign, isTriggerable } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { assetTimestamp } from "../instance/lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "../calls/request_input"

export const SMART_CAMPAIGN_OPERATIONS: Operation[] = [
  {
    name: "browseSmartCampaigns", method: "GET", path: "/rest/asset/v1/smartCampaigns.json", family: "asset",
    latency: "asset", permissions: READ_ASSETS, body: "none", begin: beginBrowse,
  },
  {
    name: "getSmartCampaignByName", method: "GET", path: "/rest/asset/v1/smartCampaign/byName.json", family: "asset",
    latency: "asset", permissions: READ_ASSETS, body: "none",
    begin: (call, { store }) => {
      const found = assetsNamed(call, () => visibleAssets(call.service, store.campaigns.values()))
      return { commit: () => assetResult(found().map(campaignItem)) }
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
  const place = placeParameter(call, "folder")
  const isRecent = updatedWithin(call)
  const isActive = call.parameters.one("isActive")
  return { commit: () => assetPage(call, visibleAssets(call.service, store.campaigns.values())
    .filter((campaign) => livesAt(campaign, place))
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
  const { id, name, description = "", createdAt, updatedAt, active, type, workspace } = campaign
  return {
    id, name, description, createdAt: assetTimestamp(createdAt), updatedAt: assetTimestamp(updatedAt),
    folder: placeOf(campaign),
    status: active ? "Active" : type === "batch" ? "Never Run" : "Inactive", type, isSystem: false, isActive: active,
    isRequestable: isTriggerable(campaign), isCommunicationLimitEnabled: false, recurrence: { weekdayOnly: false },
    qualificationRuleType: campaign.qualificationRuleType, workspace, smartListId: id + 100_000, flowId: id + 200_000,
    ...(campaign.programId === undefined ? {} : { parentProgramId: campaign.programId }),
    computedUrl: `https://app-sandbox.example.com/#SC${id}A1`,
  }
}
