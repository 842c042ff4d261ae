import { MarketoProblem } from "../errors"

/** A Marketo lead, keyed by REST API names. */
export interface LeadRecord {
  [restName: string]: unknown
}

/** What Marketo says of one record of a call; in the order of the input. */
export interface RecordResult {
  id?: number
  leadId?: number
  /** Index in the input; only program calls give it. */
  seq?: number
  status?: string
  reasons?: MarketoProblem[]
}

/** A successful answer of the lead database or asset family. */
export interface Envelope<T> {
  requestId: string
  success: true
  result?: T[]
  nextPageToken?: string
  moreResult?: boolean
}

/** A static list. Source: Marketo developer guide, "List Membership". */
export interface StaticList {
  id: number
  name: string
  programName?: string
  workspaceName?: string
  updatedAt?: string
  createdAt?: string
}

/** A static list or a folder, as the asset family shows it. Source: "Static Lists" and "Folders". */
export interface NamedAsset {
  id: number
  name: string
  /** Folder or program that a list is in. */
  folder?: { id: number, type: string }
  /** Of a folder. */
  path?: string
  workspace?: string
}

/** A smart campaign, as the lead database family shows it. Source: "Smart Campaigns". */
export interface Campaign {
  id: number
  name: string
  type?: string
  active?: boolean
  programName?: string
  workspaceName?: string
  updatedAt?: string
  createdAt?: string
}

/** A smart campaign of the asset family. Source: Marketo developer guide, "Smart Campaigns". */
export interface SmartCampaign {
  id: number
  name: string
  isRequestable?: boolean
  workspace?: string
  updatedAt?: string
  createdAt?: string
}

/** A program of the asset family. Source: Marketo developer guide, "Programs". */
export interface Program {
  id: number
  name: string
  channel?: string
  workspace?: string
  folder?: { folderName?: string }
  updatedAt?: string
  createdAt?: string
}

/** A channel and what members of its programs can be. Source: Marketo developer guide, "Channels". */
export interface Channel {
  id: number
  name: string
  progressionStatuses?: { name: string, step?: number, hidden?: boolean, success?: boolean }[]
}

/** A lead field of the instance. Source: Marketo developer guide, "Leads", Describe Lead 2. */
export interface SchemaField {
  name: string
  displayName: string
  dataType: string
  /** Characters; only for text-like types. */
  length?: number
  updateable?: boolean
  crmManaged?: boolean
}

/** The lead fields of an instance and the names it can be searched by. */
export interface LeadSchema {
  searchableFields: string[][]
  fields: SchemaField[]
}

/** Calls used on one day, counted over all integrations of the instance. Source: "Usage". */
export interface DailyUsage {
  date: string
  total: number
}

/** A lead that a look-up by lookup value has found. */
export interface FoundLead {
  id: number
  /** Its value of the lookup field. */
  value: unknown
  /** As Marketo writes it, such as `2026-08-17T10:15:30Z`; only when it was asked for. */
  createdAt?: unknown
  /** Likewise. */
  updatedAt?: unknown
  /** Marketo's number of the partition that it is in; only when it was asked for. */
  leadPartitionId?: unknown
  /** All that was asked for, by REST API name. Marketo leaves a field without a value out, or answers null for it. */
  fields: LeadRecord
}

/** The kinds of things in Marketo that a run can change membership of; also their names in the report. */
export type TargetKind = "campaign" | "list" | "program"
