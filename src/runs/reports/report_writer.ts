import type { RowLine, RowReport } from "../../hub/run_account"
import { ReportSealer } from "./report_cipher"
import { remarkLine, reportHeader, reportLines } from "./report_csv"

/** What a writer, in whatever process, has to know. */
export interface ReportOrder {
  /** The run's id. */
  id: string
  key: string
  link: string
  wantsAllRows: boolean
  /** The size at which the report ends, in bytes as it is stored. */
  limitBytes: number
}

/** Lines that are gathered before they become a block. */
const LINES_PER_BLOCK = 500

/**
 * Writes the report of one run as the lines come: as CSV, compressed and encrypted, in blocks that go to `store` at
 * once. It holds no more than one block. A report without lines stores nothing.
 */
export class ReportWriter implements RowReport {
  readonly link: string
  readonly wantsAllRows: boolean
  private readonly sealer: ReportSealer
  private waiting: RowLine[] = []
  private storedBytes = 0
  private isBegun = false
  private isOver = false
  private linesLeftOut = 0

  constructor(private readonly order: ReportOrder, private readonly store: (block: Buffer) => void) {
    this.link = order.link
    this.wantsAllRows = order.wantsAllRows
    this.sealer = new ReportSealer(order.id, order.key)
  }

  add(line: RowLine): void {
    if (this.isOver) {
      return
    }
    if (this.storedBytes >= this.order.limitBytes) {
      this.linesLeftOut++
      return
    }
    this.waiting.push(line)
    if (this.waiting.length >= LINES_PER_BLOCK) {
      this.write(this.takeWaiting(), false)
    }
  }

  /** Completes the report. Later lines are ignored. */
  end(): void {
    if (this.isOver) {
      return
    }
    this.isOver = true
    if (!this.isBegun && this.waiting.length === 0) {
      return
    }
    const remark = this.linesLeftOut === 0 ? "" : remarkLine(
      `The report ends here, since it has reached its largest size. ${this.linesLeftOut} more lines are left out. ` +
        "ACTION_HUB_REPORT_LIMIT_MB of the hub sets this size.")
    this.write(this.takeWaiting() + remark, true)
  }

  private takeWaiting(): string {
    const lines = this.waiting
    this.waiting = []
    const header = this.isBegun ? "" : reportHeader()
    this.isBegun = true
    return header + reportLines(lines)
  }

  private write(text: string, isLast: boolean): void {
    const block = this.sealer.seal(text, isLast)
    this.storedBytes += block.length
    this.store(block)
  }
}
