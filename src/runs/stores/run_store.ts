import type { RunOutcome, RunRecord } from "../records/run_record"

/** Records that are kept. Older ones go. */
export const MOST_RUNS = 1000

/** Which runs are wanted, newest first. Absent members leave nothing out. */
export interface RunQuery {
  /** At most so many. */
  limit: number
  /** Only runs whose id is less: the next page. */
  before?: string
  outcome?: RunOutcome
  action?: string
  planId?: string
  /** Runs that began at this time or later, in ms since 1970. */
  from?: number
  /** Runs that began before this time, in ms since 1970. */
  to?: number
}

/** A page of runs. */
export interface RunPage {
  runs: RunRecord[]
  /** The `before` of the next page; absent on the last one. */
  next?: string
}

/** The place where run records are kept. Everything may reject if it is out of reach. */
export interface RunStore {
  /** Keeps a record, in place of the one with the same id. */
  save(record: RunRecord): Promise<void>
  get(id: string): Promise<RunRecord | undefined>
  find(query: RunQuery): Promise<RunPage>
  /** Resolves with true for the first who asks to end a run that somebody else has left. */
  claim(id: string): Promise<boolean>
  close(): Promise<void>
}

/** Returns true if a record is among those that a query wants. */
export function isWanted(record: RunRecord, query: RunQuery): boolean {
  const startedAt = Date.parse(record.startedAt)
  return (query.before === undefined || record.id < query.before) &&
    (query.outcome === undefined || record.outcome === query.outcome) &&
    (query.action === undefined || record.action === query.action) &&
    (query.planId === undefined || record.plan?.id === query.planId) &&
    (query.from === undefined || startedAt >= query.from) &&
    (query.to === undefined || startedAt < query.to)
}
