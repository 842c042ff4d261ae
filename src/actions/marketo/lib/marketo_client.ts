import { MarketoError, problemsOf } from "./errors"
import { MAX_URI_BYTES } from "./limits"
import { MarketoCall, MarketoCaller } from "./marketo_caller"
import {
  Campaign, DailyUsage, Envelope, LeadSchema, MarketoProblem, RecordResult, StaticList,
} from "./marketo_types"

/** What Sync Leads does with a lead that is known, or not. Source: Marketo developer guide, "Leads". */
export type SyncMode = "createOrUpdate" | "updateOnly" | "createOnly"

/** One Sync Leads call. */
export interface SyncLeadsCall {
  mode: SyncMode
  lookupField: string
  partitionName?: string
  /** One JSON text per lead, in the order in which the results come back. */
  leads: string[]
  onParked?: (isParked: boolean) => void
}

/** A value given to a campaign's `{{my.name}}` token for one request. */
export interface CampaignToken {
  name: string
  value: string
}

/**
 * One method per endpoint that the action uses. Knows paths, bodies and the shapes of answers; waiting, retrying and
 * the quota are the caller's. Every method throws as MarketoCaller.send does.
 */
export class MarketoClient {
  constructor(private readonly caller: MarketoCaller) {}

  /** Upserts up to 300 leads; one result per lead, in their order. */
  async syncLeads(call: SyncLeadsCall): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: "sync leads",
      method: "POST",
      path: "/rest/v1/leads.json",
      body: syncLeadsBody(call),
      repetition: call.mode === "updateOnly" ? "always" : "afterServerTimeout",
      answerTimeoutMs: this.caller.connection.pace.syncAnswerTimeoutMs,
      onParked: call.onParked,
    })
    return resultsInOrder(envelope, call.leads.length)
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
      repetition: "never",
    })
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

  /** The lead fields of the instance. */
  async describeLeads(): Promise<LeadSchema> {
    const envelope = await this.caller.send<LeadSchema>(read("describe leads", "/rest/v1/leads/describe2.json"))
    const schema = (envelope.result ?? [])[0] as Partial<LeadSchema> | undefined
    if (schema === undefined || !Array.isArray(schema.fields)) {
      throw new MarketoError("unavailable", "Marketo did not tell its lead fields.")
    }
    return { fields: schema.fields, searchableFields: schema.searchableFields ?? [] }
  }

  /** Calls used today by all integrations of the instance. */
  async usageToday(): Promise<DailyUsage | undefined> {
    const envelope = await this.caller.send<DailyUsage>(read("read usage", "/rest/v1/stats/usage.json"))
    return (envelope.result ?? [])[0]
  }

  private async pages<T>(operation: string, path: string): Promise<T[]> {
    const all: T[] = []
    const seen = new Set<string>()
    let token: string | undefined
    do {
      const next = token === undefined ? "" : `&nextPageToken=${encodeURIComponent(token)}`
      const envelope: Envelope<T> = await this.caller.send<T>(read(operation, path + next))
      all.push(...(envelope.result ?? []))
      token = envelope.moreResult === false ? undefined : envelope.nextPageToken
      if (token !== undefined && seen.has(token)) {
        throw new MarketoError("unavailable", `Marketo repeats the same page of results (${operation}).`)
      }
      seen.add(token ?? "")
    } while (token !== undefined)
    return all
  }
}

/** The body of a Sync Leads call; the leads come as JSON texts, since they were measured that way. */
export function syncLeadsBody(call: Pick<SyncLeadsCall, "mode" | "lookupField" | "partitionName" | "leads">): string {
  const partition = call.partitionName === undefined ? "" : `,"partitionName":${JSON.stringify(call.partitionName)}`
  return `{"action":"${call.mode}","lookupField":${JSON.stringify(call.lookupField)}${partition},` +
    `"input":[${call.leads.join(",")}]}`
}

function read(operation: string, path: string): MarketoCall {
  return { operation, method: "GET", path, repetition: "always" }
}

/** Why a record was skipped; never empty. */
export function reasonsOf(result: RecordResult): MarketoProblem[] {
  const reasons = result.reasons ?? []
  return reasons.length > 0 ? reasons : [{ code: "", message: "Marketo skipped this lead without giving a reason" }]
}

/** Results are matched by position only, so that another number of them tells nothing. Source: "Leads". */
function resultsInOrder(envelope: Envelope<unknown>, expected: number): RecordResult[] {
  const results = Array.isArray(envelope.result) ? envelope.result.map(recordResult) : []
  if (results.length !== expected) {
    throw new MarketoError("unavailable",
      `Marketo answered for ${results.length} of ${expected} leads, so that no result can be told apart.`,
      { requestId: envelope.requestId, maybeExecuted: true })
  }
  return results
}

/** The results of a membership call, one per lead asked for, in that order; Marketo names the leads by id. */
function resultsById(envelope: Envelope<unknown>, leadIds: number[]): RecordResult[] {
  const results = (Array.isArray(envelope.result) ? envelope.result : []).map(recordResult)
  const byId = new Map<number, RecordResult>()
  for (const result of results) {
    if (result.id !== undefined) {
      byId.set(result.id, result)
    }
  }
  if (leadIds.every((id) => byId.has(id))) {
    return leadIds.map((id) => byId.get(id) as RecordResult)
  }
  return resultsInOrder(envelope, leadIds.length)
}

function recordResult(value: unknown): RecordResult {
  const entry = (typeof value === "object" && value !== null ? value : {}) as {
    id?: unknown, leadId?: unknown, seq?: unknown, status?: unknown, reasons?: unknown, reason?: unknown,
  }
  // Adobe's API description names a single `reason` for leads; real answers carry `reasons`.
  const reasons: MarketoProblem[] = problemsOf(entry.reasons ?? (entry.reason === undefined ? [] : [entry.reason]))
  return {
    id: numberOf(entry.id),
    leadId: numberOf(entry.leadId),
    seq: numberOf(entry.seq),
    status: typeof entry.status === "string" ? entry.status : undefined,
    reasons,
  }
}

function numberOf(value: unknown): number | undefined {
  const parsed = typeof value === "string" && value !== "" ? Number(value) : value
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined
}
