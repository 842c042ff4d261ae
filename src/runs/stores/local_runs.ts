import type { RunRecord } from "../records/run_record"
import type { RunFiles } from "./run_files"
import { isWanted, MOST_RUNS, RunPage, RunQuery, RunStore } from "./run_store"

/** Run records in memory, and in a directory if there is one, from which they are read at the start. */
export class LocalRuns implements RunStore {
  private readonly records = new Map<string, RunRecord>()
  /** Runs that were running at the start: another hub that has the directory, too, may be keeping their records. */
  private readonly runningElsewhere = new Set<string>()

  constructor(private readonly files?: RunFiles) {
    for (const record of files?.readAll() ?? []) {
      this.records.set(record.id, record)
      if (record.outcome === "running") {
        this.runningElsewhere.add(record.id)
      }
    }
    this.dropOldest()
  }

  async save(record: RunRecord): Promise<void> {
    this.records.set(record.id, structuredClone(record))
    this.runningElsewhere.delete(record.id)
    this.dropOldest()
    await this.files?.write(record)
  }

  async get(id: string): Promise<RunRecord | undefined> {
    return this.records.get(id)
  }

  async find(query: RunQuery): Promise<RunPage> {
    this.readAnew()
    const wanted = [...this.records.values()].filter((record) => isWanted(record, query))
      .sort((one, other) => one.id < other.id ? 1 : -1)
    const runs = wanted.slice(0, query.limit)
    return wanted.length > runs.length ? { runs, next: runs[runs.length - 1].id } : { runs }
  }

  async claim(): Promise<boolean> {
    return true
  }

  async close(): Promise<void> {
    await this.files?.settled()
  }

  /** While a hub is replaced by the next, both have one directory for a while. */
  private readAnew(): void {
    for (const id of this.runningElsewhere) {
      const record = this.files?.read(id)
      if (record !== undefined) {
        this.records.set(id, record)
      }
      if (record?.outcome !== "running") {
        this.runningElsewhere.delete(id)
      }
    }
  }

  private dropOldest(): void {
    const surplus = this.records.size - MOST_RUNS
    if (surplus > 0) {
      for (const id of [...this.records.keys()].sort().slice(0, surplus)) {
        this.records.delete(id)
        this.files?.remove(id)
      }
    }
  }
}
