import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { allTokenPages, eachOffsetPage, eachTokenPage, noneIfNotFound } from "./pages"
import { Campaign, SmartCampaign } from "./types"

/** A value given to a campaign's `{{my.name}}` token for one request. */
export interface CampaignToken {
  name: string
  value: string
}

/** The calls that are about smart campaigns. Every method throws as MarketoCaller.send does. */
export class CampaignCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Sends up to 100 leads through a trigger campaign; all of them, or none. */
  async request(campaignId: string, leadIds: number[], tokens: CampaignToken[] = []): Promise<void> {
    const leads = leadIds.map((id) => ({ id }))
    await this.caller.send<unknown>({
      operation: OPERATIONS.requestCampaign,
      id: campaignId,
      body: JSON.stringify({ input: tokens.length === 0 ? { leads } : { leads, tokens } }),
    })
  }

  /** Finds those of the campaigns that exist; with `isTriggerable`, those that can be requested. */
  async byId(ids: string[], isTriggerable: boolean): Promise<Campaign[]> {
    return this.search({ id: ids.join(","), ...(isTriggerable ? { isTriggerable: "true" } : {}) })
  }

  /** Finds the campaigns with a name that can be requested. */
  async triggerableByName(name: string): Promise<Campaign[]> {
    return this.search({ name, isTriggerable: "true" })
  }

  /** Calls back with all campaigns that can be requested, page by page. */
  async eachTriggerable(onPage: (page: Campaign[]) => void): Promise<void> {
    await eachTokenPage<Campaign>(this.caller,
      { operation: OPERATIONS.getCampaigns, query: { isTriggerable: "true" } }, onPage)
  }

  /** Does the same by the newer call of the asset family, for which the API user needs another permission. */
  async eachRequestableAsset(onPage: (page: SmartCampaign[]) => void): Promise<void> {
    await eachOffsetPage<SmartCampaign>(this.caller, OPERATIONS.getSmartCampaigns, { isActive: "true" },
      (page) => onPage(page.filter((campaign) => campaign.isRequestable === true)))
  }

  private async search(query: { [name: string]: string }): Promise<Campaign[]> {
    return noneIfNotFound(allTokenPages<Campaign>(this.caller, { operation: OPERATIONS.getCampaigns, query }))
  }
}
