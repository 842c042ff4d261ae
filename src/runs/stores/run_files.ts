import * as fs from "fs"
import * as path from "path"
import * as winston from "winston"
import { isRunId } from "../records/run_id"
import type { RunRecord } from "../records/run_record"

const EXTENSION = ".json"
const DRAFT = ".draft"
/** A draft that is so old, in ms, was left behind by a hub that was killed. */
const OLD_DRAFT_MS = 3_600_000

/** Run records as files of a directory, one for each run, which only this system's user can read. */
export class RunFiles {
  private hasWarned = false
  /** The last write of each record that is not done yet: writes of one record keep their order. */
  private readonly writing = new Map<string, Promise<void>>()

  /** Makes the directory. Throws the operating system's error if it cannot. */
  constructor(private readonly directory: string) {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  }

  /** Returns the records that are there. Files that are no records, such as one that was cut, are passed over. */
  readAll(): RunRecord[] {
    const names = fs.readdirSync(this.directory)
    names.filter((name) => name.endsWith(DRAFT)).forEach((name) => removeIfOld(path.join(this.directory, name)))
    return names.filter((name) => name.endsWith(EXTENSION)).flatMap((name) => {
      const id = name.slice(0, -EXTENSION.length)
      const record = isRunId(id) ? readRecord(path.join(this.directory, name)) : undefined
      return record?.id === id ? [record] : []
    })
  }

  /** Returns a record as it is in the directory now; undefined if it is not there, or not whole. */
  read(id: string): RunRecord | undefined {
    return readRecord(this.fileOf(id))
  }

  /** Writes a record. A failure, such as a full disk, is logged once. */
  async write(record: RunRecord): Promise<void> {
    const text = JSON.stringify(record)
    const writing = (this.writing.get(record.id) ?? Promise.resolve()).then(async () => this.replace(record.id, text))
    this.writing.set(record.id, writing)
    await writing
    if (this.writing.get(record.id) === writing) {
      this.writing.delete(record.id)
    }
  }

  remove(id: string): void {
    fs.rm(this.fileOf(id), { force: true }, (failure) => this.warn(failure))
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await Promise.all(this.writing.values())
  }

  /** A reader, or the next start after a kill, finds either the old record or the new one. */
  private async replace(id: string, text: string): Promise<void> {
    const draft = path.join(this.directory, `${id}${DRAFT}`)
    try {
      await fs.promises.writeFile(draft, text, { mode: 0o600 })
      await fs.promises.rename(draft, this.fileOf(id))
      this.hasWarned = false
    } catch (failure) {
      this.warn(failure as NodeJS.ErrnoException)
    }
  }

  private fileOf(id: string): string {
    return path.join(this.directory, `${id}${EXTENSION}`)
  }

  private warn(failure: NodeJS.ErrnoException | null): void {
    if (failure !== null && !this.hasWarned) {
      this.hasWarned = true
      winston.warn("Run records cannot be written. They are kept in memory, and are lost when the hub ends.",
        { code: failure.code ?? failure.name })
    }
  }
}

function readRecord(file: string): RunRecord | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as RunRecord
  } catch {
    return undefined
  }
}

function removeIfOld(file: string): void {
  const changedAt = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
  if (Date.now() - changedAt > OLD_DRAFT_MS) {
    fs.rmSync(file, { force: true })
  }
}
