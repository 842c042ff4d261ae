import * as winston from "winston"
import { placeOf } from "../errors"
import { RunReport } from "../report/run_report"
import { RunControl } from "../stopping/run_control"
import { unexpectedFailure } from "../stopping/stop_reasons"

/**
 * The pieces of work of one run that are under way: upserts and membership calls. A failure of ours that nobody
 * foresaw ends the run and is reported. When the work is closed, what still is under way is reported as cut off.
 */
export class WorkInFlight {
  /** For each piece of work, how to report it when it is cut off. */
  private readonly underWay = new Set<() => void>()
  private parkedCount = 0
  private isClosed = false
  private announceChange: (() => void) | undefined

  constructor(private readonly run: RunControl, private readonly report: RunReport) {}

  /** Sets what is called after each piece of work that has ended, and after each that waits or goes on. */
  onChange(listener: () => void): void {
    this.announceChange = listener
  }

  /** Pieces of work under way. */
  get active(): number {
    return this.underWay.size
  }

  /** Those of them that only wait for a repetition. */
  get parked(): number {
    return this.parkedCount
  }

  /** True if the report is closed: what still comes back is too late for it. */
  get isOver(): boolean {
    return this.isClosed
  }

  /** Follows one piece of work to its end; `abandon` reports it when it is cut off. */
  start(work: Promise<void>, abandon: () => void): void {
    this.underWay.add(abandon)
    const ended = work.catch((failure: unknown) => {
      if (!this.isClosed) {
        const message = failure instanceof Error ? failure.message : String(failure)
        // Its message may hold lead data, and its place does not.
        winston.error("Marketo: an unexpected error ended the run", { reason: "hub", at: placeOf(failure) })
        this.report.runFailed(`An unexpected error occurred in the Marketo action: ${message}`, "hub")
        this.run.stop(unexpectedFailure())
        abandon()
      }
    })
    void ended.then(() => {
      this.underWay.delete(abandon)
      this.announceChange?.()
    })
  }

  /** A piece of work begins to wait for a repetition, or goes on. */
  park(isParked: boolean): void {
    this.parkedCount += isParked ? 1 : -1
    this.announceChange?.()
  }

  /** Ends the following: reports what is under way as cut off. */
  close(): void {
    this.isClosed = true
    for (const abandon of [...this.underWay]) {
      abandon()
    }
  }
}
