import { MembershipChange, quotedNameOrId } from "../settings/membership_change"
import { amount, figure } from "../words/amounts"
import { MembershipCounts } from "./run_report"

/** Returns what became of one list, campaign or program. */
export function membershipSentence(change: MembershipChange, counts: MembershipCounts): string {
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
    case "writeProgramFields":
      return `Program ${change.target.id}: program fields written for ${leads}.`
  }
}

/** Returns what a change that failed left undone, in words that go on from "2 leads were ". */
export function undone(change: MembershipChange): string {
  const target = quotedNameOrId(change.target)
  switch (change.kind) {
    case "requestCampaign":
      return `not sent through campaign ${target}`
    case "addToList":
    case "mirrorList":
      return `not added to list ${target}`
    case "removeFromList":
      return `not removed from list ${target}`
    case "addToProgram":
      return `not set to a status in program ${target}`
    case "removeFromProgram":
      return `not removed from program ${target}`
    case "writeProgramFields":
      return `put in program ${target} without their program fields`
  }
}
