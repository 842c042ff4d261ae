import { CampaignToken } from "../api/campaign_calls"
import { TargetKind } from "../api/types"

/**
 * A static list that leads are added to. One that is given by name has its `listName`; `resolveLists` finds its id, or
 * the folder to create it in, before the first lead is sent.
 */
export interface ListReference {
  /** Empty until it is known, and for a list that is yet to be created. */
  id: string
  listName?: string
  /** Where the list is to be created. */
  folderId?: number
}

/** What a run changes for each lead besides the lead itself. Ids are Marketo's, as digits. */
export type MembershipChange =
  { kind: "requestCampaign", id: string, tokens?: CampaignToken[] } |
  ({ kind: "addToList" } & ListReference) |
  { kind: "removeFromList", id: string } |
  /** After the run the list holds exactly the leads of the run; more removals than this share are refused. */
  ({ kind: "mirrorList", mostRemovedPercent: number } & ListReference) |
  { kind: "addToProgram", id: string, status: string } |
  { kind: "removeFromProgram", id: string }

/** What a change is about. */
export function targetKind(change: MembershipChange): TargetKind {
  switch (change.kind) {
    case "requestCampaign":
      return "campaign"
    case "addToProgram":
    case "removeFromProgram":
      return "program"
    default:
      return "list"
  }
}
