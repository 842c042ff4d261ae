import { expect } from "chai"
import * as fc from "fast-check"
import { RowLine } from "../../../src/hub/run_account"
import { newReportKey, openReport } from "../../../src/runs/reports/report_cipher"
import { reportHeader, reportLines } from "../../../src/runs/reports/report_csv"
import { ReportWriter } from "../../../src/runs/reports/report_writer"

const ID = "0mwxhhp62-38dv049l"
const MB = 1024 * 1024

class WrittenReport {
  readonly blocks: Buffer[] = []
  readonly key = newReportKey()
  readonly writer: ReportWriter

  constructor(limitBytes = MB) {
    const order = { id: ID, key: this.key, link: "https://hub.example.com/reports", wantsAllRows: false, limitBytes }
    this.writer = new ReportWriter(order, (block) => this.blocks.push(block))
  }

  get bytes(): number {
    return this.blocks.reduce((sum, { length }) => sum + length, 0)
  }

  async text(): Promise<string> {
    let text = ""
    const { blocks, key } = this
    async function* pieces() {
      yield* blocks
    }
    for await (const piece of openReport(ID, key, pieces())) {
      text += piece.kind === "text" ? piece.text : `<${piece.kind}>`
    }
    return text
  }
}

describe("The writer of row reports", () => {
  it("writes any lines in their order, as CSV with a header", async () => {
    const line: fc.Arbitrary<RowLine> = fc.record({
      row: fc.nat(), lookupValue: fc.string({ unit: "grapheme" }), outcome: fc.constantFrom("skipped", "failed"),
      reason: fc.string({ unit: "grapheme" }),
    })
    await fc.assert(fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 1200 }), async (lines) => {
      const report = new WrittenReport()
      lines.forEach((each) => report.writer.add(each))
      report.writer.end()
      expect(await report.text()).to.equal(reportHeader() + reportLines(lines))
    }), { numRuns: 20 })
  })

  it("stores nothing without a line", () => {
    const report = new WrittenReport()
    report.writer.end()
    expect(report.blocks).to.deep.equal([])
  })

  it("stores while lines come, and holds no more than a block", () => {
    const report = new WrittenReport(100 * MB)
    for (let row = 1; row <= 100_000; row++) {
      report.writer.add({ row, lookupValue: `person${row}@example.com`, outcome: "skipped", code: "1007" })
      expect(report.blocks.length).to.equal(Math.floor(row / 500))
    }
  })

  it("ends at its largest size with a line that says so and how many lines are left out", async () => {
    const report = new WrittenReport(20_000)
    for (let row = 1; row <= 10_000; row++) {
      report.writer.add({ row, lookupValue: `person${row * 7919 % 10_007}@example.com`, outcome: "skipped" })
    }
    report.writer.end()
    expect(report.bytes).to.be.within(20_000, 30_000)
    const lines = (await report.text()).trim().split("\n")
    const written = lines.length - 2
    expect(lines[lines.length - 1]).to.contain("has reached its largest size")
      .and.to.contain(`${10_000 - written} more lines`).and.to.contain("ACTION_HUB_REPORT_LIMIT_MB")
  })

  it("takes no line after its end", async () => {
    const report = new WrittenReport()
    report.writer.add({ row: 1, outcome: "skipped" })
    report.writer.end()
    report.writer.add({ row: 2, outcome: "skipped" })
    report.writer.end()
    expect((await report.text()).trim().split("\n")).to.have.lengthOf(2)
  })
})

describe("The CSV of row reports", () => {
  it("lets no cell become a formula, whoever wrote it", () => {
    for (const start of ["=", "+", "-", "@", "\t", "\r"]) {
      const text = reportLines([{ row: 1, lookupValue: `${start}HYPERLINK("https://x")`, outcome: "skipped" }])
      expect(text, JSON.stringify(start)).to.match(/^1,"?'/)
    }
  })

  it("quotes what has commas, quotes and line breaks in it", () => {
    expect(reportLines([{ row: 1, lookupValue: "a,b\n\"c\"", outcome: "failed", reason: "x" }]))
      .to.equal("1,\"a,b\n\"\"c\"\"\",failed,,,x,\n")
  })

  it("begins with the mark by which Excel knows the encoding", () => {
    expect(reportHeader()).to.equal("\uFEFFRow,Lookup value,Outcome,Target,Code,Reason,Values left out\n")
  })
})
