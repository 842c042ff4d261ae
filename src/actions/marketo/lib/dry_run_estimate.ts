import { MarketoConnection } from "./api/connection"
import { Decision, WayChoice } from "./bulk/way_choice"
import { LARGEST_FILES } from "./configuration/limits"
import { MarketoError, RunStoppedError } from "./errors"
import { callsNeeded } from "./large_send"
import { RunReport } from "./report/run_report"
import { RunSettings } from "./settings/run_settings"
import { maySendFiles } from "./settings/way_of_sending"
import { amount, figure } from "./words/amounts"

/** Seconds that a Sync Leads call of 300 leads takes, roughly; recorded traffic shows 1.2 s and more. */
const SECONDS_PER_CALL = 1.5

const SECONDS_PER_WINDOW = 20

/**
 * Returns what a real run of the rows that were looked up would take, in sentences with rounded figures. `choice` is
 * what an automatic send would decide by.
 */
export async function estimateSentence(
  report: RunReport, settings: RunSettings, connection: MarketoConnection, choice: WayChoice,
): Promise<string> {
  const { received, created, updated, found = 0 } = report.rows
  const applied = created + updated + found
  const calls = callsNeeded(applied + report.leadsSkipped, settings, applied, report.writesMemberFields)
  if (calls === 0) {
    return `This was a dry run${received === 0 ? "" : ": a real run would send nothing to Marketo"}.`
  }
  const begin = "This was a dry run: nothing was written to Marketo. A real run would"
  const decision = maySendFiles(settings) ? await decisionOf(settings, received, choice) : CALLS
  if (decision?.way === "files") {
    const files = Math.ceil((applied + report.leadsSkipped) / LARGEST_FILES.leads)
    const why = settings.sendBy === "automatic" ? `, since about ${amount(calls, "call")} are too many for what is ` +
      "left of the day, or for the time that a run has" : ""
    return `${begin} send about ${amount(files, "file")}, and by calls what files cannot carry${why}. How long ` +
      "Marketo takes for a file is not known beforehand."
  }
  const { callsPerWindow, concurrentCalls } = connection.quota
  const byRate = calls > callsPerWindow ? calls / callsPerWindow * SECONDS_PER_WINDOW : 0
  const seconds = Math.ceil(Math.max(byRate, calls * SECONDS_PER_CALL / concurrentCalls))
  const span = seconds < 90 ? amount(seconds, "second") : amount(Math.ceil(seconds / 60), "minute")
  const turns = decision === undefined ?
    ", or go as files if these were too many calls for the day or for the time that a run has" :
    decision.filesFrom !== undefined && decision.filesFrom < received ?
      `, but go on as files from row ${figure(decision.filesFrom)} on` : ""
  return `${begin} take about ${amount(calls, "call")} and ${span}${turns}.`
}

const CALLS: Decision = { way: "calls" }

/** Returns what a run that may send files would do; undefined if that cannot be known. */
async function decisionOf(
  { sendBy }: RunSettings, received: number, choice: WayChoice,
): Promise<Decision | undefined> {
  if (sendBy === "files") {
    return { way: "files" }
  }
  try {
    // A run decides as soon as so many leads have come.
    const { undecidedLeads } = LARGEST_FILES
    return await choice.decide(Math.min(received, undecidedLeads), received <= undecidedLeads)
  } catch (failure) {
    if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
      return undefined
    }
    throw failure
  }
}
