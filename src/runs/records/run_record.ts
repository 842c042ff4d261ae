import type { CallLimit, CountedReason, ReasonCategory, RunConclusion } from "../../hub/run_account"

/**
 * The outcome of a run. `partial`: a failure in which some rows were applied. `lost`: its process or its hub ended
 * before it could report.
 */
export type RunOutcome = "running" | "success" | "partial" | "failure" | "lost"

export const RUN_OUTCOMES: readonly RunOutcome[] = ["running", "success", "partial", "failure", "lost"]

/** What is known of a run when it begins. */
export interface RunOrigin {
  action: string
  /** Looker's id for its own instance. */
  instance?: string
  plan?: { id?: string, title?: string }
  /** Looker's id for the request. */
  webhookId?: string
  /** The sender, if the administrator has bound a setting of the action to Looker's user attribute for it. */
  sender?: string
}

/** A moment of a run. */
export interface RunSample {
  /** Since the run began, in ms. */
  atMs: number
  rowsRead: number
  rowsApplied: number
  calls: number
  /** The thing that the run waited for at that moment; absent if for nothing. */
  waitingFor?: string
}

/** How far a run is, or was when that was last known. */
export interface RecordedProgress {
  rowsRead: number
  rowsApplied: number
  rowsNotApplied: number
  calls: number
  callLimit?: CallLimit
  rowLimit?: number
  hasReadAll: boolean
  /** Rows that have their outcome out of all that are to come. Absent while their number is unknown. */
  percent?: number
  /** Rows applied in a second, of late. */
  rowsPerSecond?: number
  /** ISO 8601. At most: the query may have fewer rows than its limit. */
  expectedEnd?: string
  waitingFor?: string
}

/**
 * One run, as it is kept. Nothing in it names a person, except the sender where an administrator wants that. Times are
 * in ISO 8601, durations in ms.
 */
export interface RunRecord extends RunOrigin {
  id: string
  /** The process of the hub that keeps the record up to date. */
  hub: { host: string, pid: number }
  startedAt: string
  updatedAt: string
  endedAt?: string
  durationMs?: number
  outcome: RunOutcome
  isDryRun: boolean
  /** What came of it, in one sentence. */
  summary?: string
  category?: ReasonCategory
  progress?: RecordedProgress
  counts: { [name: string]: number }
  membership: RunConclusion["membership"]
  reasons: CountedReason[]
  notes: string[]
  /** The report of its rows has lines; its link is in the answer alone. */
  hasRowReport: boolean
  samples: RunSample[]
}
