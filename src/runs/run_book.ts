import * as os from "os"
import * as winston from "winston"
import { lostSummary } from "./lost_run"
import { OpenRun } from "./open_run"
import { newRunId } from "./records/run_id"
import type { RunOrigin, RunRecord } from "./records/run_record"
import type { ReportKeeper } from "./reports/report_keeper"
import { LeftRuns } from "./left_runs"
import { MOST_RUNS, RunPage, RunQuery, RunStore } from "./stores/run_store"

/** How often records of runs under way are saved if they have news, and at least, in ms. */
const SAVED_EVERY_MS = 1000
const SAVED_AT_LEAST_EVERY_MS = 10_000
/** How often runs are looked for that another hub has left, in ms. */
const LEFT_RUNS_EVERY_MS = 20_000
const TIDIED_EVERY_MS = 3_600_000

/** Is told of runs that have ended. What it does delays nothing. */
export interface RunListener {
  runEnded(record: RunRecord): void
  /** Resolves when it has told what can be told within seconds. */
  close(): Promise<void>
}

/** The records of all runs: begins them, keeps them up to date while they last, and finds them again. */
export class RunBook {
  private readonly hub = { host: os.hostname(), pid: process.pid }
  private readonly open = new Map<string, { run: OpenRun, savedAt: number }>()
  /** Records that could not be saved yet. */
  private readonly unsaved = new Map<string, RunRecord>()
  private readonly left = new LeftRuns(this.hub)
  private readonly timers: NodeJS.Timeout[]
  private hasWarned = false

  /** `listener` may be absent. `store` is closed with the book. */
  constructor(
    private readonly store: RunStore, readonly reports?: ReportKeeper, private readonly listener?: RunListener,
  ) {
    this.timers = [
      setInterval(() => void this.saveNews(), SAVED_EVERY_MS),
      setInterval(() => void this.endLeftRuns(), LEFT_RUNS_EVERY_MS),
      setInterval(() => void this.reports?.tidy(), TIDIED_EVERY_MS),
    ].map((timer) => timer.unref())
    void this.endLeftRuns()
    void this.reports?.tidy()
  }

  /** Begins the record of a run. */
  begin(description: RunOrigin): OpenRun {
    const run = new OpenRun(newRunId(), description, this.hub, this.reports)
    this.open.set(run.id, { run, savedAt: -Infinity })
    void this.save(run)
    return run
  }

  /**
   * Ends a run's record; `success` is the answer's. Resolves with it once its report can be opened. Never rejects.
   */
  async end(run: OpenRun, success: boolean): Promise<RunRecord> {
    await run.close(success)
    this.open.delete(run.id)
    const record = run.record()
    void this.saveRecord(record)
    this.listener?.runEnded(record)
    return record
  }

  /** Returns a run. Rejects if the store is out of reach. */
  async get(id: string): Promise<RunRecord | undefined> {
    return this.open.get(id)?.run.record() ?? this.store.get(id)
  }

  /** Finds runs, newest first. Rejects if the store is out of reach. */
  async find(query: RunQuery): Promise<RunPage> {
    await this.saveNews()
    return this.store.find(query)
  }

  /** Saves what is not saved yet, as far as possible, and closes the store. */
  async close(): Promise<void> {
    this.timers.forEach((timer) => clearInterval(timer))
    await this.saveNews()
    await this.listener?.close()
    await this.store.close()
  }

  private async saveNews(): Promise<void> {
    const now = performance.now()
    const due = [...this.open.values()].filter(({ run, savedAt }) =>
      run.hasNews && now - savedAt >= SAVED_EVERY_MS || now - savedAt >= SAVED_AT_LEAST_EVERY_MS)
    await Promise.all(due.map(async ({ run }) => this.save(run)))
    await Promise.all([...this.unsaved.values()].map(async (record) => this.saveRecord(record)))
  }

  private async save(run: OpenRun): Promise<void> {
    const open = this.open.get(run.id)
    if (open !== undefined) {
      open.savedAt = performance.now()
    }
    await this.saveRecord(run.record())
  }

  private async saveRecord(record: RunRecord): Promise<void> {
    try {
      await this.store.save(record)
      // An earlier save of the run may come to its end after a later one has failed.
      if (this.unsaved.get(record.id) === record) {
        this.unsaved.delete(record.id)
      }
      this.hasWarned = false
    } catch (failure) {
      if (record.endedAt !== undefined && this.unsaved.size < MOST_RUNS) {
        this.unsaved.set(record.id, record)
      }
      this.warn(failure as NodeJS.ErrnoException)
    }
  }

  /** Ends the records of runs whose hub is gone: nobody else would. */
  private async endLeftRuns(): Promise<void> {
    try {
      const { runs } = await this.store.find({ limit: MOST_RUNS, outcome: "running" })
      for (const record of this.left.among(runs.filter(({ id }) => !this.open.has(id)))) {
        if (await this.store.claim(record.id)) {
          await this.endLeftRun(record)
        }
      }
    } catch (failure) {
      this.warn(failure as NodeJS.ErrnoException)
    }
  }

  private async endLeftRun(record: RunRecord): Promise<void> {
    const ended: RunRecord = {
      ...record, outcome: "lost", category: "hub", endedAt: record.updatedAt,
      durationMs: Math.max(0, Date.parse(record.updatedAt) - Date.parse(record.startedAt)),
      summary: lostSummary(record.progress),
    }
    await this.saveRecord(ended)
    this.listener?.runEnded(ended)
  }

  private warn(failure: NodeJS.ErrnoException): void {
    if (!this.hasWarned) {
      this.hasWarned = true
      winston.warn("Run records cannot be saved or read; those of ended runs are saved later.",
        { code: failure.code ?? failure.message })
    }
  }
}
