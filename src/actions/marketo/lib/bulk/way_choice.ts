import { EmptyCell, emptyCellInWords } from "../blast_radius/empty_cell"
import { MAX_LEADS_PER_LIST_CALL, MAX_LEADS_PER_SYNC, QuotaShare } from "../configuration/limits"
import { MINUTE_MS } from "../configuration/time_units"
import { figure } from "../words/amounts"

/** Whether leads go as files or by calls. */
export interface Decision {
  way: "files" | "calls"
  /** Why, in a sentence for the report. */
  because?: string
  /** The number of rows from which on a send that began by calls goes on as files. */
  filesFrom?: number
  /** Why it does. */
  becauseThen?: string
  /** What keeps the send from going as files, although calls are many. */
  emptyCell?: EmptyCell
}

/** What is known of a send when its way is decided. */
export interface RowsSoFar {
  rowsRead: number
  hasReadAll: boolean
  /** The first empty cell that clears its field; absent if there was none. */
  emptyCell?: EmptyCell
}

/** Decides, once it is known how many rows there are, or that there are many. Throws as MarketoCaller.send does. */
export interface WayChoice {
  decide(rows: RowsSoFar): Promise<Decision>
}

/** The part of the calls that are left of the day beyond which a send goes as files. */
const MOST_OF_DAY = 0.25

/** Calls that a file takes, too: to hand it over, and to ask what became of it and of its rows. */
const FEW_CALLS = 3

const SECONDS_PER_WINDOW = 20

/** Facts on which the choice depends. */
export interface ChoiceFacts {
  /** Each lead is added to a list. */
  hasList: boolean
  /** Fewest leads that are worth a file. */
  fewestLeads: number
  /** The most rows that the query gives; undefined if Looker does not say. */
  rowLimit?: number
  share: Pick<QuotaShare, "callsPerWindow">
  /** How long a run may take, in ms of Marketo's time. */
  runLimitMs: number
  /** Reads how many calls are left of the day; Infinity if Marketo does not say. */
  callsLeft(): Promise<number>
}

/**
 * The automatic choice: files, when calls would take more than a quarter of those that are left of the day, or longer
 * than a run may, and no cell that was read is empty and clears its field: what a blank cell of a file does is not
 * documented. Rows that are still to come are counted by the query's row limit, if there is one; a send without one
 * begins by calls, and goes on as files when it has grown too large.
 * Source: Marketo developer guide, "Bulk Lead Import".
 */
export class AutomaticChoice implements WayChoice {
  constructor(private readonly facts: ChoiceFacts) {}

  async decide({ rowsRead, hasReadAll, emptyCell }: RowsSoFar): Promise<Decision> {
    const { rowLimit, runLimitMs, share } = this.facts
    const rows = hasReadAll ? rowsRead : Math.max(rowsRead, rowLimit ?? 0)
    const calls = this.callsFor(rows)
    const about = hasReadAll ? "" : "about "
    if (hasReadAll && calls === 0) {
      return { way: "calls" }
    }
    if (hasReadAll && (calls <= FEW_CALLS || rows < this.facts.fewestLeads)) {
      const few = calls === 1 ? "one is" : `${figure(calls)} are`
      return { way: "calls", because: `Sent by calls, since ${few} enough.` }
    }
    const left = await this.facts.callsLeft()
    const mostOfDay = Math.floor(left * MOST_OF_DAY)
    const mostInTime = Math.floor(runLimitMs / 1000 / SECONDS_PER_WINDOW * share.callsPerWindow)
    const files = (count: number): Decision => ({
      way: "files",
      because: count > mostOfDay ? `Sent as files, since calls would have been ${about}${figure(count)}, more than a ` +
        `quarter of the ${figure(left)} that were left of the day.` : `Sent as files, since ${about}${figure(count)} ` +
        `calls would have taken longer than the ${figure(Math.round(runLimitMs / MINUTE_MS))} minutes that a run has.`,
    })
    if (calls > Math.min(mostOfDay, mostInTime)) {
      return emptyCell === undefined ? files(calls) : callsInPlaceOfFiles(emptyCell)
    }
    const most = Math.min(mostOfDay, mostInTime)
    const enough = left === Infinity ? "fit into the time that a run has" :
      `are no more than a quarter of the ${figure(left)} that were left of the day`
    const because = `Sent by calls, since ${about}${figure(calls)} of them ${enough}.`
    const filesFrom = this.rowsFor(most)
    return hasReadAll ? { way: "calls", because } : {
      way: "calls", because, filesFrom,
      becauseThen: `Sent by calls first, and as files from row ${figure(filesFrom)} on, since the calls were ` +
        "becoming too many for what was left of the day, or for the time that a run has.",
    }
  }

  private callsFor(rows: number): number {
    return Math.ceil(rows / MAX_LEADS_PER_SYNC) + (this.facts.hasList ? Math.ceil(rows / MAX_LEADS_PER_LIST_CALL) : 0)
  }

  private rowsFor(calls: number): number {
    return Math.max(1, Math.floor(calls / (this.facts.hasList ? 2 : 1)) * MAX_LEADS_PER_SYNC)
  }
}

/** Returns the decision for a send that would go as files, were it not for an empty cell. */
export function callsInPlaceOfFiles(emptyCell: EmptyCell): Decision {
  return {
    way: "calls",
    emptyCell,
    because: `Sent by calls, although files would take fewer, since ${emptyCellInWords(emptyCell)}, and Marketo does ` +
      "not say what an empty cell in a file does. Choose As files under How to Send if only such rows are to go by " +
      "calls, or choose under Empty Cells to leave the field as it is.",
  }
}
