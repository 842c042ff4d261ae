import { meaningOf } from "../errors"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { LeadGroup, LeadGroups, someNamesOf } from "./lead_groups"
import { membershipSentence, undone } from "./membership_sentence"
import { ErrorEntry, RunReport } from "./run_report"
import { shorten } from "./shorten"
import { uncertainty } from "./uncertainty"
import { warningSentences } from "./warning_sentences"

/** Names of a group that a line shows. */
const NAMES_SHOWN = 3

/** What to do about the reasons that this action gives itself, by their beginnings. */
const ADVICE: [RegExp, string][] = [
  [/^No value for the lookup field /, "Fill it in, or filter such rows out of the query."],
  [/^Column .* for \S+$/s, "Mend the data, or convert it in LookML."],
  [/^Lead is larger /, "Leave long texts out."],
  [/^Lead not found$/, "Marketo has no such lead that this API user can see, and this run creates nobody."],
  [/^Several leads matched, and when /, "They were merged or deleted meanwhile: send these rows again."],
  [/^Of several leads that match, /, "It was merged or deleted meanwhile: send these rows again."],
  [/^Several leads .* lead partition "/s, "Choose another lead partition in the form, or none."],
  [/^Several leads .* because of its comma$/, "Merge them in Marketo, or choose another lookup field."],
]

/** Returns what came of a run in which not everything was applied, in one sentence with its numbers. */
export function outcomeSentence(report: RunReport): string {
  const { received, created, updated, createdOrUpdated = 0, found, merged } = report.rows
  const applied = report.rowsApplied
  const would = report.isDryRun ? "would be" : received === 1 || applied === 1 ? "was" : "were"
  const all = applied === received ? `All ${figure(received)}` : `${figure(applied)} of ${figure(received)}`
  const share = received === 0 ? "No row was received" :
    received > 1 ? `${all} rows ${would} applied` :
      `The only row ${applied === 0 ? would.replace(/^\w+/, "$& not") : would} applied`
  const ofFiles = Math.min(report.files.leads, createdOrUpdated)
  const done = applied === 0 || ofFiles > 0 && created + updated === 0 ? [] :
    found !== undefined ? [`${amount(found, "lead")} found in Marketo`] :
      [`${amount(created, "lead")} created`, `${figure(updated)} updated`]
  if (ofFiles > 0) {
    done.push(`${amount(ofFiles, "lead")} created or updated from files`)
  }
  if (createdOrUpdated > ofFiles) {
    done.push(`${figure(createdOrUpdated - ofFiles)} created or updated`)
  }
  if (merged > 0) {
    done.push(`${figure(merged)} merged into another row`)
  }
  const undoneParts = notDone(report)
  const start = report.isDryRun ? `Dry run: ${share[0].toLowerCase()}${share.slice(1)}` : share
  return `${start}${done.length === 0 ? "" : `: ${done.join(", ")}`}` +
    `${undoneParts.length === 0 ? "" : `; ${undoneParts.join(", ")}`}.`
}

function notDone(report: RunReport): string[] {
  const { skipped, failed, notSent } = report.rows
  const parts: string[] = []
  const add = (subject: string, count: number, what: string) => {
    if (count > 0) {
      parts.push(`${subject} ${report.isDryRun ? "would be" : count === 1 ? "was" : "were"} ${what}`)
    }
  }
  add(figure(skipped), skipped, "skipped")
  if (failed > 0) {
    parts.push(`${figure(failed)} failed`)
  }
  add(figure(notSent), notSent, "left unsent")
  const leftOut = sumOf(report.leftOutValues)
  add(amount(leftOut, "value"), leftOut, "left out")
  report.membership.forEach((counts, change) => {
    const leads = counts.skipped + counts.failed
    add(amount(leads, "lead"), leads, undone(change))
  })
  return parts.length === 0 && report.runErrors.length > 0 ?
    [report.rows.received === 0 ? "nothing was sent" : "the run had a problem"] : parts
}

function sumOf(groups: LeadGroups): number {
  return groups.entries().reduce((sum, [, { count }]) => sum + count, 0)
}

/** Returns a line for each reason: how many leads, some of them, why, and what to do. Then come the notes. */
export function reasonLines(report: RunReport): string[] {
  const lines = report.runErrors.map(({ message }) => sentence(shorten(message)))
  for (const [reason, group] of report.skipped.entries()) {
    const ofLead = group.isOurs === true ? undefined : meaningOf(group.code ?? "").ofLead
    lines.push(line(`${figure(group.count)} skipped`, group, ofLead ?? advised(reason)))
  }
  for (const entry of report.leadErrors) {
    lines.push(line(`${figure(entry.group.count)} failed`, entry.group, reasonOfEntry(entry)))
  }
  for (const entry of report.membershipErrors) {
    const what = entry.change === undefined ? "failed" : undone(entry.change)
    lines.push(line(`${figure(entry.group.count)} ${what}`, entry.group, reasonOfEntry(entry)))
  }
  for (const [reason, group] of report.notSent.entries()) {
    lines.push(line(`${figure(group.count)} not sent`, group, reason))
  }
  for (const [reason, group] of report.leftOutValues.entries()) {
    lines.push(line(`${amount(group.count, "value")} left out`, group, advised(reason)))
  }
  if (!report.isDryRun) {
    report.membership.forEach((counts, change) => {
      if (counts.changed + counts.already + (counts.removed ?? 0) > 0) {
        lines.push(membershipSentence(change, counts))
      }
    })
  }
  return lines.concat(warningSentences(report), report.notes.map((note) => shorten(note)))
}

function advised(reason: string): string {
  const [, advice] = ADVICE.find(([start]) => start.test(reason)) ?? []
  return advice === undefined ? reason : `${sentence(reason)} ${advice}`
}

/** Returns why something failed, with Marketo's code, and what is uncertain about it. */
export function reasonOfEntry(entry: ErrorEntry): string {
  const code = entry.code === undefined || entry.code === "" ? "" : ` (code ${entry.code})`
  const message = sentence(entry.message)
  const reason = code === "" ? message : withinFirstSentence(message, code)
  return entry.isUncertain ? `${reason} ${uncertainty(entry)}` : reason
}

function line(what: string, group: LeadGroup, reason: string): string {
  const names = someNamesOf(group, NAMES_SHOWN)
  const text = sentence(shorten(reason))
  return `${what}: ${names === "" ? text : withinFirstSentence(text, ` (${names})`)}`
}

/** Puts an addition before the first full stop that ends a sentence. One in quotes may belong to a column's label. */
export function withinFirstSentence(text: string, addition: string): string {
  const stop = [...text.matchAll(/"[^"]*"|[.!?](?=\s|$)/g)].find(([found]) => !found.startsWith("\""))
  const end = stop?.index ?? text.length
  return text.slice(0, end) + addition + text.slice(end)
}
