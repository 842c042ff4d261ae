import { Parameters } from "../calls/parameters"

/** The calls that a rule applies to. Every given member must fit. */
export interface FaultMatch {
  /** Name(s) of operations as in the ledger, e.g. "syncLeads", "identity". */
  operation?: string | string[]
  /** Exact path, or a pattern for it. */
  path?: string | RegExp
  method?: string
  clientId?: string
  /** The call's JSON input has a record with this value in any member, or a filter asks for it (without case). */
  lookupValue?: string | number
  /** The call is about this lead, or one of these: by id in its JSON input or its query. */
  leadId?: number | number[]
  /** The call carries more records, ids or filter values than this. */
  batchOver?: number
  /** Its body has more bytes than this. */
  bodyBytesOver?: number
}

/** The parts of a call that the rules look at. */
export interface FaultSubject {
  operation: string
  path: string
  method: string
  clientId: string | undefined
  json: unknown
  parameters: Parameters
  bodyBytes: number
}

export function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (!match) {
    return true
  }
  const { operation, path, method, clientId, lookupValue, leadId, batchOver, bodyBytesOver } = match
  return (operation === undefined || oneOrMore(operation).includes(subject.operation))
    && (path === undefined || (typeof path === "string" ? path === subject.path : path.test(subject.path)))
    && (method === undefined || method === subject.method)
    && (clientId === undefined || clientId === subject.clientId)
    && (lookupValue === undefined || asksFor(subject, lookupValue))
    && (leadId === undefined || oneOrMore(leadId).some((id) => isAbout(subject, id)))
    && (batchOver === undefined || batchSize(subject) > batchOver)
    && (bodyBytesOver === undefined || subject.bodyBytes > bodyBytesOver)
}

/** Returns the records of a call's JSON input, wherever the operation has them. */
export function inputRecords(json: unknown): unknown[] {
  const input = (json as { input?: unknown } | undefined)?.input
  const leads = (input as { leads?: unknown } | undefined)?.leads
  return Array.isArray(input) ? input : Array.isArray(leads) ? leads : []
}

/** Returns true if any member of the record has that value, text compared without case. */
export function holdsValue(record: unknown, wanted: string | number): boolean {
  const text = String(wanted).toLowerCase()
  return typeof record === "object" && record !== null
    && Object.values(record).some((value) => String(value).toLowerCase() === text)
}

function asksFor({ json, parameters }: FaultSubject, wanted: string | number): boolean {
  const text = String(wanted).toLowerCase()
  return inputRecords(json).some((record) => holdsValue(record, wanted))
    || parameters.list("filterValues").some((value) => value.toLowerCase() === text)
}

function isAbout({ json, parameters }: FaultSubject, leadId: number): boolean {
  const text = String(leadId)
  return parameters.list("id").includes(text) || inputRecords(json).some((record) => {
    const { id, leadId: memberId } = (record ?? {}) as { id?: unknown, leadId?: unknown }
    return String(id) === text || String(memberId) === text
  })
}

function batchSize({ json, parameters }: FaultSubject): number {
  return Math.max(inputRecords(json).length, parameters.list("id").length, parameters.list("filterValues").length)
}

function oneOrMore<T>(wanted: T | T[]): T[] {
  return Array.isArray(wanted) ? wanted : [wanted]
}
