import { CampaignToken } from "../api/campaign_calls"
import { TargetKind } from "../api/types"

/** A campaign, list or program whose id is known. */
export interface KnownTarget {
  /** Marketo's, as digits. */
  id: string
  /** The name by which it was given; absent if it was given by id. */
  name?: string
}

/**
 * A static list that was given by name. `resolveLists` makes it a known one before the first lead is sent, or finds
 * the folder to create it in.
 */
export interface NamedList {
  id?: undefined
  name: string
  /** The folder to create it in; absent until it was looked for and not found. */
  folderId?: number
}

/** Where leads are added: only this may be a list that is not there yet. */
export type ListReference = KnownTarget | NamedList

/** A change for each lead besides the lead itself. */
export type MembershipChange =
  { kind: "requestCampaign", target: KnownTarget, tokens?: CampaignToken[] } |
  { kind: "addToList", target: ListReference } |
  { kind: "removeFromList", target: KnownTarget } |
  /** After the run the list holds exactly the leads of the run; more removals than this share are refused. */
  { kind: "mirrorList", target: ListReference, mostRemovedPercent: number } |
  { kind: "addToProgram", target: KnownTarget, status: string } |
  { kind: "removeFromProgram", target: KnownTarget } |
  /** Follows "addToProgram", where columns feed fields of program members. It is no choice of the form's. */
  { kind: "writeProgramFields", target: KnownTarget }

/** Returns the target as it was given: its name, else its id. */
export function nameOrId(target: ListReference): string {
  return target.id === undefined ? target.name : target.name ?? target.id
}

/** Returns the target as it was given, for a sentence: a name in quotes, an id without. */
export function quotedNameOrId(target: ListReference): string {
  return target.name === undefined ? nameOrId(target) : `"${target.name}"`
}

/** Returns the target of a change with its kind, such as "list 1001". */
export function targetWithKind(change: MembershipChange): string {
  return `${change.kind === "writeProgramFields" ? "fields in " : ""}${targetKind(change)} ${nameOrId(change.target)}`
}

/** Returns the kind of a change's target. */
export function targetKind(change: MembershipChange): TargetKind {
  switch (change.kind) {
    case "requestCampaign":
      return "campaign"
    case "addToProgram":
    case "removeFromProgram":
    case "writeProgramFields":
      return "program"
    default:
      return "list"
  }
}
