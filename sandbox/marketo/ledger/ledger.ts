/** The detail that the ledger keeps: every write, or sums only (for benchmarks with a million leads). */
export type LedgerDetail = "each" | "counts"

/** One HTTP call, as the sandbox saw it. Times are ms of the sandbox's clock. */
export interface LedgerCall {
  /** 1 for the first call. */
  sequence: number
  /** The time when the request had arrived in full, which is also when it is counted. */
  startedAt: number
  /** The time when the answer was sent; undefined while the call is being processed. */
  finishedAt: number | undefined
  method: string
  /** Path without the query. */
  path: string
  /** Name of the operation, e.g. "syncLeads"; "unknown" if the path has none. */
  operation: string
  clientId: string | undefined
  /** E-mail of the API user. */
  user: string | undefined
  /** Counts against rate and daily quota. */
  counted: boolean
  httpStatus: number
  /** First response-level code, undefined on success. */
  errorCode: string | undefined
  /** Records or ids in the call. */
  batchSize: number
  /** Codes of skipped records with their number. */
  recordErrors: Record<string, number>
  requestBytes: number
  responseBytes: number
  requestId: string
  /** The work was done, whatever the client was answered. */
  executed: boolean
  /** The effect of an injected fault, if any. */
  fault: string | undefined
}

export interface LeadWrite {
  leadId: number
  kind: "created" | "updated" | "deleted"
  at: number
  call: number
}

/** A lead created through the API although its lookup value was taken: the damage of overlapping upserts. */
export interface DuplicateLead {
  lookupField: string
  lookupValue: string
  leadId: number
  /** The leads that held the value already. */
  others: number[]
  at: number
  call: number
}

/** A Sync Leads call with a lookup value that another call in process had, too. */
export interface OverlappingUpsert {
  /** Of the later call; an overlap of updateOnly calls cannot create a lead. */
  action: string
  /** A lead had the value when the later call began. Both calls find it, and no lead is created. */
  isKnown: boolean
  lookupField: string
  lookupValue: string
  call: number
  at: number
}

export interface CampaignRequest {
  campaignId: number
  leadId: number
  at: number
  call: number
}

export interface MembershipChange {
  /** List or program id. */
  target: number
  leadId: number
  kind: "added" | "removed" | "status" | "data"
  /** False if it was so already (adding a member). */
  changed: boolean
  at: number
  call: number
}

/**
 * The record of everything that happened, for tests. It never contains lead values other than lookup values of
 * duplicates.
 */
export class Ledger {
  readonly calls: LedgerCall[] = []
  readonly duplicates: DuplicateLead[] = []
  readonly overlappingUpserts: OverlappingUpsert[] = []
  readonly listChanges: MembershipChange[] = []
  readonly programChanges: MembershipChange[] = []
  leadsCreated = 0
  leadsUpdated = 0
  leadsDeleted = 0
  listAdds = 0
  listRemoves = 0
  /** The most calls being processed at one instant, without those turned away with 615. */
  highestConcurrency = 0
  private readonly writes: LeadWrite[] = []
  private readonly requests: CampaignRequest[] = []
  /** Campaign id to lead id to number of requests. */
  private readonly requestCounts = new Map<number, Map<number, number>>()
  private nextSequence = 1

  constructor(readonly detail: LedgerDetail, private readonly rateWindowMs: () => number) {}

  callsOf(operation: string): LedgerCall[] {
    return this.calls.filter((call) => call.operation === operation)
  }

  countByOperation(): Record<string, number> {
    return tally(this.calls.map((call) => call.operation))
  }

  /** Returns the number of calls answered with each response-level code (or "HTTP 413" and so on). */
  rejectedByCode(): Record<string, number> {
    return tally(this.calls.flatMap((call) => {
      const isHttp = call.httpStatus !== 200 && call.httpStatus !== 0
      return call.errorCode !== undefined ? [call.errorCode] : isHttp ? [`HTTP ${call.httpStatus}`] : []
    }))
  }

  /** Returns the most counted calls that started within any `windowMs`. A call exactly `windowMs` later is outside. */
  highestCallsInWindow(windowMs = this.rateWindowMs()): number {
    const starts = this.calls.filter((call) => call.counted).map((call) => call.startedAt).sort((a, b) => a - b)
    let highest = 0
    let first = 0
    for (let last = 0; last < starts.length; last++) {
      while (starts[last] - starts[first] >= windowMs) {
        first++
      }
      highest = Math.max(highest, last - first + 1)
    }
    return highest
  }

  /** Returns the writes to one lead, or to all; empty with detail "counts". */
  leadWrites(leadId?: number): LeadWrite[] {
    return leadId === undefined ? this.writes : this.writes.filter((write) => write.leadId === leadId)
  }

  /** Returns the accepted requests of one campaign, or of all; empty with detail "counts". */
  campaignRequests(campaignId?: number): CampaignRequest[] {
    return campaignId === undefined
      ? this.requests : this.requests.filter((request) => request.campaignId === campaignId)
  }

  campaignRequestCount(campaignId: number, leadId?: number): number {
    const counts = this.requestCounts.get(campaignId)
    if (leadId !== undefined) {
      return counts?.get(leadId) ?? 0
    }
    return [...counts?.values() ?? []].reduce((sum, count) => sum + count, 0)
  }

  /** Returns leads for which one campaign was requested more than once. */
  repeatedCampaignRequests(): { campaignId: number, leadId: number, count: number }[] {
    return [...this.requestCounts].flatMap(([campaignId, counts]) =>
      [...counts].filter(([, count]) => count > 1).map(([leadId, count]) => ({ campaignId, leadId, count })))
  }

  /** Returns a few figures, for the admin endpoint and for printing. */
  summary() {
    return {
      calls: this.calls.length,
      countedCalls: this.calls.filter((call) => call.counted).length,
      byOperation: this.countByOperation(),
      rejectedByCode: this.rejectedByCode(),
      highestCallsInWindow: this.highestCallsInWindow(),
      highestConcurrency: this.highestConcurrency,
      leadsCreated: this.leadsCreated,
      leadsUpdated: this.leadsUpdated,
      leadsDeleted: this.leadsDeleted,
      duplicates: this.duplicates.length,
      overlappingUpserts: this.overlappingUpserts.length,
      listAdds: this.listAdds,
      listRemoves: this.listRemoves,
      campaignRequests: [...this.requestCounts.keys()].reduce((sum, id) => sum + this.campaignRequestCount(id), 0),
      repeatedCampaignRequests: this.repeatedCampaignRequests().length,
    }
  }

  open(call: Omit<LedgerCall, "sequence">): LedgerCall {
    const entry = { sequence: this.nextSequence++, ...call }
    this.calls.push(entry)
    return entry
  }

  recordLead(leadId: number, kind: LeadWrite["kind"], at: number, call: number) {
    switch (kind) {
      case "created":
        this.leadsCreated++
        break
      case "updated":
        this.leadsUpdated++
        break
      case "deleted":
        this.leadsDeleted++
        break
    }
    if (this.detail === "each") {
      this.writes.push({ leadId, kind, at, call })
    }
  }

  recordListChange(change: MembershipChange) {
    if (change.kind === "added") {
      this.listAdds++
    } else {
      this.listRemoves++
    }
    if (this.detail === "each") {
      this.listChanges.push(change)
    }
  }

  recordProgramChange(change: MembershipChange) {
    if (this.detail === "each") {
      this.programChanges.push(change)
    }
  }

  recordCampaignRequest(request: CampaignRequest) {
    let counts = this.requestCounts.get(request.campaignId)
    if (!counts) {
      counts = new Map<number, number>()
      this.requestCounts.set(request.campaignId, counts)
    }
    counts.set(request.leadId, (counts.get(request.leadId) ?? 0) + 1)
    if (this.detail === "each") {
      this.requests.push(request)
    }
  }

  /** Clears everything. Sequence numbers go on. */
  clear() {
    for (const kept of [this.calls, this.duplicates, this.overlappingUpserts, this.listChanges, this.programChanges,
      this.writes, this.requests]) {
      kept.length = 0
    }
    this.requestCounts.clear()
    this.leadsCreated = this.leadsUpdated = this.leadsDeleted = 0
    this.listAdds = this.listRemoves = this.highestConcurrency = 0
  }
}

function tally(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
