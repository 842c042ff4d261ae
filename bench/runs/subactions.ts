import { MARKETO_LATENCY } from "../../sandbox/marketo/setup/options"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { FollowUp } from "./ideal_schedule"

export type SubactionName = "none" | "addList" | "removeList" | "addCampaign"

interface Subaction {
  /** Id of the list or campaign, as it is filled into the form. */
  targetId: string
  followUp: FollowUp | undefined
}

const LIST: FollowUp = { leadsPerCall: 300, latencyMs: MARKETO_LATENCY.list }
const CAMPAIGN: FollowUp = { leadsPerCall: 100, latencyMs: MARKETO_LATENCY.trigger }

/** What the Marketo action can do with leads, and which calls each takes after the upsert. */
export const SUBACTIONS: Record<SubactionName, Subaction> = {
  none: { targetId: "", followUp: undefined },
  addList: { targetId: String(SEEDED.lists.newsletter), followUp: LIST },
  removeList: { targetId: String(SEEDED.lists.newsletter), followUp: LIST },
  addCampaign: { targetId: String(SEEDED.campaigns.welcome), followUp: CAMPAIGN },
}
