import { MarketoError, MarketoProblem } from "../errors"
import { MembershipChange, targetWithKind } from "../settings/membership_change"
import { amount } from "../words/amounts"
import { HubRowReport, RowLine } from "./hub_account"
import { Lead } from "./lead"
import { Applied, isApplied, LeadOutcome, MembershipOutcome } from "./outcomes"

/** A row that was kept back, with its lookup value if it has one. */
interface KeptBackRow {
  row: number
  lookupValue?: string
}

const MERGED = "A later row has the same lookup value. They were sent as one lead; where both have a cell, the later " +
  "row's counts."

/** Ids that the line of a row shows. */
const MOST_IDS = 20

/**
 * Writes each row that was not applied as it stands into the hub's report of rows, if the hub keeps one, with its last
 * outcome. Leads that a membership change did not reach have a line for it, too.
 */
export class RowLog {
  /** A line shows old and new values, which only dry runs know. */
  hasSamples = false
  private lines = 0

  /** In a dry run outcomes are what they would be. */
  constructor(private readonly report?: HubRowReport, private readonly isDryRun = false) {}

  /** The address of the report; undefined while it has no line. */
  get link(): string | undefined {
    return this.lines > 0 ? this.report?.link : undefined
  }

  /** False where the hub keeps no reports of rows. */
  get isKept(): boolean {
    return this.report !== undefined
  }

  /** The report has every row, also those that were applied as they stand. */
  get hasAllRows(): boolean {
    return this.report?.wantsAllRows === true
  }

  /** A row that we keep back ourselves. */
  keptBack(row: KeptBackRow, outcome: "skipped" | "not sent", reasons: string[]): void {
    if (this.report !== undefined) {
      this.add({ ...row, outcome: this.would(outcome), reason: reasons.join("; ") })
    }
  }

  leadOutcome(outcome: LeadOutcome, stopMessage: string): void {
    if (this.report === undefined) {
      return
    }
    const { lead } = outcome
    if (isApplied(outcome)) {
      this.applied(outcome, outcome.kind === "createdOrUpdated" ? "created or updated" : outcome.kind)
      return
    }
    const line = outcome.kind === "skipped" ? { outcome: this.would("skipped"), ...problemCells(outcome.reasons) } :
      outcome.kind === "failed" ? failureCells(outcome.error) :
        { outcome: this.would("not sent"), reason: stopMessage }
    const leftOut = leftOutOf(lead)
    const { furtherLeadIds = [] } = outcome
    const reason = furtherLeadIds.length === 0 ? line.reason :
      `${line.reason}; updated all the same: ID ${someIds(furtherLeadIds)}`
    for (const row of lead.rows) {
      this.add({ row, lookupValue: lead.lookupValue, ...line, reason, valuesLeftOut: leftOut.get(row) })
    }
  }

  membershipOutcome(change: MembershipChange, outcome: MembershipOutcome): void {
    const { kind, lead } = outcome
    if (this.report === undefined || (kind === "changed" || kind === "already") && !this.report.wantsAllRows) {
      return
    }
    const cells = kind === "failed" ? failureCells(outcome.error) :
      kind === "skipped" ? { outcome: "skipped", ...problemCells(outcome.reasons) } :
        { outcome: kind === "changed" ? "changed" : "as wanted before" }
    const target = targetWithKind(change)
    for (const row of lead.rows ?? [undefined]) {
      this.add({ row, lookupValue: lead.lookupValue, target, ...cells })
    }
  }

  /** A lead that Marketo imported, and warned of. */
  imported(lead: Lead, warning: string): void {
    for (const row of lead.rows) {
      this.add({ row, lookupValue: lead.lookupValue, outcome: "imported with a warning", reason: warning })
    }
  }

  private applied(applied: Applied, outcome: string): void {
    const { lead: { lookupValue, rows }, sample } = applied
    const remarks = [choiceOf(applied), sample].filter((remark) => remark !== undefined).join("; ")
    const leftOut = leftOutOf(applied.lead)
    this.hasSamples = this.hasSamples || sample !== undefined
    rows.forEach((row, index) => {
      const isMerged = index < rows.length - 1
      const valuesLeftOut = leftOut.get(row)
      if (isMerged || remarks !== "" || valuesLeftOut !== undefined || this.report?.wantsAllRows === true) {
        const reason = isMerged ? MERGED : remarks === "" ? undefined : remarks
        this.add({ row, lookupValue, outcome: this.would(isMerged ? "merged" : outcome), reason, valuesLeftOut })
      }
    })
  }

  private would(outcome: string): string {
    return this.isDryRun ? `would be ${outcome}` : outcome
  }

  private add(line: RowLine): void {
    if (this.report !== undefined) {
      this.lines++
      this.report.add(line)
    }
  }
}

/** Returns who was chosen of several leads with one lookup value; undefined where nothing was to be chosen. */
function choiceOf({ leadId, furtherLeadIds = [], matches }: Applied): string | undefined {
  if (matches === undefined) {
    return undefined
  }
  const shown = someIds([leadId, ...furtherLeadIds])
  const have = matches === 1 ? "has" : "have"
  return `${amount(matches, "lead")} in Marketo ${have} this lookup value; chosen: ID ${shown}`
}

function someIds(ids: number[]): string {
  return ids.slice(0, MOST_IDS).join(", ") + (ids.length > MOST_IDS ? ` and ${ids.length - MOST_IDS} more` : "")
}

function leftOutOf({ leftOut = [] }: Lead): Map<number, string> {
  return new Map(leftOut.map(({ row, values }) => [row, values]))
}

function problemCells(reasons: MarketoProblem[]): Pick<RowLine, "code" | "reason"> {
  return {
    code: reasons.map(({ code }) => code).join("; "), reason: reasons.map(({ message }) => message).join("; "),
  }
}

function failureCells(error: Error): Pick<RowLine, "outcome" | "code" | "reason"> {
  const isUncertain = error instanceof MarketoError && error.maybeExecuted
  return {
    outcome: isUncertain ? "uncertain" : "failed", code: error instanceof MarketoError ? error.code : undefined,
    reason: error.message,
  }
}
