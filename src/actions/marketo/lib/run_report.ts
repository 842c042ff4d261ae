import { MarketoError } from "./errors"
import { LeadGroup, LeadGroups } from "./lead_groups"
import { LeadOutcome } from "./lead_sync"
import { MembershipChange } from "./membership_change"
import { MembershipLead, MembershipOutcome } from "./membership_outcome"

/** The account of the rows of a run. `received` is the sum of all the others. */
export interface RowCounts {
  received: number
  created: number
  updated: number
  merged: number
  skipped: number
  failed: number
  notSent: number
}

/** What became of the leads whose membership was to change. */
export interface MembershipCounts {
  changed: number
  already: number
  skipped: number
  failed: number
  /** Members that mirroring took out of the list; only of lists that are mirrored. */
  removed?: number
}

/** One failure that concerns leads, as often as it occurred. */
export interface ErrorEntry {
  /** What failed; undefined for the upsert itself. */
  change?: MembershipChange
  code?: string
  message: string
  requestId?: string
  /** True when Marketo may have done what was asked for all the same. */
  isUncertain: boolean
  group: LeadGroup
  leadIds: number[]
}

/** Lead ids kept of one uncertain failure. */
const MOST_LEAD_IDS = 500

/** Kinds of failure that are told apart; Marketo puts values into its texts. */
const MOST_ENTRIES = 60

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
  readonly leadErrors: ErrorEntry[] = []
  readonly membershipErrors: ErrorEntry[] = []
  /** Failures of the run as a whole, in words for the user. */
  readonly runErrors: string[] = []
  /** Things worth telling that are no failures. */
  readonly notes: string[] = []
  readonly membership = new Map<MembershipChange, MembershipCounts>()
  /** Leads that Marketo skipped, or would skip. */
  leadsSkipped = 0
  /** Calls sent to Marketo, repetitions included; identity calls are free and not counted. */
  calls = 0
  /** Calls that Marketo refused for lack of room (606, 615). */
  throttledCalls = 0

  /** In a dry run, outcomes are what they would be. */
  constructor(changes: MembershipChange[] = [], readonly isDryRun = false) {
    for (const change of changes) {
      this.membership.set(change, { changed: 0, already: 0, skipped: 0, failed: 0 })
    }
  }

  /** True when every row arrived and was applied, and every membership is as wanted. */
  get isSuccess(): boolean {
    return this.isEveryRowSent && this.leftOutValues.isEmpty
  }

  /** The same, but for single values that were left out: every lead of the result is known and as wanted. */
  get isEveryRowSent(): boolean {
    return this.skipped.isEmpty && this.notSent.isEmpty && this.leadErrors.length === 0 &&
      this.membershipErrors.length === 0 && this.runErrors.length === 0
  }

  /** Rows that were sent and answered for, whatever became of them; merged ones included. */
  get rowsAnswered(): number {
    return this.rows.created + this.rows.updated + this.rows.merged + this.rows.skipped + this.rows.failed
  }

  rowReceived(): void {
    this.rows.received++
  }

  /** A row that we keep back ourselves, such as one without a lookup value; for one reason or several. */
  rowSkipped(reasons: string | string[], name: string): void {
    this.rows.skipped++
    for (const reason of distinct(typeof reasons === "string" ? [reasons] : reasons)) {
      this.skipped.add(reason, name)
    }
  }

  /** A value that its Marketo field does not take; the row is sent without it. */
  valueLeftOut(reason: string, rowNumber: number): void {
    this.leftOutValues.add(reason, `row ${rowNumber}`)
  }

  /** A row that was read after the run had been told to stop. */
  rowNotSent(reason: string, name: string): void {
    this.rows.notSent++
    this.notSent.add(reason, name)
  }

  leadOutcome(outcome: LeadOutcome, stopMessage: string): void {
    const { lead } = outcome
    switch (outcome.kind) {
      case "created":
      case "updated":
        this.rows[outcome.kind]++
        this.rows.merged += lead.rows - 1
        return
      case "skipped":
        this.rows.skipped += lead.rows
        this.leadsSkipped++
        for (const reason of distinct(outcome.reasons.map((each) => each.message))) {
          this.skipped.add(reason, lead.lookupValue)
        }
        return
      case "failed":
        this.rows.failed += lead.rows
        this.addError(this.leadErrors, undefined, outcome.error, lead.lookupValue)
        return
      case "notSent":
        this.rows.notSent += lead.rows
        this.notSent.add(stopMessage, lead.lookupValue)
    }
  }

  membershipOutcome(change: MembershipChange, outcome: MembershipOutcome): void {
    const counts = this.membership.get(change)
    if (counts !== undefined) {
      counts[outcome.kind]++
    }
    if (outcome.kind === "failed") {
      this.addError(this.membershipErrors, change, outcome.error, outcome.lead.lookupValue, outcome.lead)
    } else if (outcome.kind === "skipped") {
      for (const { code, message } of outcome.reasons) {
        const error = new MarketoError("rejected", message, { code })
        this.addError(this.membershipErrors, change, error, outcome.lead.lookupValue)
      }
    }
  }

  /** A member that mirroring took out of its list. */
  memberRemoved(change: MembershipChange): void {
    const counts = this.membership.get(change)
    if (counts !== undefined) {
      counts.removed = (counts.removed ?? 0) + 1
    }
  }

  private addError(
    entries: ErrorEntry[], change: MembershipChange | undefined, error: Error, lookupValue: string,
    lead?: MembershipLead,
  ): void {
    const code = error instanceof MarketoError ? error.code : undefined
    const isUncertain = error instanceof MarketoError && error.maybeExecuted
    const requestId = error instanceof MarketoError ? error.requestId : undefined
    let entry = entries.find((each) => each.change === change && each.code === code &&
      each.message === error.message && each.isUncertain === isUncertain)
    if (entry === undefined && entries.length < MOST_ENTRIES) {
      entry = {
        change, code, message: error.message, requestId, isUncertain,
        group: { count: 0, lookupValues: [] }, leadIds: [],
      }
      entries.push(entry)
    }
    entry = entry ?? entries[entries.length - 1]
    entry.group.count++
    if (entry.group.lookupValues.length < MOST_LEAD_IDS) {
      entry.group.lookupValues.push(lookupValue)
    }
    if (lead !== undefined && isUncertain && entry.leadIds.length < MOST_LEAD_IDS) {
      entry.leadIds.push(lead.leadId)
    }
  }
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)]
}
