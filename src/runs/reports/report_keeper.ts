import * as winston from "winston"
import { openReport, type Opened, newReportKey, isReportKey } from "./report_cipher"
import { hasExpired } from "./report_removal"
import type { ReportBounds, ReportStore } from "./report_store"
import type { ReportOrder } from "./report_writer"

/** What a link leads to. */
export type FoundReport =
  | { kind: "report", contents: AsyncGenerator<Opened> }
  /** It has had its time. */
  | { kind: "expired" }
  /** There is none, or not for this key. */
  | { kind: "unknown" }

export interface ReportKeeperOptions {
  store: ReportStore
  bounds: ReportBounds
  wantsAllRows: boolean
  /** The size at which a report ends, in bytes. */
  limitBytes: number
  /** Returns the address of the hub, without a slash at the end. */
  baseUrl: () => string
}

/** Keeps the reports of all runs, and opens them for who has their links. It knows no key once it has given it out. */
export class ReportKeeper {
  private readonly writing = new Map<string, Promise<void>>()
  private hasWarned = false

  constructor(private readonly options: ReportKeeperOptions) {}

  /** Returns what the writer of a run's report has to know. */
  orderFor(id: string): ReportOrder {
    const key = newReportKey()
    const { wantsAllRows, limitBytes, baseUrl } = this.options
    return { id, key, link: `${baseUrl()}/reports/${id}/${key}`, wantsAllRows, limitBytes }
  }

  /** Stores a block after the earlier ones. A failure, such as a full disk, is logged once. */
  append(id: string, block: Buffer): void {
    const writing = (this.writing.get(id) ?? Promise.resolve())
      .then(async () => this.options.store.append(id, block))
      .then(() => { this.hasWarned = false }, (failure: NodeJS.ErrnoException) => this.warn(failure))
    this.writing.set(id, writing)
  }

  /** Resolves when all blocks of a report are stored. */
  async settled(id: string): Promise<void> {
    const writing = this.writing.get(id)
    await writing
    if (this.writing.get(id) === writing) {
      this.writing.delete(id)
    }
  }

  /** Opens the report of a link. Rejects if the store is out of reach. */
  async find(id: string, key: string): Promise<FoundReport> {
    if (hasExpired(id, this.options.bounds, Date.now())) {
      return { kind: "expired" }
    }
    const pieces = isReportKey(key) ? await this.options.store.read(id) : undefined
    if (pieces === undefined) {
      return { kind: "unknown" }
    }
    const contents = openReport(id, key, pieces)
    const first = await contents.next()
    if (first.done === true || first.value.kind !== "text") {
      await contents.return(undefined)
      return { kind: "unknown" }
    }
    return { kind: "report", contents: withFirst(first.value, contents) }
  }

  get keptMs(): number {
    return this.options.bounds.keptMs
  }

  /** Removes what has had its time. Never rejects. */
  async tidy(): Promise<void> {
    try {
      await this.options.store.tidy()
    } catch (failure) {
      this.warn(failure as NodeJS.ErrnoException)
    }
  }

  private warn(failure: NodeJS.ErrnoException): void {
    if (!this.hasWarned) {
      this.hasWarned = true
      winston.warn("Reports of rows cannot be written or removed, so links in answers may lead to incomplete ones.",
        { code: failure.code ?? failure.name })
    }
  }
}

async function* withFirst(first: Opened, rest: AsyncGenerator<Opened>): AsyncGenerator<Opened> {
  yield first
  yield* rest
}
