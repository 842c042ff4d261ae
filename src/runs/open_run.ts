import type { ReasonCategory, RowReport, RunConclusion, RunProgress } from "../hub/run_account"
import type { AccountEntry, AccountOrder, TransferableAccount } from "./records/account_entry"
import { ProgressLine } from "./records/progress_line"
import type { RunOrigin, RunOutcome, RunRecord } from "./records/run_record"
import type { ReportKeeper } from "./reports/report_keeper"
import { type ReportOrder, ReportWriter } from "./reports/report_writer"
import { lostSummary } from "./lost_run"

/** An answer waits for so long, in ms, for its report to be stored. */
const REPORT_PATIENCE_MS = 5000

/** The least time between two samples of a run, in ms: less than the second after which actions tell more. */
const PROGRESS_EVERY_MS = 900

/** A run that is under way, and its record. */
export class OpenRun implements TransferableAccount {
  /** Something has changed since the record was last asked for. */
  hasNews = true
  latestProgress: RunProgress | undefined

  private readonly startedAt = Date.now()
  private readonly begunAt = performance.now()
  private readonly line = new ProgressLine()
  private readonly reportOrder: ReportOrder | undefined
  private writer: ReportWriter | undefined
  private hasRowReport = false
  private notedAt = -Infinity
  private conclusion: RunConclusion | undefined
  private failureCategory: ReasonCategory | undefined
  private isLost = false
  private end: { success: boolean, afterMs: number } | undefined

  constructor(
    readonly id: string, private readonly description: RunOrigin, private readonly hub: RunRecord["hub"],
    private readonly reports: ReportKeeper | undefined,
  ) {
    this.reportOrder = reports?.orderFor(id)
  }

  /** The report that is written in this process. */
  get rowReport(): RowReport | undefined {
    const order = this.reportOrder
    if (order !== undefined) {
      this.writer ??= new ReportWriter(order, (block) => this.store(block))
    }
    return this.writer
  }

  get reportLink(): string | undefined {
    return this.hasRowReport ? this.reportOrder?.link : undefined
  }

  order(): AccountOrder {
    const { plan, instance, sender } = this.description
    return { id: this.id, plan: plan?.id, instance, sender, report: this.reportOrder }
  }

  progress(progress: RunProgress): void {
    this.latestProgress = progress
    const now = performance.now()
    if (now - this.notedAt >= PROGRESS_EVERY_MS) {
      this.notedAt = now
      this.note()
    }
  }

  conclude(conclusion: RunConclusion): void {
    this.conclusion = conclusion
    this.hasNews = true
  }

  receive(entry: AccountEntry): void {
    switch (entry.kind) {
      case "progress":
        this.progress(entry.progress)
        return
      case "conclusion":
        this.conclude(entry.conclusion)
        return
      case "block":
        this.store(Buffer.from(entry.block))
    }
  }

  /** The reason for the run's failure, as far as the action or somebody else has told. */
  get category(): ReasonCategory | undefined {
    return this.conclusion?.category ?? this.failureCategory
  }

  /** Tells why the run failed, for actions that keep no account. */
  noteFailure(category: ReasonCategory): void {
    this.failureCategory = category
  }

  noteLost(): void {
    this.isLost = true
  }

  /** Ends the run, once. `success`: as the answer says. Resolves when its report is stored as far as it goes. */
  async close(success: boolean): Promise<void> {
    this.end ??= { success, afterMs: performance.now() - this.begunAt }
    this.note(true)
    this.writer?.end()
    if (this.hasRowReport) {
      await Promise.race([this.reports?.settled(this.id), passed(REPORT_PATIENCE_MS)])
    }
  }

  /** Returns the record as it is now. */
  record(): RunRecord {
    this.hasNews = false
    const { conclusion, end } = this
    const outcome = this.outcome()
    return {
      ...this.description,
      id: this.id,
      hub: this.hub,
      startedAt: new Date(this.startedAt).toISOString(),
      updatedAt: new Date().toISOString(),
      endedAt: end === undefined ? undefined : new Date(this.startedAt + end.afterMs).toISOString(),
      durationMs: end === undefined ? undefined : Math.round(end.afterMs),
      outcome,
      isDryRun: conclusion?.isDryRun ?? false,
      summary: outcome === "lost" ? lostSummary(this.latestProgress) : conclusion?.summary ??
        (outcome === "failure" ? this.summaryOfFailure : undefined),
      category: outcome === "lost" ? "hub" : this.category,
      progress: this.line.recorded(Date.now()),
      counts: conclusion?.counts ?? {},
      membership: conclusion?.membership ?? [],
      reasons: conclusion?.reasons ?? [],
      notes: conclusion?.notes ?? [],
      hasRowReport: this.hasRowReport,
      samples: [...this.line.samples],
    }
  }

  private get summaryOfFailure(): string {
    return this.failureCategory === "settings" ?
      "Nothing was sent. A setting that the action needs is missing, or cannot work." :
      "The action answered with a failure, and kept no account of it."
  }

  private outcome(): RunOutcome {
    if (this.end === undefined) {
      return "running"
    }
    if (this.isLost) {
      return "lost"
    }
    if (this.end.success) {
      return "success"
    }
    const isPartial = this.conclusion?.isDryRun !== true && (this.latestProgress?.rowsApplied ?? 0) > 0
    return isPartial ? "partial" : "failure"
  }

  private note(isLast = false): void {
    if (this.latestProgress !== undefined) {
      this.line.add(this.latestProgress, performance.now() - this.begunAt, isLast)
    }
    this.hasNews = true
  }

  private store(block: Buffer): void {
    if (!this.hasRowReport && this.reportOrder !== undefined) {
      this.reports?.keepKey(this.reportOrder)
    }
    this.hasRowReport = true
    this.reports?.append(this.id, block)
  }
}

async function passed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref())
}
