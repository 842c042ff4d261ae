import { MarketoConnection } from "./api/connection"
import { EmptyCell, emptyCellInWords } from "./blast_radius/empty_cell"
import { Decision, WayChoice } from "./bulk/way_choice"
import { LARGEST_FILES, MAX_LEADS_PER_SYNC, MAX_VALUES_PER_LOOKUP } from "./configuration/limits"
import { MarketoError, RunStoppedError } from "./errors"
import { callsNeeded } from "./large_send"
import { RunReport } from "./report/run_report"
import { RunSettings } from "./settings/run_settings"
import { maySendFiles } from "./settings/way_of_sending"
import { amount, figure } from "./words/amounts"

/** Seconds that a Sync Leads call of 300 leads takes, roughly; recorded traffic shows 1.2 s and more. */
const SECONDS_PER_CALL = 1.5

const SECONDS_PER_WINDOW = 20

/** What is known of a real run beforehand. */
export interface Outlook {
  /** Its seat belt would end it as it is. */
  isStopped: boolean
  /** What an automatic send would decide by. */
  choice: WayChoice
  /** An empty cell that would clear its field; absent if there is none. */
  emptyCell?: EmptyCell
}

/** Returns what a real run of the rows that were looked up would take, in sentences with rounded figures. */
export async function estimateSentence(
  report: RunReport, settings: RunSettings, connection: MarketoConnection, outlook: Outlook,
): Promise<string> {
  const { received, created, updated, found = 0 } = report.rows
  const applied = created + updated + found
  const calls = callsNeeded(applied + report.leadsSkipped, settings, applied, report.writesMemberFields) +
    callsForSeveral(report, settings)
  if (calls === 0) {
    return `This was a dry run${received === 0 ? "" : ": a real run would send nothing to Marketo"}.`
  }
  const begin = "This was a dry run: nothing was written to Marketo. " +
    `${outlook.isStopped ? "If it were not stopped, a" : "A"} real run would`
  const decision = maySendFiles(settings) ? await decisionOf(settings, received, outlook) : CALLS
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
  return `${begin} take about ${amount(calls, "call")} and ${span}${filesInWords(decision, received)}.`
}

const CALLS: Decision = { way: "calls" }

/** Returns what a run that may send files would do; undefined if that cannot be known. */
async function decisionOf(
  { sendBy }: RunSettings, received: number, { choice, emptyCell }: Outlook,
): Promise<Decision | undefined> {
  if (sendBy === "files") {
    return { way: "files" }
  }
  try {
    // A run decides as soon as so many leads have come.
    const { undecidedLeads } = LARGEST_FILES
    return await choice.decide({
      rowsRead: Math.min(received, undecidedLeads), hasReadAll: received <= undecidedLeads,
      emptyCell: (emptyCell?.row ?? Infinity) <= undecidedLeads ? emptyCell : undefined,
    })
  } catch (failure) {
    if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
      return undefined
    }
    throw failure
  }
}

/** Returns what becomes of files in a run that begins by calls, in words that end a sentence; "" if there are none. */
function filesInWords(decision: Decision | undefined, received: number): string {
  if (decision === undefined) {
    return ", or go as files if these were too many calls for the day or for the time that a run has"
  }
  const { emptyCell, filesFrom = Infinity } = decision
  return emptyCell !== undefined ? `, and not go as files, since ${emptyCellInWords(emptyCell)}` :
    filesFrom < received ? `, but go on as files from row ${figure(filesFrom)} on` : ""
}

/** Calls that look up whom several leads match, and update these by their ids, besides those that found this out. */
function callsForSeveral({ severalMatches: { rows, leads } }: RunReport, { writesLeads }: RunSettings): number {
  return writesLeads ? Math.ceil(rows / MAX_VALUES_PER_LOOKUP) + Math.ceil(leads / MAX_LEADS_PER_SYNC) : 0
}
