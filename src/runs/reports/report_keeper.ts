import * as winston from "winston"
import { openReport, type Opened, newReportKey, isReportKey } from "./report_cipher"
import { hasExpired } from "./report_removal"
import type { ReportSeal } from "./report_seal"
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
  /** Keeps the keys, encrypted, for people who may open reports without their links; absent if nobody may. */
  seal?: ReportSeal
}

/**
 * Keeps the reports of all runs, and opens them for who has their links, or may do without. It knows no key once it has
 * given it out, unless there is a seal.
 */
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

  /** Keeps the key of a report that is about to begin, if there is a seal. */
  keepKey({ id, key }: ReportOrder): void {
    const { seal, store } = this.options
    if (seal !== undefined) {
      this.write(id, async () => store.keepKey(id, seal.seal(id, key)))
    }
  }

  /** Stores a block after the earlier ones. A failure, such as a full disk, is logged once. */
  append(id: string, block: Buffer): void {
    this.write(id, async () => this.options.store.append(id, block))
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

  /**
   * Opens the report of a run without its link: `unknown` if there is no seal, or none that this hub can open. Rejects
   * if the store is out of reach.
   */
  async findSealed(id: string): Promise<FoundReport> {
    const key = await this.keptKey(id)
    return key === undefined ? { kind: "unknown" } : this.find(id, key)
  }

  /** Returns true if `findSealed` can find the key of a report. Rejects if the store is out of reach. */
  async hasKeptKey(id: string): Promise<boolean> {
    return !hasExpired(id, this.options.bounds, Date.now()) && await this.keptKey(id) !== undefined
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

  private async keptKey(id: string): Promise<string | undefined> {
    const { seal, store } = this.options
    const sealed = seal === undefined ? undefined : await store.readKey(id)
    return sealed === undefined ? undefined : seal?.open(id, sealed)
  }

  private write(id: string, write: () => Promise<void>): void {
    const writing = (this.writing.get(id) ?? Promise.resolve()).then(write)
      .then(() => { this.hasWarned = false }, (failure: NodeJS.ErrnoException) => this.warn(failure))
    this.writing.set(id, writing)
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
