import { MarketoError } from "../errors"
import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { PageGuard } from "./paging"
import { resultsInOrder } from "./record_results"
import { Envelope, FoundLead, LeadSchema, RecordResult, SchemaField } from "./types"

/** What Sync Leads does with a lead that is known, or not. Source: Marketo developer guide, "Leads". */
export type SyncMode = "createOrUpdate" | "updateOnly" | "createOnly"

/** The most bytes of UTF-8 that one UTF-16 unit becomes. */
const MOST_BYTES_PER_UNIT = 3

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
    const schema = (envelope.result ?? [])[0] as Partial<LeadSchema> | undefined
    if (schema === undefined || !Array.isArray(schema.fields)) {
      throw new MarketoError("rejected", "Marketo's answer does not contain its lead fields.")
    }
    const searchable: unknown[] = Array.isArray(schema.searchableFields) ? schema.searchableFields : []
    const fields: unknown[] = schema.fields
    return {
      // An entry without a name cannot be used over REST.
      fields: fields.filter((field): field is SchemaField => typeof (field as SchemaField | null)?.name === "string"),
      searchableFields: searchable.filter((names): names is string[] => Array.isArray(names)),
    }
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
 *
 * It is never one string: V8 gives each string beyond 128 KB memory of its own from the operating system, and takes
 * it away again, which costs a millisecond a call.
 */
export function syncLeadsBody(call: Pick<SyncLeadsCall, "mode" | "lookupField" | "partitionName" | "leads">): Buffer {
  const partition = call.partitionName === undefined || call.mode === "updateOnly" ? "" :
    `,"partitionName":${JSON.stringify(call.partitionName)}`
  const head = `{"action":"${call.mode}","lookupField":${JSON.stringify(call.lookupField)}${partition},"input":[`
  const bytes = call.leads.reduce((sum, lead) => sum + Buffer.byteLength(lead) + 1, head.length * MOST_BYTES_PER_UNIT)
  const body = Buffer.allocUnsafe(bytes + 2)
  let end = body.write(head)
  call.leads.forEach((lead, index) => {
    end += index === 0 ? 0 : body.write(",", end)
    end += body.write(lead, end)
  })
  end += body.write("]}", end)
  return body.slice(0, end)
}
