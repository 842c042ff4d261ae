import { CampaignToken } from "./marketo_client"

/** What a run changes for each lead beside the lead itself. Ids are Marketo's, as digits. */
export type MembershipChange =
  { kind: "requestCampaign", id: string, tokens?: CampaignToken[] } |
  /** `listName` names the list when it is not given by id; the id is empty then. */
  { kind: "addToList", id: string, listName?: string } |
  { kind: "removeFromList", id: string } |
  /** After the run the list holds exactly the leads of the run; more removals than this share are refused. */
  { kind: "mirrorList", id: string, listName?: string, mostRemovedPercent: number } |
  { kind: "addToProgram", id: string, status: string } |
  { kind: "removeFromProgram", id: string }

/** The kinds of things in Marketo that a run can change membership of; also their names in the report. */
export type TargetKind = "campaign" | "list" | "program"

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
