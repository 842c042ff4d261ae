import { expect } from "chai"
import * as fc from "fast-check"
import { ProgressLine } from "../../../src/runs/records/progress_line"

const NOW = Date.UTC(2026, 10, 26)

describe("The progress of a run over time", () => {
  it("knows nothing before it is told", () => {
    expect(new ProgressLine().recorded(NOW)).to.equal(undefined)
  })

  it("has the share of the query's limit, the rate of late and the end that follows from both", () => {
    const line = new ProgressLine()
    for (let second = 0; second <= 100; second++) {
      line.add({
        rowsRead: second * 200, rowsApplied: second * 100, rowsNotApplied: 0, rowLimit: 20_000, calls: second,
      }, second * 1000)
    }
    expect(line.recorded(NOW)).to.deep.include({
      rowsRead: 20_000, rowsApplied: 10_000, percent: 50, rowsPerSecond: 100,
      expectedEnd: new Date(NOW + 100_000).toISOString(),
    })
  })

  it("takes the number of rows for what is to come once all are read, and promises nothing without a limit", () => {
    const line = new ProgressLine()
    line.add({ rowsRead: 400, rowsApplied: 100, rowsNotApplied: 0 }, 0)
    expect(line.recorded(NOW)).to.include({ percent: undefined, expectedEnd: undefined })
    line.add({ rowsRead: 400, rowsApplied: 100, rowsNotApplied: 100, hasReadAll: true }, 1000)
    expect(line.recorded(NOW)).to.include({ percent: 50 })
  })

  it("keeps a bounded number of samples, in order, however long it goes on", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { maxLength: 2000 }), (steps) => {
      const line = new ProgressLine()
      let atMs = 0
      steps.forEach((step, index) => {
        atMs += step
        line.add({ rowsRead: index, rowsApplied: index, rowsNotApplied: 0 }, atMs)
      })
      expect(line.samples.length).to.be.at.most(120)
      expect(line.samples.length > 0).to.equal(steps.length > 0)
      for (let index = 1; index < line.samples.length; index++) {
        expect(line.samples[index].atMs).to.be.greaterThan(line.samples[index - 1].atMs)
      }
    }), { numRuns: 50 })
  })
})
