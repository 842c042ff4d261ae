import type { ListedRun } from "../../src/console/watch/shapes"
import type { ReasonCategory } from "../../src/hub/run_account"
import type { RunOutcome } from "../../src/runs/records/run_record"
import { duration, figure } from "../shared/words"

export const OUTCOME_WORDS: Record<RunOutcome, string> = {
  running: "Running", success: "Succeeded", partial: "Partly applied", failure: "Failed", lost: "Lost",
}

export const OUTCOME_TONES: Record<RunOutcome, "" | "good" | "warn" | "bad"> = {
  running: "", success: "good", partial: "warn", failure: "bad", lost: "bad",
}

export const CATEGORY_WORDS: Record<ReasonCategory, string> = {
  settings: "Settings or form", access: "Credentials or permissions", quota: "Quota", query: "Query",
  marketo: "Marketo", looker: "Looker", hub: "Hub", rows: "Single rows",
}

const COUNT_WORDS: Record<string, string> = {
  received: "Rows received", created: "Created", updated: "Updated",
  createdOrUpdated: "Created or updated", found: "Found",
  merged: "Merged into another row", skipped: "Skipped", failed: "Failed", uncertain: "Uncertain",
  notSent: "Not sent", calls: "Calls", throttledCalls: "Calls refused for lack of room",
  quotaWaitMs: "Waited for the quota", retryWaitMs: "Waited to repeat calls", changed: "Changed",
  already: "Were so already", removed: "Removed",
}

/** Returns what a person knows the run by. */
export function nameOf({ plan, action }: Pick<ListedRun, "plan" | "action">): string {
  return plan?.title ?? (plan?.id === undefined ? `${action}, sent by hand` : `Plan ${plan.id}`)
}

/** Returns the words for a number of an account; names that are not known are taken apart. */
export function countWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, (_all, before: string, after: string) =>
    `${before} ${after.toLowerCase()}`)
  return COUNT_WORDS[name] ?? words[0].toUpperCase() + words.slice(1)
}

/** Returns the number of an account; names that end in Ms are durations. */
export function countValue(name: string, value: number): string {
  return name.endsWith("Ms") ? duration(value) : figure(value)
}

/**
 * Returns the rows of a run in a few words: those applied, out of those read. Of a run under way nothing: a list that
 * was asked for once does not follow it.
 */
export function rowsOf({ outcome, progress, counts }: Pick<ListedRun, "outcome" | "progress" | "counts">): string {
  const read = counts.received ?? progress?.rowsRead
  return outcome === "running" || read === undefined ? "" : `${figure(progress?.rowsApplied ?? 0)} of ${figure(read)}`
}
