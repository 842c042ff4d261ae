import { SeededRandom } from "./seeded_random"

/** What goes wrong. Unless it says otherwise, the call is not executed. */
export type FaultEffect =
  /** Response-level failure. With `executes` the work is done first: the ambiguous case. */
  | { kind: "error", code: string, message?: string, executes?: boolean }
  /** An HTTP error as a gateway answers it, with an HTML body unless another is given. */
  | { kind: "http", status: number, body?: string, contentType?: string, executes?: boolean }
  /** The call's work takes so many ms longer (which widens its key race); other rules may add their effects. */
  | { kind: "delay", ms: number }
  /** The connection is reset, before or after the work is done. */
  | { kind: "reset", when: "before" | "after" }
  /** The work is done, but no answer ever comes. */
  | { kind: "hang" }
  /** The work is done; the announced answer breaks off after this share of it (default half). */
  | { kind: "truncate", share?: number }
  /** The work is done; the answer is complete but its JSON is cut in half, or is this text. */
  | { kind: "malformed", text?: string }
  /** The work is done; HTTP 200 without a body. */
  | { kind: "emptyBody" }
  /** The work is done; `result` is so many elements longer (repeating the last) or shorter (negative). */
  | { kind: "resultLength", difference: number }
  /** The work is done; the answer comes in pieces of `bytes` every `everyMs`. */
  | { kind: "slowDrip", bytes: number, everyMs: number }
  /** Sync Leads: the records at these positions, or those with the lookup value, are skipped with this reason. */
  | { kind: "record", code: string, message: string, positions?: number[], lookupValue?: string }
  /** All tokens of the calling client end their life; this call gets 602. */
  | { kind: "expireToken" }
  /** The day's quota is used up from this call on: it gets 607. */
  | { kind: "dailyQuotaReached" }

export interface FaultMatch {
  /** Name(s) of operations as in the ledger, e.g. "syncLeads", "identity". */
  operation?: string | string[]
  /** Exact path, or a pattern for it. */
  path?: string | RegExp
  method?: string
  clientId?: string
  /** The call's JSON input holds a record with this value in any member (text compared without case). */
  lookupValue?: string | number
}

export interface FaultRule {
  match?: FaultMatch
  /** Only these matching calls, counted from 1. */
  nth?: number | number[]
  /** Every second, third… matching call. */
  every?: number
  /** Chance for each matching call, 0 to 1, from the sandbox's seeded generator. Default 1. */
  probability?: number
  /** How often the rule takes effect before it is spent. Default no limit (`failNext`: 1). */
  times?: number
  /** Of several, the seeded generator picks one each time. */
  effect: FaultEffect | FaultEffect[]
}

/** What of a call the rules look at. */
export interface FaultSubject {
  operation: string
  path: string
  method: string
  clientId: string | undefined
  json: unknown
}

interface ActiveRule {
  rule: FaultRule
  matched: number
  fired: number
}

/**
 * The scripted and random faults. Rules are asked in the order they were added, about calls that have passed
 * authentication and limits (and about identity calls); a delay adds up, of the rest the first that fires counts.
 */
export class Faults {
  private rules: ActiveRule[] = []

  constructor(private readonly random: SeededRandom) {}

  /** Adds a rule; the returned function removes it. */
  add(rule: FaultRule): () => void {
    const active = { rule, matched: 0, fired: 0 }
    this.rules.push(active)
    return () => {
      this.rules = this.rules.filter((other) => other !== active)
    }
  }

  clear() {
    this.rules = []
  }

  /** Rules with the number of times each has matched and fired. */
  state(): { rule: FaultRule, matched: number, fired: number }[] {
    return this.rules.map((active) => ({ ...active }))
  }

  effectsFor(subject: FaultSubject): { delayMs: number, effect: FaultEffect | undefined } {
    let delayMs = 0
    let effect: FaultEffect | undefined
    for (const active of this.rules) {
      if (!matches(active.rule.match, subject) || !this.fires(active)) {
        continue
      }
      active.fired++
      const picked = this.pick(active.rule.effect)
      if (picked?.kind === "delay") {
        delayMs += picked.ms
      } else if (picked) {
        effect = picked
        break
      }
    }
    return { delayMs, effect }
  }

  private pick(effect: FaultEffect | FaultEffect[]): FaultEffect | undefined {
    return Array.isArray(effect) ? effect[Math.floor(this.random.next() * effect.length)] : effect
  }

  private fires(active: ActiveRule): boolean {
    const { nth, every, probability = 1, times = Infinity } = active.rule
    active.matched++
    if (active.fired >= times || (every !== undefined && active.matched % every !== 0)) {
      return false
    }
    if (nth !== undefined && !(Array.isArray(nth) ? nth : [nth]).includes(active.matched)) {
      return false
    }
    return probability >= 1 || this.random.next() < probability
  }
}

/** The usual text of a response-level code, for faults that do not bring their own. */
export const USUAL_MESSAGES: Readonly<Record<string, string>> = {
  600: "Empty access token", 601: "Access token invalid", 602: "Access token expired", 603: "Access denied",
  604: "Request timed out", 605: "Request method 'POST' not supported",
  606: "Max rate limit '100' exceeded with in '20' secs", 607: "Daily quota reached",
  608: "API Temporarily Unavailable", 609: "Invalid JSON", 610: "Requested resource not found", 611: "System error",
  612: "Invalid Content Type", 613: "Invalid Multipart Request", 614: "Invalid Subscription",
  615: "Concurrent access limit '10' reached", 616: "Invalid subscription type", 701: "name cannot be blank",
  702: "No data found matching the criteria", 703: "The feature is not enabled", 704: "Invalid date format",
  709: "Business rule violation", 710: "Parent folder not found", 711: "Incompatible folder type",
  713: "Transient error", 718: "ExternalSalesPersonID not found", 719: "Lock wait timeout",
  1001: "Invalid value 'x'. Required of type 'Integer'", 1002: "Missing value for the required parameter 'x'",
  1003: "Invalid data", 1004: "Lead not found", 1005: "Lead already exists", 1006: "Field 'x' not found",
  1007: "Multiple lead match lookup criteria", 1008: "Access denied to partition 'x'",
  1009: "Partition name must be specified", 1010: "Partition update not allowed", 1011: "Field 'x' not supported",
  1013: "Object not found", 1014: "Failed to create Object", 1015: "Lead not in list",
  1016: "There are 10 imports currently being processed. Please try again later", 1019: "Import in progress",
  1021: "Company update not allowed", 1022: "Object in use", 1025: "Program status not found",
  1029: "Too many jobs in queue", 1037: "Lead skipped because it is already in or past this status",
}

function matches(match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (!match) {
    return true
  }
  const { operation, path, method, clientId, lookupValue } = match
  return (operation === undefined || (Array.isArray(operation) ? operation : [operation]).includes(subject.operation))
    && (path === undefined || (typeof path === "string" ? path === subject.path : path.test(subject.path)))
    && (method === undefined || method === subject.method)
    && (clientId === undefined || clientId === subject.clientId)
    && (lookupValue === undefined || inputRecords(subject.json).some((record) => holdsValue(record, lookupValue)))
}

/** The records of a call's JSON input, wherever the operation keeps them. */
export function inputRecords(json: unknown): unknown[] {
  const input = (json as { input?: unknown } | undefined)?.input
  const leads = (input as { leads?: unknown } | undefined)?.leads
  return Array.isArray(input) ? input : Array.isArray(leads) ? leads : []
}

/** Whether any member of the record is that value, text compared without case. */
export function holdsValue(record: unknown, wanted: string | number): boolean {
  const text = String(wanted).toLowerCase()
  return typeof record === "object" && record !== null
    && Object.values(record).some((value) => String(value).toLowerCase() === text)
}
