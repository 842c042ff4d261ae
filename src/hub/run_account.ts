/** A limit of calls that a run shares with everybody who uses the same account of a vendor. */
export interface CallLimit {
  /** The name of the limit in the hub's coordination, such as `marketo 123-abc-456.mktorest.com`. */
  name: string
  /** The most calls in any window, if nobody has to give way. */
  callsPerWindow: number
  windowMs: number
}

/** How far a run is, in numbers since its beginning. */
export interface RunProgress {
  rowsRead: number
  /** Rows that are in the destination as they should be. */
  rowsApplied: number
  /** Rows that are known not to get there: skipped, failed or not sent. */
  rowsNotApplied: number
  /** The most rows that the result can have, as far as the query says. */
  rowLimit?: number
  /** Every row of the result has been read, so `rowsRead` is the number of rows. */
  hasReadAll?: boolean
  /** Nothing is written; `rowsApplied` counts the rows that would be. */
  isDryRun?: boolean
  /** Calls to the destination. */
  calls?: number
  /** The limit that the calls count against; absent if the action keeps to none. */
  callLimit?: CallLimit
  /** The thing that the run waits for, such as "calls of Marketo's quota"; absent while it waits for nothing. */
  waitingFor?: string
}

/** The part of the world in which the reason for a failure lies. */
export type ReasonCategory = "settings" | "access" | "quota" | "query" | "marketo" | "looker" | "hub" | "rows"

/** A reason and the number of rows or leads that it concerns. The reason names no person. */
export interface CountedReason {
  reason: string
  count: number
  /** The destination's own code for it. */
  code?: string
}

/** What came of a run. Nothing in it names a person, since it is kept. */
export interface RunConclusion {
  /** The outcome in one sentence, with its numbers. */
  summary: string
  /** Absent if all went well. */
  category?: ReasonCategory
  /** Nothing was written, and the numbers say what would have been. */
  isDryRun: boolean
  /** The numbers of the account, by name. */
  counts: { [name: string]: number }
  /** What became of each list, campaign or other collection. */
  membership: { target: string, counts: { [name: string]: number } }[]
  reasons: CountedReason[]
  notes: string[]
}

/** A line of the report of rows. */
export interface RowLine {
  /** The number of the row in the result; the first is 1. Absent for a record that is no row of the result. */
  row?: number
  lookupValue?: string
  /** A word or two, such as "skipped". */
  outcome: string
  /** The list, campaign or other collection that the line is about; absent if it is about the record itself. */
  target?: string
  code?: string
  reason?: string
  valuesLeftOut?: string
}

/** The report of single rows, which the hub keeps for those who have its link. */
export interface RowReport {
  /** The address of the report. It is a secret: for the person who sent, and for nobody else. */
  readonly link: string
  /** Lines about rows that were applied as they stand are wanted, too. */
  readonly wantsAllRows: boolean
  add(line: RowLine): void
}

/**
 * The account that an action gives its hub of a run while it lasts. An action may leave all of it away. A hub without
 * run records offers none.
 */
export interface RunAccount {
  /** The hub's id of the run. */
  readonly id: string
  /** Tells how far the run is. May be called often; the hub takes note about once a second. */
  progress(progress: RunProgress): void
  /** Tells what came of it; to be called once, before the answer. */
  conclude(conclusion: RunConclusion): void
  /** Absent if the hub keeps no reports. */
  readonly rowReport?: RowReport
}

/**
 * Attaches the account of a run to its request. It is invisible to `JSON.stringify` and to comparisons, since it
 * belongs to one process.
 */
export function attachRunAccount(request: object, account: RunAccount): void {
  Object.defineProperty(request, "runAccount", {
    value: account, enumerable: false, configurable: true, writable: true,
  })
}

/** Returns the account of the run that a request began; undefined if this hub keeps none of it. */
export function runAccountOf(request: object): RunAccount | undefined {
  return (request as { runAccount?: RunAccount }).runAccount
}
