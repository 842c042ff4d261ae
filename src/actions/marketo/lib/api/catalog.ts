import { MarketoError } from "../errors"
import { MarketoCaller } from "./caller"
import { noneIfNotFound } from "./client"
import { PageGuard } from "./paging"
import { Campaign, Envelope, StaticList, TargetKind } from "./types"

/** Something in Marketo that leads can be made members of, as a person knows it. */
export interface NamedTarget {
  kind: TargetKind
  /** Marketo's id, as digits. */
  id: string
  name: string
  /** Program, folder, channel or workspace, which tell things of one name apart; empty when there is none to tell. */
  place: string
  /** When it was last changed, else made, in ms since 1970; 0 when Marketo does not tell. */
  changedAt: number
  /** Name of the channel whose statuses its members have; programs only. */
  channel?: string
  /** Why a run cannot use it, in the words that end the sentence "It ..."; absent when it can. */
  obstacle?: string
}

/** A program of the asset family. Source: Marketo developer guide, "Programs". */
interface Program {
  id: number
  name: string
  channel?: string
  workspace?: string
  folder?: { folderName?: string }
  updatedAt?: string
  createdAt?: string
}

/** A smart campaign of the asset family. Source: Marketo developer guide, "Smart Campaigns". */
interface SmartCampaign {
  id: number
  name: string
  isRequestable?: boolean
  workspace?: string
  updatedAt?: string
  createdAt?: string
}

interface InWorkspace {
  workspaceName?: string
}

/** Most elements of a page. Source: Marketo developer guide, "Paging Tokens" and "Assets". */
const PAGE_OF_LEAD_DATABASE = 300
const PAGE_OF_ASSETS = 200

/** The workspace that every instance has: naming it tells nothing. */
const USUAL_WORKSPACE = "Default"

/** The API user may not make a call, or the instance no longer has it. */
const NOT_OFFERED = ["603", "610"]

/**
 * Looks through what an instance has: static lists, campaigns that can be requested, and programs.
 * Every method throws as MarketoCaller.send does.
 */
export class MarketoCatalog {
  constructor(private readonly caller: MarketoCaller) {}

  /** Calls back with every target of a kind that a run can use, page by page, in Marketo's order. */
  async eachTarget(kind: TargetKind, onPage: (page: NamedTarget[]) => void): Promise<void> {
    switch (kind) {
      case "list":
        return this.eachTokenPage<StaticList>("browse lists", "/rest/v1/lists.json",
          (page) => onPage(page.map(namedList)))
      case "campaign":
        return this.eachCampaign(onPage)
      case "program":
        return this.eachOffsetPage<Program>("browse programs", "/rest/asset/v1/programs.json",
          (page) => onPage(page.map(namedProgram)))
    }
  }

  /** Those of the ids that exist and that the API user can see, also when a run cannot use them. */
  async targetsById(kind: TargetKind, ids: string[]): Promise<NamedTarget[]> {
    if (kind === "campaign") {
      return this.campaignsById(ids)
    }
    return noneIfNotFound(kind === "list" ?
      this.firstPage<StaticList, NamedTarget>("get lists",
        `/rest/v1/lists.json?id=${ids.join(",")}&batchSize=${PAGE_OF_LEAD_DATABASE}`, namedList) :
      this.firstPage<Program, NamedTarget>("get programs",
        `/rest/asset/v1/programs.json?filterType=id&filterValues=${ids.join(",")}&maxReturn=${PAGE_OF_ASSETS}`,
        namedProgram))
  }

  /** Those that a run can use and that have exactly that name; one call. */
  async targetsByName(kind: TargetKind, name: string): Promise<NamedTarget[]> {
    const value = encodeURIComponent(name)
    switch (kind) {
      case "list":
        return noneIfNotFound(this.firstPage("find list by name", `/rest/v1/lists.json?name=${value}`, namedList))
      case "campaign":
        return noneIfNotFound(this.firstPage("find campaign by name",
          `/rest/v1/campaigns.json?name=${value}&isTriggerable=true`, namedCampaign))
      case "program":
        return noneIfNotFound(this.firstPage("find program by name",
          `/rest/asset/v1/program/byName.json?name=${value}`, namedProgram))
    }
  }

  /** The API user of a run may lack the permission for the older browse call but have the one for the newer. */
  private async eachCampaign(onPage: (page: NamedTarget[]) => void): Promise<void> {
    try {
      await this.eachTokenPage<Campaign>("browse campaigns", "/rest/v1/campaigns.json?isTriggerable=true",
        (page) => onPage(page.map(namedCampaign)))
    } catch (failure) {
      if (!(failure instanceof MarketoError) || !NOT_OFFERED.includes(failure.code ?? "")) {
        throw failure
      }
      await this.eachOffsetPage<SmartCampaign>("browse smart campaigns",
        "/rest/asset/v1/smartCampaigns.json?isActive=true",
        (page) => onPage(page.filter((campaign) => campaign.isRequestable === true).map(namedSmartCampaign)))
    }
  }

  private async campaignsById(ids: string[]): Promise<NamedTarget[]> {
    const path = `/rest/v1/campaigns.json?id=${ids.join(",")}&batchSize=${PAGE_OF_LEAD_DATABASE}`
    const all = await noneIfNotFound(this.firstPage<Campaign, Campaign>("get campaigns", path, (found) => found))
    const usable = all.length === 0 ? [] : await noneIfNotFound(
      this.firstPage<Campaign, number>("get campaigns", `${path}&isTriggerable=true`, (found) => found.id))
    return all.map((campaign) => usable.includes(campaign.id) ? namedCampaign(campaign) :
      { ...namedCampaign(campaign), obstacle: obstacleOf(campaign) })
  }

  private async firstPage<T, Wanted>(operation: string, path: string, wanted: (found: T) => Wanted): Promise<Wanted[]> {
    const envelope = await this.page<T>(operation, path)
    return (envelope.result ?? []).map(wanted)
  }

  private async eachTokenPage<T>(operation: string, path: string, onPage: (page: T[]) => void): Promise<void> {
    const pages = new PageGuard(operation)
    const first = `${path}${path.includes("?") ? "&" : "?"}batchSize=${PAGE_OF_LEAD_DATABASE}`
    let token: string | undefined
    do {
      const envelope: Envelope<T> = await this.page<T>(operation,
        token === undefined ? first : `${first}&nextPageToken=${encodeURIComponent(token)}`)
      onPage(envelope.result ?? [])
      token = pages.next(envelope)
    } while (token !== undefined)
  }

  private async eachOffsetPage<T>(operation: string, path: string, onPage: (page: T[]) => void): Promise<void> {
    const separator = path.includes("?") ? "&" : "?"
    for (let offset = 0; ; offset += PAGE_OF_ASSETS) {
      const envelope = await this.page<T>(operation,
        `${path}${separator}maxReturn=${PAGE_OF_ASSETS}&offset=${offset}`)
      const page = envelope.result ?? []
      onPage(page)
      if (page.length < PAGE_OF_ASSETS) {
        return
      }
    }
  }

  private async page<T>(operation: string, path: string): Promise<Envelope<T>> {
    return this.caller.send<T>({ operation, method: "GET", path, repetition: "always" })
  }
}

function namedList(list: StaticList): NamedTarget {
  return named("list", list, [list.programName, unusual(list.workspaceName)])
}

function namedCampaign(campaign: Campaign & InWorkspace): NamedTarget {
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

/** Asset calls write 2026-08-17T10:15:30Z+0000, which is no ISO 8601. */
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
