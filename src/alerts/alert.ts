import type { RunRecord } from "../runs/records/run_record"
import type { AlertOccasion } from "./alert_settings"

/** What an alert says of a run. */
export type AlertKind = "failed" | "recovered" | "succeeded"

/**
 * Returns what is to be said of a run that has ended; undefined for nothing. `before`: the plan's run before it, if
 * that is known. Dry runs are somebody's experiments: only `always` tells of them.
 */
export function alertFor(
  record: RunRecord, before: Pick<RunRecord, "outcome"> | undefined, occasion: AlertOccasion,
): AlertKind | undefined {
  const hadFailed = before !== undefined && before.outcome !== "success"
  const kind = record.outcome !== "success" ? "failed" : hadFailed ? "recovered" : "succeeded"
  if (occasion === "always") {
    return kind
  }
  if (record.isDryRun || kind === "succeeded") {
    return undefined
  }
  return occasion === "change" && kind === "failed" && hadFailed ? undefined : kind
}

/** Returns the alert as one sentence, or two. It names no person. */
export function alertText(record: RunRecord, kind: AlertKind): string {
  const plan = record.plan?.title === undefined ? `A run of ${record.action}` :
    `"${record.plan.title}" (${record.action})`
  const dry = record.isDryRun ? "dry run " : ""
  const what = { failed: "failed", recovered: "succeeded again", succeeded: "succeeded" }[kind]
  return `${plan}: ${dry}${what}.${record.summary === undefined ? "" : ` ${record.summary}`}`
}
