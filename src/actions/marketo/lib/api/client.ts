import { MAX_URI_BYTES, Pace } from "../configuration/limits"
import { MarketoError, OBJECT_NOT_FOUND } from "../errors"
import { MarketoCall, MarketoCaller } from "./caller"
import { MarketoTime } from "./clock"
import { PageGuard } from "./paging"
import { resultsById, resultsBySequence, resultsInOrder } from "./record_results"
import {
  Campaign, Channel, DailyUsage, Envelope, FoundLead, LeadSchema, NamedAsset, RecordResult, SchemaField, StaticList,
} from "./types"

/** What Sync Leads does with a lead that is known, or not. Source: Marketo developer guide, "Leads". */
export type SyncMode = "createOrUpdate" | "updateOnly" | "createOnly"

/** One Sync Leads call. */
export interface SyncLeadsCall {
  mode: SyncMode
  lookupField: string
  partitionName?: string
  /** One JSON text per lead, in the order in which the results come back. */
  leads: string[]
  onParked?: MarketoCall["onParked"]
  beforeAttempt?: MarketoCall["beforeAttempt"]
  onSent?: MarketoCall["onSent"]
}

/** A value given to a campaign's `{{my.name}}` token for one request. */
export interface CampaignToken {
  name: string
  value: string
}

/** Marketo's code for an asset that is not there. */
const NO_ASSET_FOUND = "702"

/**
 * One method per endpoint that the action uses. Knows paths, bodies and the shapes of answers; waiting, retrying and
 * the quota are the caller's. Every method throws as MarketoCaller.send does.
 */
export class MarketoClient {
  constructor(private readonly caller: MarketoCaller) {}

  /** The spans of time that calls observe. */
  get pace(): Pace {
    return this.caller.connection.pace
  }

  /** Marketo's own time at a moment of `performance.now()`, as far as answers have told it. */
  marketoTime(moment: number): MarketoTime | undefined {
    return this.caller.clock.at(moment)
  }

  /** Waits so many milliseconds because of a failure. Throws RunStoppedError. */
  async waitAfter(failure: MarketoError, milliseconds: number): Promise<void> {
    await this.caller.waitAfter(failure, milliseconds)
  }

  /**
   * Upserts up to 300 leads; one result per lead, in their order. A call that may have been executed is not repeated:
   * see lost_upsert.ts.
   */
  async syncLeads(call: SyncLeadsCall): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: "sync leads",
      method: "POST",
      path: "/rest/v1/leads.json",
      body: syncLeadsBody(call),
      repetition: "ifNotExecuted",
      goesFirst: true,
      answerTimeoutMs: this.pace.syncAnswerTimeoutMs,
      onParked: call.onParked,
      beforeAttempt: call.beforeAttempt,
      onSent: call.onSent,
    })
    return resultsInOrder(envelope, call.leads.length)
  }

  /** The remembered answer to a question about the instance, or what `ask` gives. Throws RunStoppedError, too. */
  async recall<T>(name: string, ask: () => Promise<T>): Promise<T> {
    return this.caller.recall(name, ask)
  }

  /** Adds up to 300 leads to a static list; one result per lead. */
  async addToList(listId: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: "add to list",
      method: "POST",
      path: `/rest/v1/lists/${listId}/leads.json`,
      body: JSON.stringify({ input: leadIds.map((id) => ({ id })) }),
      repetition: "always",
    })
    return resultsById(envelope, leadIds)
  }

  /** Removes up to 300 leads from a static list; one result per lead. */
  async removeFromList(listId: string, leadIds: number[]): Promise<RecordResult[]> {
    const path = `/rest/v1/lists/${listId}/leads.json?${leadIds.map((id) => `id=${id}`).join("&")}`
    if (path.length > MAX_URI_BYTES) {
      const half = Math.ceil(leadIds.length / 2)
      const first = await this.removeFromList(listId, leadIds.slice(0, half))
      return first.concat(await this.removeFromList(listId, leadIds.slice(half)))
    }
    const envelope = await this.caller.send<unknown>({
      operation: "remove from list", method: "DELETE", path, repetition: "always",
    })
    return resultsById(envelope, leadIds)
  }

  /** Sends up to 100 leads through a trigger campaign; all of them, or none. */
  async requestCampaign(campaignId: string, leadIds: number[], tokens: CampaignToken[] = []): Promise<void> {
    const leads = leadIds.map((id) => ({ id }))
    await this.caller.send<unknown>({
      operation: "request campaign",
      method: "POST",
      path: `/rest/v1/campaigns/${campaignId}/trigger.json`,
      body: JSON.stringify({ input: tokens.length === 0 ? { leads } : { leads, tokens } }),
      repetition: "ifNotExecuted",
      needsOwnConnection: true,
    })
  }

  /** Makes up to 300 leads members of a program with a status, or moves them on to it; one result per lead. */
  async setProgramStatus(programId: string, statusName: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: "set program status",
      method: "POST",
      path: `/rest/v1/programs/${programId}/members/status.json`,
      body: JSON.stringify({ statusName, input: leadIds.map((leadId) => ({ leadId })) }),
      repetition: "always",
    })
    return resultsBySequence(envelope, leadIds)
  }

  /** Ends the membership of up to 300 leads in a program; one result per lead. */
  async removeFromProgram(programId: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: "remove from program",
      method: "POST",
      path: `/rest/v1/programs/${programId}/members/delete.json`,
      body: JSON.stringify({ input: leadIds.map((leadId) => ({ leadId })) }),
      repetition: "always",
    })
    return resultsBySequence(envelope, leadIds)
  }

  /** Calls back with the id of every member of a static list. */
  async eachListMember(listId: string, callback: (leadId: number) => void): Promise<void> {
    const path = `/rest/v1/lists/${listId}/leads.json?fields=id&batchSize=300`
    await this.eachPage<{ id: number }>("read list members", path, (members) => {
      members.forEach((member) => callback(Number(member.id)))
    })
  }

  /**
   * The static lists that Marketo finds by a name; those of one name in several folders, programs or workspaces are
   * all there. Names with a comma cannot be searched. Source: Marketo developer guide, "Assets".
   */
  async staticListsByName(name: string): Promise<NamedAsset[]> {
    return this.assetsByName(read(
      "find list", `/rest/asset/v1/staticList/byName.json?name=${encodeURIComponent(name)}`))
  }

  /** The folders that Marketo finds by a name; with workspaces there may be several. */
  async foldersByName(name: string): Promise<NamedAsset[]> {
    return this.assetsByName(read("find folder",
      `/rest/asset/v1/folder/byName.json?name=${encodeURIComponent(name)}&type=Folder`))
  }

  /** Makes a static list. A second one of the same name is refused with code 709. */
  async createStaticList(name: string, folderId: number): Promise<{ id: number }> {
    const envelope = await this.caller.send<{ id: number }>({
      operation: "create list",
      method: "POST",
      path: "/rest/asset/v1/staticLists.json",
      form: { name, folder: JSON.stringify({ id: folderId, type: "Folder" }) },
      repetition: "ifNotExecuted",
      needsOwnConnection: true,
    })
    const [created] = envelope.result ?? []
    if (created === undefined) {
      throw new MarketoError("unavailable", `Marketo did not tell the ID of the new list "${name}".`,
        { maybeExecuted: true })
    }
    return created
  }

  /** The leads whose field has one of up to 300 values, with that field, their id, and more fields of theirs. */
  async leadsByFilter(field: string, values: string[], moreFields: "createdAt"[] = []): Promise<FoundLead[]> {
    const found: FoundLead[] = []
    const fields = [...new Set(["id", field, ...moreFields])].join(",")
    const pages = new PageGuard("look leads up")
    let token: string | undefined
    do {
      const envelope: Envelope<{ [name: string]: unknown }> = await this.caller.send({
        operation: "look leads up",
        method: "POST",
        path: "/rest/v1/leads.json?_method=GET",
        form: {
          filterType: field, filterValues: values.join(","), fields,
          batchSize: "300", ...(token === undefined ? {} : { nextPageToken: token }),
        },
        repetition: "always",
        goesFirst: true,
      })
      for (const lead of envelope.result ?? []) {
        found.push({ id: Number(lead.id), value: lead[field], createdAt: lead.createdAt })
      }
      token = pages.next(envelope)
    } while (token !== undefined)
    return found
  }

  /** Those of the static lists that exist. */
  async staticListsById(ids: string[]): Promise<StaticList[]> {
    return this.pages<StaticList>("get lists", `/rest/v1/lists.json?id=${ids.join(",")}&batchSize=300`)
  }

  /** Those of the campaigns that exist; with `isTriggerable`, those that can be requested. */
  async campaignsById(ids: string[], isTriggerable: boolean): Promise<Campaign[]> {
    const filter = isTriggerable ? "&isTriggerable=true" : ""
    return this.pages<Campaign>("get campaigns", `/rest/v1/campaigns.json?id=${ids.join(",")}${filter}&batchSize=300`)
  }

  /** A program and the name of its channel; undefined when there is none with that id. */
  async programById(id: string): Promise<{ name: string, channel?: string } | undefined> {
    try {
      const envelope = await this.caller.send<{ name: string, channel?: string }>(
        read("get program", `/rest/asset/v1/program/${id}.json`))
      return (envelope.result ?? [])[0]
    } catch (failure) {
      if (failure instanceof MarketoError && (failure.code === NO_ASSET_FOUND || failure.code === OBJECT_NOT_FOUND)) {
        return undefined
      }
      throw failure
    }
  }

  /** The names of the statuses that members of a channel's programs can be given. */
  async channelStatuses(channelName: string): Promise<string[]> {
    const envelope = await this.caller.send<Channel>(
      read("get channel", `/rest/asset/v1/channel/byName.json?name=${encodeURIComponent(channelName)}`))
    const [channel] = (envelope.result ?? []) as (Channel | undefined)[]
    // Step 0 is "Not in Program": leaving is another call.
    return channel === undefined ? [] : (channel.progressionStatuses ?? [])
      .filter((status) => status.hidden !== true && status.step !== 0).map((status) => status.name)
  }

  /** The names of the lead partitions that the API user can see. */
  async partitions(): Promise<string[]> {
    const envelope = await this.caller.send<{ name: string }>(read("get partitions", "/rest/v1/leads/partitions.json"))
    return (envelope.result ?? []).map((partition) => partition.name)
  }

  /** The lead fields of the instance. */
  async describeLeads(): Promise<LeadSchema> {
    const envelope = await this.caller.send<LeadSchema>(read("describe leads", "/rest/v1/leads/describe2.json"))
    const schema = (envelope.result ?? [])[0] as Partial<LeadSchema> | undefined
    if (schema === undefined || !Array.isArray(schema.fields)) {
      throw new MarketoError("rejected", "Marketo did not tell its lead fields.")
    }
    const searchable: unknown[] = Array.isArray(schema.searchableFields) ? schema.searchableFields : []
    const fields: unknown[] = schema.fields
    return {
      // An entry without a name cannot be used over REST.
      fields: fields.filter((field): field is SchemaField => typeof (field as SchemaField | null)?.name === "string"),
      searchableFields: searchable.filter((names): names is string[] => Array.isArray(names)),
    }
  }

  /** Calls used today by all integrations of the instance. */
  async usageToday(): Promise<DailyUsage | undefined> {
    const envelope = await this.caller.send<DailyUsage>(read("read usage", "/rest/v1/stats/usage.json"))
    return (envelope.result ?? [])[0]
  }

  /** SOAP names of lead fields, and the REST API names of the same fields; newer fields have no SOAP name. */
  async soapNames(): Promise<Map<string, string>> {
    const envelope = await this.caller.send<{ rest?: { name?: string }, soap?: { name?: string } }>(
      read("describe leads with SOAP names", "/rest/v1/leads/describe.json"))
    const names = new Map<string, string>()
    for (const { rest, soap } of envelope.result ?? []) {
      // An entry without a REST API name cannot be used over REST.
      if (rest?.name !== undefined && soap?.name !== undefined) {
        names.set(soap.name, rest.name)
      }
    }
    return names
  }

  private async assetsByName(call: MarketoCall): Promise<NamedAsset[]> {
    const found = await noneIfNotFound(this.caller.send<Partial<NamedAsset>>(call)
      .then((envelope) => envelope.result ?? []))
    return found.map(({ id, name, ...others }) => {
      if (!Number.isSafeInteger(Number(id)) || Number(id) <= 0 || typeof name !== "string") {
        throw new MarketoError("unavailable", "Marketo's answer to a search by name is not usable.")
      }
      return { ...others, id: Number(id), name }
    })
  }

  private async pages<T>(operation: string, path: string): Promise<T[]> {
    const all: T[] = []
    await this.eachPage<T>(operation, path, (page) => { all.push(...page) })
    return all
  }

  private async eachPage<T>(operation: string, path: string, callback: (page: T[]) => void): Promise<void> {
    const pages = new PageGuard(operation)
    let token: string | undefined
    do {
      const next = token === undefined ? "" : `&nextPageToken=${encodeURIComponent(token)}`
      const envelope: Envelope<T> = await this.caller.send<T>(read(operation, path + next))
      callback(envelope.result ?? [])
      token = pages.next(envelope)
    } while (token !== undefined)
  }
}

/**
 * The body of a Sync Leads call; the leads come as JSON texts, since they were measured that way. A partition is where
 * leads are created, and has no meaning for updates. Source: Marketo developer guide, "Leads".
 */
export function syncLeadsBody(call: Pick<SyncLeadsCall, "mode" | "lookupField" | "partitionName" | "leads">): string {
  const partition = call.partitionName === undefined || call.mode === "updateOnly" ? "" :
    `,"partitionName":${JSON.stringify(call.partitionName)}`
  return `{"action":"${call.mode}","lookupField":${JSON.stringify(call.lookupField)}${partition},` +
    `"input":[${call.leads.join(",")}]}`
}

/** What was found; nothing, where an instance says with an error that there is nothing. */
export async function noneIfNotFound<T>(promise: Promise<T[]>): Promise<T[]> {
  try {
    return await promise
  } catch (failure) {
    if (failure instanceof MarketoError && (failure.code === OBJECT_NOT_FOUND || failure.code === NO_ASSET_FOUND)) {
      return []
    }
    throw failure
  }
}

function read(operation: string, path: string): MarketoCall {
  return { operation, method: "GET", path, repetition: "always" }
}
