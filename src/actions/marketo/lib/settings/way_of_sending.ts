import { refusal } from "../errors"
import { MembershipChange, targetKind } from "./membership_change"
import { RunOptions } from "./run_options"

/** What decides whether leads can be sent as files. */
export type FileQuestion = Pick<RunOptions, "mode" | "writesLeads" | "severalMatches"> &
  { lookupField: string, changes: MembershipChange[] }

/**
 * Returns why leads cannot be sent as files, in words that go on from "since"; undefined if they can. Marketo's bulk
 * import creates and updates, or updates by id, and adds to one list. Source: Marketo developer guide, "Bulk Lead
 * Import".
 */
export function obstacleToFiles(
  { mode, writesLeads, severalMatches, lookupField, changes }: FileQuestion,
): string | undefined {
  if (!writesLeads) {
    return "this run only finds leads"
  }
  if (mode === "createOnly") {
    return "files cannot only create leads"
  }
  if (mode === "updateOnly" && lookupField !== "id") {
    return "files cannot only update leads, unless the lookup field is id"
  }
  if (severalMatches !== "skip") {
    return "files skip rows that several leads match"
  }
  const other = changes.find(({ kind }) => kind !== "addToList")
  if (other !== undefined) {
    return other.kind === "mirrorList" ? "files cannot mirror a list" :
      other.kind === "removeFromList" ? "files cannot remove leads from a list" :
        `files do nothing with ${targetKind(other)}s`
  }
  return changes.length > 1 ? "a file adds leads to one list only" : undefined
}

/** Returns true if leads go as files, or turn to files when calls become too many. */
export function maySendFiles(settings: FileQuestion & Pick<RunOptions, "sendBy">): boolean {
  const { sendBy = "calls" } = settings
  return sendBy !== "calls" && obstacleToFiles(settings) === undefined
}

/** Throws MarketoSettingsError if files were chosen for what they cannot do. */
export function checkWayOfSending(options: RunOptions, others: Pick<FileQuestion, "lookupField" | "changes">): void {
  const obstacle = options.sendBy === "files" ? obstacleToFiles({ ...options, ...others }) : undefined
  if (obstacle !== undefined) {
    throw refusal("sendBy", `Leads cannot be sent as files, since ${obstacle}. Choose "One call for each 300 leads" ` +
      "under More Options, How to Send.")
  }
}
