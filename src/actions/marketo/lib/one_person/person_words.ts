import { LEAD_NOT_FOUND, SEVERAL_LEADS_MATCH } from "../errors"
import { reasonOfEntry } from "../report/failure_sentences"
import { MembershipCounts, RunReport } from "../report/run_report"
import { MembershipChange, quotedNameOrId, targetKind } from "../settings/membership_change"
import { sentence } from "../words/sentence"
import { shown } from "./clicked_person"

/** What a skipped person can be helped by, by Marketo's code. */
const REASONS: { [code: string]: string | undefined } = {
  [LEAD_NOT_FOUND]: "Marketo has no such lead that this API user can see, and nobody is created from a cell. Choose " +
    "another lookup field if the cell has something else.",
  [SEVERAL_LEADS_MATCH]: "Several leads in Marketo have this value, so it is not clear who is meant. Merge them in " +
    "Marketo, or use a cell with the lead's Marketo id.",
}

/** Returns what came of a run of one person, in sentences: what was done, else what was not, and why. */
export function personMessage(report: RunReport, value: string): string {
  const who = shown(value)
  const done: string[] = []
  report.membership.forEach((counts, change) => {
    const sentenceOfChange = doneFor(who, change, counts)
    if (sentenceOfChange !== undefined) {
      done.push(sentenceOfChange)
    }
  })
  const reasons = reasonsOf(report)
  if (reasons.length === 0) {
    return [...done, ...report.notes].join(" ")
  }
  const start = done.length > 0 ? [...done, "The rest was not done:"] : [`Nothing was done with ${who}:`]
  return [...start, ...reasons, ...report.notes].join(" ")
}

function doneFor(who: string, change: MembershipChange, { changed, already }: MembershipCounts): string | undefined {
  if (changed + already === 0) {
    return undefined
  }
  const target = `${targetKind(change)} ${quotedNameOrId(change.target)}`
  switch (change.kind) {
    case "requestCampaign":
      return `${who} was sent through ${target}.`
    case "addToList":
    case "mirrorList":
      return changed > 0 ? `${who} was added to ${target}.` : `${who} was on ${target} already.`
    case "removeFromList":
      return changed > 0 ? `${who} was removed from ${target}.` : `${who} was not on ${target} before, either.`
    case "addToProgram":
      return changed > 0 ? `${who} has the status "${change.status}" in ${target} now.` :
        `${who} was in ${target} already, in the status "${change.status}" or past it.`
    case "removeFromProgram":
      return changed > 0 ? `${who} was removed from ${target}.` : `${who} was not in ${target} before, either.`
    case "writeProgramFields":
      // Only columns of a query bring such fields.
      return undefined
  }
}

function reasonsOf(report: RunReport): string[] {
  return [
    ...report.runErrors.map(({ message }) => message),
    ...[...report.skipped.entries()].map(([reason, { code }]) => REASONS[code ?? ""] ?? reason),
    ...[...report.leadErrors, ...report.membershipErrors].map(reasonOfEntry),
    ...[...report.notSent.entries()].map(([reason]) => reason),
  ].map(sentence)
}
