import { MarketoConnection } from "./api/connection"
import { LARGEST_FILES, MAX_LEADS_PER_SYNC, MAX_VALUES_PER_LOOKUP } from "./configuration/limits"
import { callsNeeded } from "./large_send"
import { RunReport } from "./report/run_report"
import { RunSettings } from "./settings/run_settings"
import { maySendFiles } from "./settings/way_of_sending"
import { amount } from "./words/amounts"

/** Seconds that a Sync Leads call of 300 leads takes, roughly; recorded traffic shows 1.2 s and more. */
const SECONDS_PER_CALL = 1.5

const SECONDS_PER_WINDOW = 20

/**
 * Returns what a real run of the rows that were looked up would take, in a sentence with rounded figures; `isStopped`
 * if its seat belt would end it as it is.
 */
export function estimateSentence(
  report: RunReport, settings: RunSettings, connection: MarketoConnection, isStopped = false,
): string {
  const { received, created, updated, found = 0 } = report.rows
  const applied = created + updated + found
  const calls = callsNeeded(applied + report.leadsSkipped, settings, applied, report.writesMemberFields) +
    callsForSeveral(report, settings)
  if (calls === 0) {
    return `This was a dry run${received === 0 ? "" : ": a real run would send nothing to Marketo"}.`
  }
  const begin = "This was a dry run: nothing was written to Marketo. " +
    `${isStopped ? "If it were not stopped, a" : "A"} real run would`
  if (settings.sendBy === "files" && maySendFiles(settings)) {
    const files = Math.ceil((applied + report.leadsSkipped) / LARGEST_FILES.leads)
    return `${begin} send about ${amount(files, "file")}, and by calls what files cannot carry. How long Marketo ` +
      "takes for a file is not known beforehand."
  }
  const { callsPerWindow, concurrentCalls } = connection.quota
  const byRate = calls > callsPerWindow ? calls / callsPerWindow * SECONDS_PER_WINDOW : 0
  const seconds = Math.ceil(Math.max(byRate, calls * SECONDS_PER_CALL / concurrentCalls))
  const span = seconds < 90 ? amount(seconds, "second") : amount(Math.ceil(seconds / 60), "minute")
  return `${begin} take about ${amount(calls, "call")} and ${span}${maySendFiles(settings) ?
    ", or go as files if these were too many calls for the day or for the time that a run has" : ""}.`
}

/** Calls that look up whom several leads match, and update these by their ids, besides those that found this out. */
function callsForSeveral({ severalMatches: { rows, leads } }: RunReport, { writesLeads }: RunSettings): number {
  return writesLeads ? Math.ceil(rows / MAX_VALUES_PER_LOOKUP) + Math.ceil(leads / MAX_LEADS_PER_SYNC) : 0
}
