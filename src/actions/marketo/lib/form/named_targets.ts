import { MarketoClient } from "../api/client"
import { Campaign, Program, SmartCampaign, StaticList, TargetKind } from "../api/types"
import { ACCESS_DENIED, MarketoError, RESOURCE_NOT_FOUND } from "../errors"

/** Something in Marketo that leads can be made members of, as a person knows it. */
export interface NamedTarget {
  kind: TargetKind
  /** Marketo's id, as digits. */
  id: string
  name: string
  /** Program, folder, channel or workspace, which set things of one name apart; empty if none is known. */
  place: string
  /** Ms since 1970 of the last change, else of the creation; 0 if Marketo gives neither. */
  changedAt: number
  /** Name of the channel whose statuses its members have; programs only. */
  channel?: string
  /** The reason why a run cannot use it, in the words that end the sentence "It ..."; absent if it can. */
  obstacle?: string
}

/** The workspace that every instance has: its name sets nothing apart. */
const USUAL_WORKSPACE = "Default"

/** The API user may not make a call, or the instance no longer has it. */
const NOT_OFFERED = [ACCESS_DENIED, RESOURCE_NOT_FOUND]

/** Ids that are looked up in one call. */
const IDS_IN_A_CALL = 100

/**
 * Calls back with every target of a kind that a run can use, page by page; with `onlyIds`, with those of them alone,
 * which are looked up instead of being read with all the others. Throws as MarketoCaller.send does.
 */
export async function eachTarget(
  client: MarketoClient, kind: TargetKind, onPage: (page: NamedTarget[]) => void, onlyIds?: string[],
): Promise<void> {
  if (onlyIds !== undefined) {
    return eachOfThese(client, kind, onlyIds, onPage)
  }
  switch (kind) {
    case "list":
      return client.lists.each((page) => onPage(page.map(namedList)))
    case "campaign":
      return eachCampaign(client, onPage)
    case "program":
      return client.programs.each((page) => onPage(page.map(namedProgram)))
  }
}

/** Finds those of the ids that exist and that the API user can see, also if a run cannot use them. */
export async function targetsById(client: MarketoClient, kind: TargetKind, ids: string[]): Promise<NamedTarget[]> {
  switch (kind) {
    case "list":
      return (await client.lists.byId(ids)).map(namedList)
    case "campaign":
      return campaignsById(client, ids)
    case "program":
      return (await client.programs.byId(ids)).map(namedProgram)
  }
}

/** Finds those that a run can use and that have exactly that name. */
export async function targetsByName(client: MarketoClient, kind: TargetKind, name: string): Promise<NamedTarget[]> {
  switch (kind) {
    case "list":
      return (await client.lists.byName(name)).map(namedList)
    case "campaign":
      return (await client.campaigns.triggerableByName(name)).map(namedCampaign)
    case "program":
      return (await client.programs.byName(name)).map(namedProgram)
  }
}

async function eachOfThese(
  client: MarketoClient, kind: TargetKind, ids: string[], onPage: (page: NamedTarget[]) => void,
): Promise<void> {
  for (let from = 0; from < ids.length; from += IDS_IN_A_CALL) {
    const some = ids.slice(from, from + IDS_IN_A_CALL)
    try {
      onPage((await targetsById(client, kind, some)).filter(({ obstacle }) => obstacle === undefined))
    } catch (failure) {
      if (kind !== "campaign" || !isNotOffered(failure)) {
        throw failure
      }
      return eachCampaign(client, (page) => onPage(page.filter(({ id }) => ids.includes(id))))
    }
  }
}

/** The API user of a run may lack the permission for the older browse call but have the one for the newer. */
async function eachCampaign(client: MarketoClient, onPage: (page: NamedTarget[]) => void): Promise<void> {
  try {
    await client.campaigns.eachTriggerable((page) => onPage(page.map(namedCampaign)))
  } catch (failure) {
    if (!isNotOffered(failure)) {
      throw failure
    }
    await client.campaigns.eachRequestableAsset((page) => onPage(page.map(namedSmartCampaign)))
  }
}

function isNotOffered(failure: unknown): boolean {
  return failure instanceof MarketoError && NOT_OFFERED.includes(failure.code ?? "")
}

async function campaignsById(client: MarketoClient, ids: string[]): Promise<NamedTarget[]> {
  const all = await client.campaigns.byId(ids, false)
  const usable = all.length === 0 ? [] : (await client.campaigns.byId(ids, true)).map((campaign) => campaign.id)
  return all.map((campaign) => usable.includes(campaign.id) ? namedCampaign(campaign) :
    { ...namedCampaign(campaign), obstacle: obstacleOf(campaign) })
}

function namedList(list: StaticList): NamedTarget {
  return named("list", list, [list.programName, unusual(list.workspaceName)])
}

function namedCampaign(campaign: Campaign): NamedTarget {
  return named("campaign", campaign, [campaign.programName, unusual(campaign.workspaceName)])
}

function namedSmartCampaign(campaign: SmartCampaign): NamedTarget {
  return named("campaign", campaign, [unusual(campaign.workspace)])
}

function namedProgram(program: Program): NamedTarget {
  const places = [program.channel, program.folder?.folderName, unusual(program.workspace)]
  return { ...named("program", program, places), channel: program.channel }
}

function named(
  kind: TargetKind, asset: { id: number, name: string, updatedAt?: string, createdAt?: string },
  places: (string | undefined)[],
): NamedTarget {
  return {
    kind,
    id: String(asset.id),
    name: asset.name,
    place: places.filter((place) => place !== undefined && place !== "").join(", "),
    changedAt: moment(asset.updatedAt ?? asset.createdAt),
  }
}

function unusual(workspace: string | undefined): string | undefined {
  return workspace === USUAL_WORKSPACE ? undefined : workspace
}

/** Reads a time; asset calls write 2026-08-17T10:15:30Z+0000, which is no ISO 8601. */
function moment(timestamp: string | undefined): number {
  const parsed = Date.parse((timestamp ?? "").replace(/\+0000$/, ""))
  return Number.isNaN(parsed) ? 0 : parsed
}

function obstacleOf(campaign: Campaign): string {
  if (campaign.type !== undefined && campaign.type !== "trigger") {
    return `is a ${campaign.type} campaign, and only trigger campaigns can be requested`
  }
  return campaign.active === false ? "is not active in Marketo" :
    "cannot be requested, since its smart list lacks the trigger \"Campaign is Requested\" from the Web Service API"
}
