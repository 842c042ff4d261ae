import { amount, figure } from "../words/amounts"
import { membershipSentence } from "./membership_sentence"
import { RunReport } from "./run_report"
import { warningSentences } from "./warning_sentences"

/** Returns the account of a run that went well, in sentences. */
export function successSentence(report: RunReport): string {
  const { rows } = report
  if (rows.received === 0) {
    return ["The query result has no rows, so nothing was sent to Marketo.", ...report.notes].join(" ")
  }
  const isAllFromFiles = report.files.leads > 0 && rows.created + rows.updated === 0
  const parts = rows.found !== undefined ? [`${amount(rows.found, "lead")} found in Marketo`] : report.isDryRun ?
    [`${amount(rows.created, "lead")} would be created`, `${figure(rows.updated)} updated`] : isAllFromFiles ? [] :
      [`${amount(rows.created, "lead")} created`, `${figure(rows.updated)} updated`]
  const { createdOrUpdated = 0 } = rows
  const ofFiles = Math.min(report.files.leads, createdOrUpdated)
  if (ofFiles > 0) {
    parts.push(`${amount(ofFiles, "lead")} created or updated from files (Marketo does not say which of the two)`)
  }
  if (createdOrUpdated > ofFiles) {
    parts.push(`${figure(createdOrUpdated - ofFiles)} created or updated (which of the two is not known, since an ` +
      "answer of Marketo's was lost)")
  }
  if (rows.merged > 0) {
    parts.push(`${amount(rows.merged, "row")} merged into another row with the same lookup value`)
  }
  const sentences = [`${amount(rows.received, "row")} received: ${parts.join(", ")}.`]
  if (!report.isDryRun) {
    report.membership.forEach((counts, change) => sentences.push(membershipSentence(change, counts)))
  }
  sentences.push(...warningSentences(report))
  return [...sentences, ...report.notes].join(" ")
}
