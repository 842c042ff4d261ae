import { NO_REASON } from "../api/record_results"
import { MarketoError, MarketoProblem } from "../errors"
import { MembershipChange } from "../settings/membership_change"
import { HubRowReport, ReasonCategory } from "./hub_account"
import { Lead } from "./lead"
import { addToGroup, cut, emptyGroup, LeadGroup, LeadGroups, LeadName, LONGEST_REASON } from "./lead_groups"
import { isApplied, LeadOutcome, MembershipLead, MembershipOutcome } from "./outcomes"
import { RowLog } from "./row_log"
import { WaitingTime } from "./waiting_time"

/** The account of the rows of a run. `received` is the sum of all the others. */
export interface RowCounts {
  received: number
  created: number
  updated: number
  /** Leads that are as wanted, and of which it is not known whether they were created or updated. Absent for none. */
  createdOrUpdated?: number
  /** Leads that were only looked up, in a run that writes none. Absent for none. */
  found?: number
  merged: number
  skipped: number
  failed: number
  notSent: number
}

/** Counts of the leads whose membership was to change. */
export interface MembershipCounts {
  changed: number
  already: number
  skipped: number
  failed: number
  /** Members that mirroring took out of the list; only of lists that are mirrored. */
  removed?: number
}

/** One failure that concerns leads, as often as it occurred; or the rest of them, which are counted together. */
export interface ErrorEntry {
  /** The change that failed; undefined for the upsert itself. */
  change?: MembershipChange
  /** Marketo's; empty for several that are counted together. */
  code?: string
  message: string
  /** Of the call in which it was first met. */
  requestId?: string
  /** True if Marketo may have done what was asked for all the same. */
  isUncertain: boolean
  /** The first failure of this kind; absent for several that are counted together. */
  cause?: MarketoError
  /** When the rows may be sent again, where more is known than a time; sentences. */
  whenSafe?: string
  /** Until when Marketo may be at it yet, in ms of `performance.now()`; absent when it is surely done. */
  runningUntil?: number
  group: LeadGroup
  /** Marketo's ids of the leads, where they help to look at them there. */
  leadIds: number[]
}

/** A failure of the run as a whole. */
export interface RunFailure {
  /** For the user, in sentences. */
  message: string
  category: ReasonCategory
}

/** Ids kept of leads among which none was chosen. */
const MOST_CANDIDATES = 20

/** Lead ids kept of one entry. */
const MOST_LEAD_IDS = 500

/** Kinds of failure that are told apart; Marketo puts values into its texts. */
const MOST_ENTRIES = 60

/** Kinds of failure of one change that are told apart even when others have brought all of those. */
const FEWEST_ENTRIES = 5

const OTHER_FAILURES = "Other failures"

/**
 * The accounting of a run: every row ends in exactly one outcome. Holds counts and a bounded number of lookup values,
 * never the leads themselves; wording is `report_message.ts`'s.
 */
export class RunReport {
  readonly rows: RowCounts = { received: 0, created: 0, updated: 0, merged: 0, skipped: 0, failed: 0, notSent: 0 }
  readonly skipped = new LeadGroups()
  readonly notSent = new LeadGroups()
  /** Values that were left out of leads which were sent all the same, by column and reason. */
  readonly leftOutValues = new LeadGroups()
  /** Their number by kind. */
  readonly leftOutKinds = new Map<string, number>()
  readonly leadErrors: ErrorEntry[] = []
  readonly membershipErrors: ErrorEntry[] = []
  /** Failures of the run as a whole. */
  readonly runErrors: RunFailure[] = []
  /** Things worth knowing that are no failures. */
  readonly notes: string[] = []
  /**
   * The reason why the query result may not be the whole one, in words that go on from "since"; undefined when it seems
   * whole.
   */
  cutOff: string | undefined
  readonly membership = new Map<MembershipChange, MembershipCounts>()
  /**
   * Rows that several leads in Marketo matched, those of them that were not applied for every lead chosen, and the
   * leads that were chosen and are as wanted.
   */
  readonly severalMatches = { rows: 0, rowsNotApplied: 0, leads: 0 }
  /** Marketo's ids of leads that share a lookup value, where it is not clear which of them is meant; the first ones. */
  readonly candidates: number[] = []
  /**
   * Leads that were sent as files: those that were applied, the rows of all that Marketo took or may have taken, the
   * files that it has not finished, and whether all others go by calls.
   */
  readonly files = { leads: 0, rows: 0, underWay: 0, areOff: false }
  /** Leads that Marketo imported with a warning, by what it said. */
  readonly warnings = new LeadGroups()
  /** Leads that Marketo skipped, or would skip. */
  leadsSkipped = 0
  /** Calls sent to Marketo, repetitions included; identity calls are free and not counted. */
  calls = 0
  /** Calls that Marketo refused for lack of room (606, 615). */
  throttledCalls = 0
  /** Time in which calls waited for their turn in Marketo's quota. */
  readonly quotaWait = new WaitingTime()
  /** Time in which calls waited for their repetition, after Marketo had refused them or was out of reach. */
  readonly retryWait = new WaitingTime()
  /** The columns of the result are known. */
  hasColumns = false
  /** A column feeds fields of program members, and the run writes these. */
  writesMemberFields = false
  /** Every row of the result has been read. */
  hasReadAll = false
  readonly rowLog: RowLog

  /** In a dry run, outcomes are what they would be. */
  constructor(changes: MembershipChange[] = [], readonly isDryRun = false, rowReport?: HubRowReport) {
    this.rowLog = new RowLog(rowReport, isDryRun)
    this.expect(changes)
  }

  /** A failure of the run as a whole, in words for the user. */
  runFailed(message: string, category: ReasonCategory): void {
    this.runErrors.push({ message, category })
  }

  /** Makes room for the outcomes of changes; to be called before the first of them. */
  expect(changes: MembershipChange[]): void {
    for (const change of changes) {
      this.membership.set(change, { changed: 0, already: 0, skipped: 0, failed: 0 })
    }
  }

  /** True if every row arrived and was applied, and every membership is as wanted. */
  get isSuccess(): boolean {
    return this.isEveryRowSent && this.leftOutValues.isEmpty
  }

  /** The same, but for single values that were left out: every lead of the result is known and as wanted. */
  get isEveryRowSent(): boolean {
    const { skipped, failed, notSent } = this.rows
    return skipped + failed + notSent === 0 && this.skipped.isEmpty && this.notSent.isEmpty &&
      this.leadErrors.length === 0 && this.membershipErrors.length === 0 && this.runErrors.length === 0 &&
      [...this.membership.values()].every((counts) => counts.skipped + counts.failed === 0)
  }

  /** Rows that are in Marketo as they should be, or would be; merged ones included. */
  get rowsApplied(): number {
    const { created, updated, createdOrUpdated = 0, found = 0, merged } = this.rows
    return created + updated + createdOrUpdated + found + merged
  }

  /** Rows that were sent and answered for, whatever became of them; merged ones included. */
  get rowsAnswered(): number {
    return this.rowsApplied + this.rows.skipped + this.rows.failed
  }

  /** Rows that have no outcome yet. */
  get rowsOpen(): number {
    return this.rows.received - this.rowsAnswered - this.rows.notSent
  }

  rowReceived(): void {
    this.rows.received++
  }

  /** The row received last, which we keep back ourselves, such as one without a lookup value. */
  rowSkipped(reasons: string | string[], name: LeadName): void {
    this.rows.skipped++
    this.skipped.add(reasons, name)
    this.rowLog.keptBack(this.rowNamed(name), "skipped", typeof reasons === "string" ? [reasons] : reasons)
  }

  /** A value that its Marketo field does not take; the row is sent without it. */
  valueLeftOut(reason: string, rowNumber: number, kind: string): void {
    this.leftOutKinds.set(kind, (this.leftOutKinds.get(kind) ?? 0) + 1)
    this.leftOutValues.add(reason, rowNumber)
  }

  /** The row received last, which was read after the run had been told to stop. */
  rowNotSent(reason: string, name: LeadName): void {
    this.rows.notSent++
    this.notSent.add(reason, name)
    this.rowLog.keptBack(this.rowNamed(name), "not sent", [reason])
  }

  leadOutcome(outcome: LeadOutcome, stopMessage: string): void {
    const { lead } = outcome
    this.rowLog.leadOutcome(outcome, stopMessage)
    if (outcome.matches !== undefined) {
      this.severalMatches.rows += lead.rows.length
      this.severalMatches.rowsNotApplied += isApplied(outcome) ? 0 : lead.rows.length
      this.severalMatches.leads += (isApplied(outcome) ? 1 : 0) + (outcome.furtherLeadIds ?? []).length
    }
    switch (outcome.kind) {
      case "created":
      case "updated":
      case "createdOrUpdated":
      case "found":
        this.rows[outcome.kind] = (this.rows[outcome.kind] ?? 0) + 1
        this.rows.merged += lead.rows.length - 1
        return
      case "skipped":
        this.rows.skipped += lead.rows.length
        this.leadsSkipped++
        this.skipped.add(orUnknown(outcome.reasons), lead.lookupValue)
        this.candidates.push(...(outcome.candidates ?? []).slice(0, MOST_CANDIDATES - this.candidates.length))
        return
      case "failed": {
        this.rows.failed += lead.rows.length
        const entry = this.entryFor(this.leadErrors, undefined, outcome.error)
        addToGroup(entry.group, lead.lookupValue)
        if (outcome.runningUntil !== undefined) {
          entry.runningUntil = Math.max(entry.runningUntil ?? 0, outcome.runningUntil)
        }
        return
      }
      case "notSent":
        this.rows.notSent += lead.rows.length
        this.notSent.add(stopMessage, lead.lookupValue)
    }
  }

  /** A lead that Marketo imported with a warning; its outcome is entered, too. */
  leadWarned(lead: Lead, warning: string): void {
    this.warnings.add(warning, lead.lookupValue)
    this.rowLog.imported(lead, warning)
  }

  membershipOutcome(change: MembershipChange, outcome: MembershipOutcome): void {
    this.rowLog.membershipOutcome(change, outcome)
    const counts = this.membership.get(change)
    if (counts !== undefined) {
      counts[outcome.kind]++
    }
    if (outcome.kind === "failed") {
      const entry = this.entryFor(this.membershipErrors, change, outcome.error)
      addMembership([entry], outcome.lead, entry.isUncertain)
    } else if (outcome.kind === "skipped") {
      const entries = orUnknown(outcome.reasons).map(({ code, message }) =>
        this.entryFor(this.membershipErrors, change, new MarketoError("rejected", message, { code })))
      addMembership(entries, outcome.lead, true)
    }
  }

  /** A member that mirroring took out of its list. */
  memberRemoved(change: MembershipChange): void {
    const counts = this.membership.get(change)
    if (counts !== undefined) {
      counts.removed = (counts.removed ?? 0) + 1
    }
  }

  private rowNamed(name: LeadName): { row: number, lookupValue?: string } {
    const row = this.rows.received
    return typeof name === "number" ? { row } : { row, lookupValue: name }
  }

  /** The entry of a failure: one of its own while there is room, otherwise that of all others like it. */
  private entryFor(entries: ErrorEntry[], change: MembershipChange | undefined, error: Error): ErrorEntry {
    const { code, requestId, maybeExecuted, whenSafe } =
      error instanceof MarketoError ? error : new MarketoError("rejected", "")
    const own = {
      change, code, message: cut(error.message, LONGEST_REASON), requestId, isUncertain: maybeExecuted, whenSafe,
      cause: error instanceof MarketoError ? error : undefined,
    }
    const known = findLike(entries, own)
    if (known !== undefined) {
      return known
    }
    const hasRoom = entries.length < MOST_ENTRIES ||
      entries.filter((each) => each.change === change).length < FEWEST_ENTRIES
    const others = {
      ...own, whenSafe: undefined, cause: undefined, code: code === undefined ? undefined : "", message: OTHER_FAILURES,
      requestId: undefined,
    }
    const other = hasRoom ? undefined : findLike(entries, others)
    if (other !== undefined) {
      return other
    }
    const entry: ErrorEntry = { ...(hasRoom ? own : others), group: emptyGroup(), leadIds: [] }
    entries.push(entry)
    return entry
  }
}

function findLike(
  entries: ErrorEntry[], wanted: Pick<ErrorEntry, "change" | "code" | "message" | "isUncertain">,
): ErrorEntry | undefined {
  return entries.find((each) => each.change === wanted.change && each.code === wanted.code &&
    each.message === wanted.message && each.isUncertain === wanted.isUncertain)
}

/** Names a lead in each of the entries, once. */
function addMembership(entries: ErrorEntry[], lead: MembershipLead, isIdOfUse: boolean): void {
  new Set(entries).forEach((entry) => {
    addToGroup(entry.group, lead.lookupValue)
    if (isIdOfUse && entry.leadIds.length < MOST_LEAD_IDS) {
      entry.leadIds.push(lead.leadId)
    }
  })
}

/** Returns the reasons of a skip; a skip without any gets one that says so. */
function orUnknown(reasons: MarketoProblem[]): MarketoProblem[] {
  return reasons.length > 0 ? reasons : [NO_REASON]
}
