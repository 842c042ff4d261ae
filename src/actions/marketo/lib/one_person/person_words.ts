import { LEAD_NOT_FOUND, SEVERAL_LEADS_MATCH } from "../errors"
import { withinFirstSentence } from "../report/failure_sentences"
import { ErrorEntry, MembershipCounts, RunReport } from "../report/run_report"
import { MembershipChange, quotedNameOrId, targetKind } from "../settings/membership_change"
import { sentence } from "../words/sentence"
import { ClickedPerson, shown, someIds } from "./clicked_person"

/** Returns what came of a run of one person, in sentences: what was done, else what was not, and why. */
export function personMessage(report: RunReport, person: ClickedPerson): string {
  const done: string[] = []
  report.membership.forEach((counts, change) => {
    const sentenceOfChange = doneFor(person, change, counts)
    if (sentenceOfChange !== undefined) {
      done.push(sentenceOfChange)
    }
  })
  const reasons = reasonsOf(report)
  // What could not be checked beforehand may explain a failure, and matters no more after a success.
  return reasons.length === 0 ? done.join(" ") :
    [...done, startOfReasons(report, person, done.length > 0), ...reasons, ...report.notes].join(" ")
}

function startOfReasons(report: RunReport, person: ClickedPerson, isAnythingDone: boolean): string {
  const isUncertain = [...report.leadErrors, ...report.membershipErrors].some((entry) => entry.isUncertain)
  if (isAnythingDone) {
    return isUncertain ? "The rest was not done, or it is not certain:" : "The rest was not done:"
  }
  return isUncertain ? `It is not certain what was done with ${nameOf(person)}:` :
    `Nothing was done with ${nameOf(person)}:`
}

/** Returns the clicked value; a Marketo id alone would be read as some number. */
function nameOf({ lookupField, value }: ClickedPerson, isAtStart = false): string {
  return lookupField === "id" ? `${isAtStart ? "Lead" : "lead"} ${shown(value)}` : shown(value)
}

function doneFor(
  person: ClickedPerson, change: MembershipChange, { changed, already }: MembershipCounts,
): string | undefined {
  if (changed + already === 0) {
    return undefined
  }
  const target = nameOfTarget(change)
  const who = nameOf(person, true)
  switch (change.kind) {
    case "requestCampaign":
      // Whether anybody goes through it is up to its own rules, such as that each person does so once.
      return `C${target.slice(1)} was requested for ${nameOf(person)}.`
    case "addToList":
    case "mirrorList":
      // Marketo does not tell whether the lead was on the list before.
      return `${who} is on ${target} now.`
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

function nameOfTarget(change: MembershipChange): string {
  return `${targetKind(change)} ${quotedNameOrId(change.target)}`
}

function reasonsOf(report: RunReport): string[] {
  return [
    ...report.runErrors.map(({ message }) => message),
    ...[...report.skipped.entries()].map(([reason, { code }]) => reasonOfSkip(reason, code, report.candidates)),
    ...report.leadErrors.map((entry) => reasonOfFailure(entry, [])),
    ...byReason(report.membershipErrors).map(({ entry, targets }) =>
      reasonOfFailure(entry, report.membership.size > 1 ? targets : [])),
    ...[...report.notSent.entries()].map(([reason]) => reason),
  ].map(sentence)
}

function reasonOfSkip(reason: string, code: string | undefined, candidates: number[]): string {
  switch (code) {
    case LEAD_NOT_FOUND:
      return "Marketo has no such lead that this API user can see, and nobody is created from a cell. Choose another " +
        "lookup field if the cell has something else."
    case SEVERAL_LEADS_MATCH:
      return "Several leads in Marketo have this value" +
        (candidates.length === 0 ? "" : `, with the ids ${someIds(candidates)}`) +
        ", so it is not clear who is meant. Merge them in Marketo, or use a cell with the lead's Marketo id."
    default:
      return reason
  }
}

/** Groups what failed for the same reason, which then is told once, with what it kept from being done. */
function byReason(entries: ErrorEntry[]): { entry: ErrorEntry, targets: string[] }[] {
  const groups = new Map<string, { entry: ErrorEntry, targets: string[] }>()
  for (const entry of entries) {
    const isCampaign = entry.change?.kind === "requestCampaign"
    const key = JSON.stringify([entry.code, entry.message, entry.isUncertain, entry.isUncertain && isCampaign])
    const group = groups.get(key) ?? { entry, targets: [] }
    group.targets.push(...(entry.change === undefined ? [] : [nameOfTarget(entry.change)]))
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** Returns why something was not done, and what somebody who watches can do: nobody here has rows to send again. */
function reasonOfFailure(entry: ErrorEntry, targets: string[]): string {
  const { cause, code } = entry
  const details = [...targets, ...(code === undefined || code === "" ? [] : [`code ${code}`])]
  const reason = sentence(cause?.reason ?? entry.message)
  const parts = [details.length === 0 ? reason : withinFirstSentence(reason, ` (${details.join(", ")})`)]
  if (cause?.advice !== undefined) {
    parts.push(cause.advice)
  }
  if (entry.isUncertain) {
    parts.push(entry.change?.kind === "requestCampaign" ?
      "The request was not repeated, so that nobody goes through the campaign twice: look at its results in Marketo." :
      "Marketo may have done it before the failure. Doing it again does no harm.")
  } else if (cause?.kind === "throttled") {
    parts.push("Other integrations use up what this Marketo instance allows. Try again in some minutes.")
  } else if (cause?.sendAgain !== undefined) {
    parts.push(cause.kind === "quota" ? "Try again then." : "Try again later.")
  }
  return parts.join(" ")
}
