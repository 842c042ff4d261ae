import { timeOfRunId } from "../records/run_id"
import type { ReportBounds, StoredReport } from "./report_store"

/** Returns the ids of the reports that have to go: those past their time, and the oldest ones beyond the bound. */
export function reportsToRemove(reports: StoredReport[], bounds: ReportBounds, now: number): string[] {
  const newestFirst = [...reports].sort((one, other) => one.id < other.id ? 1 : -1)
  let bytes = 0
  return newestFirst.filter((report) => {
    bytes += report.bytes
    return bytes > bounds.totalBytes || hasExpired(report.id, bounds, now)
  }).map(({ id }) => id)
}

/** Returns true if the report of the run with the id has had its time. */
export function hasExpired(id: string, { keptMs }: ReportBounds, now: number): boolean {
  return now - timeOfRunId(id) > keptMs
}
