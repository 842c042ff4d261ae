import type { RunRecord } from "../../runs/records/run_record"
import type { RunBook } from "../../runs/run_book"
import type { WatchedRun } from "./send_events"

/** Runs among which one is looked for: the newest. */
const LOOKED_AMONG = 50

/** Finds the record of one request's run, and what is new in it. */
export class RunFinder {
  private id: string | undefined
  private told = ""

  constructor(private readonly runBook: RunBook, private readonly webhookId: string) {}

  /** Returns how far the run is if that has changed; undefined if not, or if the records are out of reach. */
  async news(): Promise<WatchedRun | undefined> {
    const record = await this.record().catch(() => undefined)
    if (record === undefined) {
      return undefined
    }
    const { id, outcome, progress } = record
    this.id = id
    const run = { id, outcome, progress }
    const text = JSON.stringify(run)
    if (text === this.told) {
      return undefined
    }
    this.told = text
    return run
  }

  private async record(): Promise<RunRecord | undefined> {
    if (this.id !== undefined) {
      return this.runBook.get(this.id)
    }
    const { runs } = await this.runBook.find({ limit: LOOKED_AMONG })
    return runs.find(({ webhookId }) => webhookId === this.webhookId)
  }
}
