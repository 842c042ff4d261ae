import { LeadValue } from "./lead_values"

/** Members common to the assets of an instance; times in ms since 1970. */
interface Asset {
  id: number
  name: string
  description?: string
  workspace: string
  createdAt: number
  updatedAt: number
}

export interface Partition {
  id: number
  name: string
  description?: string
}

/** The purpose of a folder, as Adobe's page on folders lists it. The top of an area is a Zone. */
export type FolderType = "Marketing Folder" | "Program" | "Email" | "Email Template" | "Landing Page"
  | "Landing Page Template" | "Snippet" | "Image" | "Zone" | "File"

export interface Folder extends Asset {
  parentId: number | undefined
  folderType: FolderType
}

export interface StaticList extends Asset {
  folderId: number
  /** Lives in this program rather than in the folder. */
  programId?: number
  programName?: string
  members: Set<number>
  /** While an import into the list runs, membership calls answer 1019. */
  importRunning: boolean
}

export interface Campaign extends Asset {
  type: "batch" | "trigger"
  active: boolean
  /** Has the "Campaign is Requested, source Web Service API" trigger. */
  requestable: boolean
  programId?: number
  folderId: number
  /** Leads for which the campaign was requested. */
  members: Set<number>
  qualificationRuleType: "once" | "any" | "interval"
}

export interface ProgressionStatus {
  name: string
  step: number
  success: boolean
  hidden: boolean
}

export interface Channel {
  id: number
  name: string
  applicableProgramType: string
  statuses: ProgressionStatus[]
  createdAt: number
  updatedAt: number
}

export interface ProgramMember {
  statusName: string
  step: number
  reachedSuccess: boolean
  /** ms since 1970. */
  membershipDate: number
  updatedAt: number
  values: Record<string, LeadValue>
}

export interface Program extends Asset {
  type: "Default" | "Event" | "Event with Webinar" | "Engagement" | "Email"
  /** Name of the channel, which defines the member statuses. */
  channel: string
  folderId: number
  status: string
  /** By lead id. */
  members: Map<number, ProgramMember>
}

type Seed<T extends Asset, Required extends keyof T = "name"> = Pick<T, Required> & Partial<T>
export type StaticListSeed = Seed<StaticList>
export type CampaignSeed = Seed<Campaign>
export type ProgramSeed = Seed<Program>
export type FolderSeed = Seed<Folder>
export type ChannelSeed = Pick<Channel, "name" | "statuses"> & Partial<Channel>

export const GROUP_LISTS_FOLDER = 13
export const MARKETING_ACTIVITIES_FOLDER = 11

export function completeStaticList(seed: StaticListSeed, id: number, now: number): StaticList {
  return {
    workspace: "Default", createdAt: now, updatedAt: now, folderId: GROUP_LISTS_FOLDER, members: new Set(),
    importRunning: false, ...seed, id,
  }
}

export function completeCampaign(seed: CampaignSeed, id: number, now: number): Campaign {
  return {
    workspace: "Default", createdAt: now, updatedAt: now, type: "trigger", active: true,
    requestable: (seed.type ?? "trigger") === "trigger", folderId: MARKETING_ACTIVITIES_FOLDER,
    qualificationRuleType: "any", members: new Set(), ...seed, id,
  }
}

export function completeProgram(seed: ProgramSeed, id: number, now: number): Program {
  return {
    workspace: "Default", createdAt: now, updatedAt: now, type: "Default", channel: "Operational",
    folderId: MARKETING_ACTIVITIES_FOLDER, status: "", members: new Map(), ...seed, id,
  }
}

/** Returns true if the API may request the campaign. */
export function isTriggerable(campaign: Campaign): boolean {
  return campaign.type === "trigger" && campaign.active && campaign.requestable
}
