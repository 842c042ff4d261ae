import type { RowReport, RunAccount, RunConclusion, RunProgress } from "../hub/run_account"
import type { AccountEntry, AccountOrder } from "../runs/records/account_entry"
import { ReportWriter } from "../runs/reports/report_writer"

/** The least time between two messages about progress, in ms: less than the second after which actions tell more. */
const PROGRESS_EVERY_MS = 900

/** The account of a run in an execute process, which tells the hub over the existing channel. */
export class RunAccountClient implements RunAccount {
  readonly id: string
  private readonly writer: ReportWriter | undefined
  private latest: RunProgress | undefined
  private toldAt = -Infinity

  constructor({ id, report }: AccountOrder, private readonly send: (entry: AccountEntry) => void) {
    this.id = id
    this.writer = report === undefined ? undefined :
      new ReportWriter(report, (block) => this.send({ kind: "block", block }))
  }

  get rowReport(): RowReport | undefined {
    return this.writer
  }

  progress(progress: RunProgress): void {
    this.latest = progress
    if (performance.now() - this.toldAt >= PROGRESS_EVERY_MS) {
      this.tell()
    }
  }

  conclude(conclusion: RunConclusion): void {
    this.tell()
    this.send({ kind: "conclusion", conclusion })
  }

  /** Sends what is left; to be called before the answer. */
  end(): void {
    this.tell()
    this.writer?.end()
  }

  private tell(): void {
    if (this.latest !== undefined) {
      this.toldAt = performance.now()
      this.send({ kind: "progress", progress: this.latest })
      this.latest = undefined
    }
  }
}
