import { performance } from "perf_hooks"
import { MINUTE_MS } from "../configuration/time_units"
import { MembershipChange, nameOrId, quotedNameOrId, targetKind } from "../settings/membership_change"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { cut, LeadGroup } from "./lead_groups"
import { ErrorEntry, MembershipCounts, RunReport } from "./run_report"

/** Longest message, in bytes of UTF-8: Looker shows it to a person and mails it. */
const MOST_MESSAGE_BYTES = 16000

/** The most lookup values of a group that are shown; fewer if the message gets too long. */
const MOST_VALUES_SHOWN = 200

/** Longest text of a single reason that is shown, in characters. */
const LONGEST_SHOWN = 500

/**
 * Returns what the person in Looker reads at the end of a run: a sentence after a success, compact JSON after a
 * failure.
 */
export function reportMessage(report: RunReport): string {
  if (report.isSuccess) {
    return cutToBytes(successSentence(report), MOST_MESSAGE_BYTES)
  }
  let valuesShown = MOST_VALUES_SHOWN
  let entriesShown = MOST_VALUES_SHOWN
  for (;;) {
    const message = JSON.stringify(failureDocument(report, valuesShown, entriesShown))
    if (Buffer.byteLength(message) <= MOST_MESSAGE_BYTES) {
      return message
    }
    if (valuesShown > 1) {
      valuesShown = Math.floor(valuesShown / 2)
    } else if (entriesShown > 1) {
      entriesShown = Math.floor(entriesShown / 2)
    } else {
      return JSON.stringify({ rows: report.rows })
    }
  }
}

/** Returns one line of figures for the log; no lead data. */
export function reportFigures(report: RunReport): { [figure: string]: number } {
  const figures: { [figure: string]: number } = {
    ...report.rows, calls: report.calls, throttledCalls: report.throttledCalls,
  }
  report.membership.forEach((counts, change) => {
    const target = quotedNameOrId(change.target)
    figures[`${change.kind} ${target} changed`] = counts.changed
    figures[`${change.kind} ${target} not changed`] = counts.skipped + counts.failed
  })
  return figures
}

function successSentence(report: RunReport): string {
  const { rows } = report
  if (rows.received === 0) {
    return ["The query result has no rows, so nothing was sent to Marketo.", ...report.notes].join(" ")
  }
  const parts = report.isDryRun ?
    [`${amount(rows.created, "lead")} would be created`, `${figure(rows.updated)} updated`] :
    [`${amount(rows.created, "lead")} created`, `${figure(rows.updated)} updated`]
  if (rows.createdOrUpdated !== undefined) {
    parts.push(`${figure(rows.createdOrUpdated)} created or updated (which of the two is not known, since an answer ` +
      "of Marketo's was lost)")
  }
  if (rows.merged > 0) {
    parts.push(`${amount(rows.merged, "row")} merged into another row with the same lookup value`)
  }
  const sentences = [`${amount(rows.received, "row")} received: ${parts.join(", ")}.`]
  if (!report.isDryRun) {
    report.membership.forEach((counts, change) => sentences.push(membershipSentence(change, counts)))
  }
  return [...sentences, ...report.notes].join(" ")
}

function membershipSentence(change: MembershipChange, counts: MembershipCounts): string {
  const leads = amount(counts.changed, "lead")
  const already = counts.already > 0 ? `, ${figure(counts.already)} needed no change` : ""
  switch (change.kind) {
    case "requestCampaign":
      return `Campaign ${change.target.id}: requested for ${leads}${already}.`
    case "addToList":
      return `List ${quotedNameOrId(change.target)}: ${leads} added${already}.`
    case "removeFromList":
      return `List ${change.target.id}: ${leads} removed${already}.`
    case "mirrorList":
      return `List ${quotedNameOrId(change.target)}: ${leads} added, ${figure(counts.removed ?? 0)} removed that ` +
        "were not in the result."
    case "addToProgram":
      return `Program ${change.target.id}: ${leads} set to status "${change.status}"${already}.`
    case "removeFromProgram":
      return `Program ${change.target.id}: ${leads} removed${already}.`
  }
}

/**
 * The members `skipped`, `leadErrors`, `membershipErrors` and `requestErrors` are those that users and their scripts
 * know from the upstream action; the others are additions.
 */
function failureDocument(report: RunReport, valuesShown: number, entriesShown: number): object {
  const document: { [member: string]: unknown } = {}
  const omitted: { [member: string]: number } = {}
  const groups = (member: string, entries: [string, LeadGroup][]) => {
    if (entries.length === 0) {
      return
    }
    // Without a prototype, since a reason may read like the name of an object's own member.
    const shown = Object.create(null) as { [reason: string]: string[] | undefined }
    let left = 0
    entries.forEach(([reason, group], index) => {
      if (index < entriesShown) {
        const key = shorten(reason)
        const values = (shown[key] ?? []).concat(group.lookupValues).slice(0, valuesShown)
        left += group.count - (values.length - (shown[key] ?? []).length)
        shown[key] = values
      } else {
        left += group.count
      }
    })
    document[member] = shown
    if (left > 0) {
      omitted[member] = left
    }
  }
  const errors = (member: string, entries: object[]) => {
    if (entries.length > 0) {
      document[member] = entries.slice(0, entriesShown)
      if (entries.length > entriesShown) {
        omitted[member] = entries.length - entriesShown
      }
    }
  }

  if (report.isDryRun) {
    document.dryRun = true
  }
  groups("skipped", report.skipped.entries())
  const [unavailable, refused] = partition(report.leadErrors, (entry) => entry.code === undefined)
  errors("leadErrors", refused.map((entry) => errorDocument(entry, valuesShown)))
  errors("membershipErrors", report.membershipErrors.map((entry) => errorDocument(entry, valuesShown)))
  errors("requestErrors", report.runErrors.map((message): object => ({ message: shorten(message) }))
    .concat(unavailable.map((entry) => errorDocument(entry, valuesShown))))
  groups("notSent", report.notSent.entries())
  groups("valuesLeftOut", report.leftOutValues.entries())
  document.rows = report.rows
  if (report.membership.size > 0 && !report.isDryRun) {
    errors("membership", [...report.membership]
      .map(([change, counts]): object => ({ [targetKind(change)]: nameOrId(change.target), ...counts })))
  }
  if (report.notes.length > 0) {
    document.notes = report.notes.slice(0, entriesShown).map(shorten)
    if (report.notes.length > entriesShown) {
      omitted.notes = report.notes.length - entriesShown
    }
  }
  if (Object.keys(omitted).length > 0) {
    document.leftOut = omitted
  }
  return document
}

function errorDocument(entry: ErrorEntry, valuesShown: number): object {
  const document: { [member: string]: unknown } = {}
  if (entry.change !== undefined) {
    document[targetKind(entry.change)] = nameOrId(entry.change.target)
  }
  if (entry.code !== undefined && entry.code !== "") {
    document.code = entry.code
  }
  document.message = entry.isUncertain ? `${shorten(sentence(entry.message))} ${uncertainty(entry)}` :
    shorten(entry.message)
  if (entry.requestId !== undefined) {
    document.requestId = entry.requestId
  }
  document.leads = entry.group.count
  document.lookupValues = entry.group.lookupValues.slice(0, valuesShown)
  if (entry.leadIds.length > 0) {
    // Where it is uncertain, the ids are what Marketo's own results are searched by.
    const fewest = entry.isUncertain ? MOST_VALUES_SHOWN / 2 : 0
    document.leadIds = entry.leadIds.slice(0, Math.max(valuesShown, fewest))
  }
  return document
}

function uncertainty(entry: ErrorEntry): string {
  return entry.change?.kind === "requestCampaign" ?
    "Whether the campaign was requested for these leads is uncertain; it was not repeated, so that nobody goes " +
      "through it twice. Look at the campaign's results in Marketo." :
    "Whether Marketo did this before the failure is uncertain; sending these rows again is " +
      `${whenSafe(entry.runningUntil)}.`
}

/** As long as an upsert may be running in Marketo, a second one could create its leads again. */
function whenSafe(runningUntil: number | undefined): string {
  const leftMs = (runningUntil ?? 0) - performance.now()
  if (leftMs <= 0) {
    return "safe"
  }
  const minute = new Date(Math.ceil((Date.now() + leftMs) / MINUTE_MS) * MINUTE_MS)
  return `safe from ${minute.toISOString().slice(11, 16)} UTC on, and not before, since Marketo may be at it until then`
}

function partition<T>(items: T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}

function shorten(text: string): string {
  return cut(text, LONGEST_SHOWN)
}

function cutToBytes(text: string, mostBytes: number): string {
  return Buffer.byteLength(text) <= mostBytes ? text : `${text.slice(0, Math.floor(mostBytes / 4))}…`
}
