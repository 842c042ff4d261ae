import {
  Campaign, CampaignSeed, Channel, ChannelSeed, Folder, FolderSeed, Partition, Program, ProgramSeed, StaticList,
  StaticListSeed, completeCampaign, completeProgram, completeStaticList,
} from "./assets"
import { BulkJobs } from "./bulk_jobs"
import { FieldSchema } from "../setup/field_schema"
import { Lead, LeadStore, LeadStoreOptions, LeadValues } from "./lead_store"

/** The content of the instance, in memory only. Tests may read and seed it directly, and nothing here is counted. */
export class Store {
  readonly schema: FieldSchema
  readonly leads: LeadStore
  readonly lists = new Map<number, StaticList>()
  readonly campaigns = new Map<number, Campaign>()
  readonly programs = new Map<number, Program>()
  readonly channels = new Map<number, Channel>()
  readonly folders = new Map<number, Folder>()
  readonly partitions = new Map<number, Partition>()
  bulkJobs = new BulkJobs()
  /** Workspace name to id. */
  readonly workspaces = new Map<string, number>()
  private nextAssetId = 20001

  constructor(private readonly options: LeadStoreOptions) {
    this.schema = options.schema
    this.leads = new LeadStore(options)
    this.addBasics()
  }

  /** Adds a lead without checking whether its keys are taken, which is how tests make duplicates. */
  addLead(values: LeadValues, place: { id?: number, partition?: string, createdAt?: number } = {}): Lead {
    const partitionId = place.partition === undefined ? 1 : this.partitionByName(place.partition)?.id
    if (partitionId === undefined) {
      throw new Error(`The sandbox has no partition named "${place.partition}".`)
    }
    return this.leads.create(values, partitionId, place.createdAt, place.id)
  }

  addStaticList(seed: StaticListSeed): StaticList {
    const list = completeStaticList(seed, this.assetId(seed.id), this.options.now())
    this.lists.set(list.id, list)
    return list
  }

  addCampaign(seed: CampaignSeed): Campaign {
    const campaign = completeCampaign(seed, this.assetId(seed.id), this.options.now())
    this.campaigns.set(campaign.id, campaign)
    return campaign
  }

  addProgram(seed: ProgramSeed): Program {
    const program = completeProgram(seed, this.assetId(seed.id), this.options.now())
    this.programs.set(program.id, program)
    return program
  }

  addChannel(seed: ChannelSeed): Channel {
    const now = this.options.now()
    const channel: Channel = { applicableProgramType: "program", createdAt: now, updatedAt: now, ...seed,
      id: this.assetId(seed.id) }
    this.channels.set(channel.id, channel)
    return channel
  }

  addFolder(seed: FolderSeed): Folder {
    const now = this.options.now()
    const folder: Folder = { parentId: undefined, folderType: seed.parentId === undefined ? "Zone" : "Marketing Folder",
      workspace: "Default", createdAt: now, updatedAt: now, ...seed, id: this.assetId(seed.id) }
    this.folders.set(folder.id, folder)
    return folder
  }

  addPartition(name: string, description?: string): Partition {
    const partition: Partition = { id: this.partitions.size + 1, name, description }
    this.partitions.set(partition.id, partition)
    return partition
  }

  addWorkspace(name: string): number {
    const id = this.workspaces.get(name) ?? this.workspaces.size + 1
    this.workspaces.set(name, id)
    return id
  }

  partitionByName(name: string): Partition | undefined {
    return [...this.partitions.values()].find((partition) => partition.name === name)
  }

  channelOf(program: Program): Channel | undefined {
    return [...this.channels.values()].find((channel) => channel.name === program.channel)
  }

  /** Removes the lead and its memberships. */
  deleteLead(leadId: number): boolean {
    if (!this.leads.delete(leadId)) {
      return false
    }
    this.lists.forEach((list) => list.members.delete(leadId))
    this.campaigns.forEach((campaign) => campaign.members.delete(leadId))
    this.programs.forEach((program) => program.members.delete(leadId))
    return true
  }

  /** Resets to an instance with one partition, one workspace and the root folders. */
  clear() {
    this.leads.clear()
    for (const assets of [this.lists, this.campaigns, this.programs, this.channels, this.folders, this.partitions]) {
      assets.clear()
    }
    this.workspaces.clear()
    this.bulkJobs = new BulkJobs()
    this.nextAssetId = 20001
    this.addBasics()
  }

  private addBasics() {
    this.addWorkspace("Default")
    this.addPartition("Default", "Main partition")
    this.addFolder({ id: 11, name: "Marketing Activities" })
    this.addFolder({ id: 12, name: "Lead Database" })
    this.addFolder({ id: 13, name: "Group Lists", parentId: 12 })
  }

  private assetId(wanted: number | undefined): number {
    const id = wanted ?? this.nextAssetId
    this.nextAssetId = Math.max(this.nextAssetId, id + 1)
    return id
  }
}
