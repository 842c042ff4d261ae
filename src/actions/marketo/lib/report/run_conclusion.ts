import { meaningOf, saysOf } from "../errors"
import { targetWithKind } from "../settings/membership_change"
import { StopReason } from "../stopping/run_control"
import { outcomeSentence } from "./failure_sentences"
import { AccountConclusion, AccountProgress, ReasonCategory } from "./hub_account"
import { cut, LeadGroup, LONGEST_REASON } from "./lead_groups"
import { undone } from "./membership_sentence"
import { callFigures } from "./report_message"
import { ErrorEntry, RunReport } from "./run_report"

/** What stands in the hub's records for a failure of the run as a whole: its own words may hold a person's data. */
const FAILED_BECAUSE: { [category in ReasonCategory]: string } = {
  settings: "The settings, or the form's values, cannot work",
  access: "Marketo does not accept the credentials, or refuses a permission",
  quota: "Marketo's calls of the day are used up",
  query: "The query cannot be sent as it is",
  marketo: "Marketo could not be reached, or refused every call",
  looker: "The query result could not be read to its end",
  hub: "The hub ended the run",
  rows: "Not every row could be applied",
}

/** Returns what a hub may keep of a run that has been accounted for. Nothing in it names a person. */
export function conclusionOf(report: RunReport, stopReason?: StopReason): AccountConclusion {
  const { rows } = report
  const [fault] = report.runErrors as { category: ReasonCategory }[] | []
  return {
    // The outcome of no rows says nothing: the reason does.
    summary: rows.received === 0 && fault !== undefined ? `No row was sent. ${FAILED_BECAUSE[fault.category]}.` :
      outcomeSentence(report),
    ...(report.isSuccess ? {} : { category: categoryOf(report, stopReason) }),
    isDryRun: report.isDryRun,
    counts: { ...rows, ...callFigures(report) },
    membership: [...report.membership].map(([change, counts]) =>
      ({ target: targetWithKind(change), counts: { ...counts } })),
    reasons: reasonsOf(report, stopReason),
    // Notes are our own sentences about columns, lists and limits.
    notes: [...report.notes],
  }
}

/** Returns what a hub may keep of a run that was refused before its first lead; `fields`: of the form, at fault. */
export function refusalOf(category: ReasonCategory, fields: string[]): AccountConclusion {
  const reason = FAILED_BECAUSE[category] + (fields.length === 0 ? "" : ` (${fields.join(", ")})`)
  return {
    summary: `Nothing was sent. ${reason}.`,
    category, isDryRun: false, counts: {}, membership: [], reasons: [{ reason, count: 1 }], notes: [],
  }
}

/** Returns how far a run is, for the hub. */
export function progressOf(report: RunReport, rowLimit?: number, waitingFor?: string): AccountProgress {
  const { received, skipped, failed, notSent } = report.rows
  return {
    rowsRead: received, rowsApplied: report.rowsApplied, rowsNotApplied: skipped + failed + notSent,
    rowLimit, hasReadAll: report.hasReadAll, isDryRun: report.isDryRun, calls: report.calls, waitingFor,
  }
}

function categoryOf(report: RunReport, stopReason?: StopReason): ReasonCategory {
  const entries = report.leadErrors.concat(report.membershipErrors)
  const isAccess = entries.length > 0 && entries.every(({ code }) => meaningOf(code).kind === "auth")
  const isMarketo = entries.some(({ code }) => code === undefined)
  const isCutShort = !report.notSent.isEmpty || entries.some((entry) => isUnsent(entry, stopReason))
  return report.runErrors.length > 0 ? report.runErrors[0].category :
    isCutShort && stopReason !== undefined ? stopReason.category :
      isAccess ? "access" : isMarketo ? "marketo" : "rows"
}

function reasonsOf(report: RunReport, stopReason?: StopReason): AccountConclusion["reasons"] {
  const reasons = report.runErrors.map(({ category }) => ({ reason: FAILED_BECAUSE[category], count: 1 }))
  const add = (reason: string, group: LeadGroup, code = group.code) => {
    reasons.push({ reason, count: group.count, ...(code === undefined || code === "" ? {} : { code }) })
  }
  for (const [reason, group] of report.skipped.entries()) {
    // Marketo puts values into its texts; those without its code are our own.
    add(group.code === undefined ? `skipped: ${reason}` : `skipped: ${saysOf(group.code)}`, group)
  }
  report.leadErrors.forEach((entry) => add(`failed: ${causeOf(entry, stopReason)}`, entry.group, entry.code))
  for (const entry of report.membershipErrors) {
    const what = entry.change === undefined ? "failed" : undone(entry.change)
    add(`${what}: ${causeOf(entry, stopReason)}`, entry.group, entry.code)
  }
  for (const [, group] of report.notSent.entries()) {
    add(`not sent: ${stopReason === undefined ? "the run had been told to stop" : stopWords(stopReason)}`, group)
  }
  for (const [reason, group] of report.leftOutValues.entries()) {
    add(`value left out: ${reason}`, group)
  }
  return reasons
}

function causeOf(entry: ErrorEntry, stopReason?: StopReason): string {
  const { code, isUncertain } = entry
  const cause = stopReason !== undefined && isUnsent(entry, stopReason) ? stopWords(stopReason) :
    code === undefined ? "no usable answer came from Marketo" : saysOf(code)
  return isUncertain ? `${cause} (uncertain)` : cause
}

/** Returns true for what was not asked for any more, since the run was stopped: no call of its own failed. */
function isUnsent({ code, message }: ErrorEntry, stopReason?: StopReason): boolean {
  return code === undefined && stopReason !== undefined && message === cut(stopReason.message, LONGEST_REASON)
}

function stopWords({ category }: StopReason): string {
  return FAILED_BECAUSE[category].replace(/^The/, "the")
}
