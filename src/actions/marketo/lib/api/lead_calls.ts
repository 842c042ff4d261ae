import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { PageGuard } from "./paging"
import { bodyOfRecords } from "./record_body"
import { resultsInOrder } from "./record_results"
import { schemaIn } from "./schema_answer"
import { Envelope, FoundLead, LeadSchema, RecordResult } from "./types"

/** What Sync Leads does with a lead that is known, or not. Source: Marketo developer guide, "Leads". */
export type SyncMode = "createOrUpdate" | "updateOnly" | "createOnly"

/** One Sync Leads call. */
export interface SyncLeadsCall {
  mode: SyncMode
  lookupField: string
  partitionName?: string
  /** One JSON text per lead, in the order in which the results come back. */
  leads: string[]
  /** See MarketoCall. */
  beforeAttempt?: () => void
  /** See MarketoCall. */
  onSent?: () => void
}

/** The calls that are about leads and their fields. Every method throws as MarketoCaller.send does. */
export class LeadCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /**
   * Upserts up to 300 leads; one result per lead, in their order. A call that may have been executed is not repeated:
   * see lost_upsert.ts.
   */
  async sync(call: SyncLeadsCall): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: OPERATIONS.syncLeads,
      body: syncLeadsBody(call),
      answerTimeoutMs: this.caller.connection.pace.syncAnswerTimeoutMs,
      beforeAttempt: call.beforeAttempt,
      onSent: call.onSent,
    })
    return resultsInOrder(envelope, call.leads.length)
  }

  /**
   * Finds the leads whose field has one of up to 300 values, with that field, their id, and more fields of theirs. A
   * page has 300 leads, and is a call; more pages than `mostPages` are not read.
   */
  async find(
    field: string, values: string[], moreFields: string[] = [], mostPages = Infinity,
  ): Promise<FoundLead[]> {
    const found: FoundLead[] = []
    const fields = [...new Set(["id", field, ...moreFields])].join(",")
    const pages = new PageGuard(OPERATIONS.findLeads.name)
    let token: string | undefined
    let pagesRead = 0
    do {
      const envelope: Envelope<{ [name: string]: unknown }> = await this.caller.send({
        operation: OPERATIONS.findLeads,
        form: {
          filterType: field, filterValues: values.join(","), fields,
          batchSize: "300", ...(token === undefined ? {} : { nextPageToken: token }),
        },
      })
      for (const lead of envelope.result ?? []) {
        const { createdAt, updatedAt, leadPartitionId } = lead
        found.push({ id: Number(lead.id), value: lead[field], createdAt, updatedAt, leadPartitionId, fields: lead })
      }
      token = pages.next(envelope)
      pagesRead++
    } while (token !== undefined && pagesRead < mostPages)
    return found
  }

  /** Reads the lead fields of the instance. */
  async describe(): Promise<LeadSchema> {
    const envelope = await this.caller.send<LeadSchema>({ operation: OPERATIONS.describeLeads })
    return schemaIn(envelope, "lead fields")
  }

  /** Reads the SOAP names of lead fields, with the REST API names of the same fields; newer fields have none. */
  async soapNames(): Promise<Map<string, string>> {
    const envelope = await this.caller.send<{ rest?: { name?: string }, soap?: { name?: string } }>(
      { operation: OPERATIONS.describeLeadsWithSoapNames })
    const names = new Map<string, string>()
    for (const { rest, soap } of envelope.result ?? []) {
      // An entry without a REST API name cannot be used over REST.
      if (rest?.name !== undefined && soap?.name !== undefined) {
        names.set(soap.name, rest.name)
      }
    }
    return names
  }

  /** Reads the lead partitions that the API user can see. */
  async partitions(): Promise<{ id: number, name: string }[]> {
    const envelope = await this.caller.send<{ id: number, name: string }>({ operation: OPERATIONS.getPartitions })
    return envelope.result ?? []
  }
}

/**
 * Returns the body of a Sync Leads call, in UTF-8; the leads come as JSON texts, since they were measured that way. A
 * partition is where leads are created, and has no meaning for updates. Source: Marketo developer guide, "Leads".
 */
export function syncLeadsBody(call: Pick<SyncLeadsCall, "mode" | "lookupField" | "partitionName" | "leads">): Buffer {
  const partition = call.partitionName === undefined || call.mode === "updateOnly" ? "" :
    `,"partitionName":${JSON.stringify(call.partitionName)}`
  return bodyOfRecords(
    `{"action":"${call.mode}","lookupField":${JSON.stringify(call.lookupField)}${partition},"input":[`, call.leads)
}
