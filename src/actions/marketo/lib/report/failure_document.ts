import { MembershipChange, nameOrId, targetKind } from "../settings/membership_change"
import { sentence } from "../words/sentence"
import { LeadGroup, namesOf } from "./lead_groups"
import { ErrorEntry, RunReport } from "./run_report"
import { shorten } from "./shorten"
import { uncertainty } from "./uncertainty"

/** Marketo's ids of leads that are uncertain; its own results are searched by them. */
const MOST_UNCERTAIN_IDS = 100

/**
 * Returns the account of a run as the members of a JSON document, with at most so many names of each group and so many
 * entries of each list; `leftOut` counts the others.
 *
 * The members `skipped`, `leadErrors`, `membershipErrors` and `requestErrors` are those that users and their scripts
 * know from the upstream action; the others are additions.
 */
export function failureDocument(report: RunReport, valuesShown: number, entriesShown: number): object {
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
        const earlier = shown[key] ?? []
        const { names, leads } = namesOf(group, valuesShown - earlier.length)
        left += group.count - leads
        shown[key] = earlier.concat(names)
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
  errors("requestErrors", report.runErrors.map(({ message }): object => ({ message: shorten(message) }))
    .concat(unavailable.map((entry) => errorDocument(entry, valuesShown))))
  groups("notSent", report.notSent.entries())
  groups("valuesLeftOut", report.leftOutValues.entries())
  groups("warnings", report.warnings.entries())
  document.rows = report.rows
  if (report.membership.size > 0 && !report.isDryRun) {
    errors("membership", [...report.membership]
      .map(([change, counts]): object => ({ ...targetMembers(change), ...counts })))
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

/** A program's fields have an entry of their own, besides that of its members. */
function targetMembers(change: MembershipChange): object {
  return {
    [targetKind(change)]: nameOrId(change.target), ...(change.kind === "writeProgramFields" ? { fields: true } : {}),
  }
}

function errorDocument(entry: ErrorEntry, valuesShown: number): object {
  const document: { [member: string]: unknown } = {}
  if (entry.change !== undefined) {
    Object.assign(document, targetMembers(entry.change))
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
    const fewest = entry.isUncertain ? MOST_UNCERTAIN_IDS : 0
    document.leadIds = entry.leadIds.slice(0, Math.max(valuesShown, fewest))
  }
  return document
}

function partition<T>(items: T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
