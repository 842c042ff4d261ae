/**
 * The account that a hub may take of a run while it lasts, so that others see how far it is and find its rows. On a hub
 * that offers nothing none is given. The shapes are those of the hub's own interface, as far as this action uses it.
 */
export interface HubAccount {
  /** Absent if the hub keeps no reports of rows. */
  readonly rowReport?: HubRowReport
  progress(progress: AccountProgress): void
  conclude(conclusion: AccountConclusion): void
}

/** How far a run is, in numbers since its beginning. */
export interface AccountProgress {
  rowsRead: number
  rowsApplied: number
  rowsNotApplied: number
  rowLimit?: number
  hasReadAll?: boolean
  isDryRun?: boolean
  calls?: number
  callLimit?: { name: string, callsPerWindow: number, windowMs: number }
  waitingFor?: string
}

/** The part of the world in which the reason for a failure lies. */
export type ReasonCategory = "settings" | "access" | "quota" | "query" | "marketo" | "looker" | "hub" | "rows"

/** What came of a run. It is kept, so nothing in it names a person. */
export interface AccountConclusion {
  summary: string
  category?: ReasonCategory
  isDryRun: boolean
  counts: { [name: string]: number }
  membership: { target: string, counts: { [name: string]: number } }[]
  reasons: { reason: string, count: number, code?: string }[]
  notes: string[]
}

/** A line of the report of rows. */
export interface RowLine {
  /** Absent for a lead that is no row of the result. */
  row?: number
  lookupValue?: string
  outcome: string
  target?: string
  code?: string
  reason?: string
  valuesLeftOut?: string
}

/** The report of single rows, behind a link that is a secret of whoever sent. */
export interface HubRowReport {
  readonly link: string
  readonly wantsAllRows: boolean
  add(line: RowLine): void
}

/** Returns the account that the hub which handed over a request takes; undefined if it takes none. */
export function hubAccountOf(request: object): HubAccount | undefined {
  return (request as { runAccount?: HubAccount }).runAccount
}
