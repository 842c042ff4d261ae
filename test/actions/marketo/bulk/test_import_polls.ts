import { expect } from "chai"
import { ImportPolls } from "../../../../src/actions/marketo/lib/bulk/import_polls"

const MINUTE_MS = 60000

describe("when an import is asked for", () => {
  const polls = () => new ImportPolls({ firstPollMs: 5000, longestPollMs: 30000 })

  it("is soon at first, and less and less often, every 30 seconds at least", () => {
    const of = polls()
    expect([0, 40000, 4 * MINUTE_MS].map((elapsedMs) => of.nextWaitMs(60000, elapsedMs)))
      .to.deep.equal([5000, 10000, 30000])
  })

  it("is when it should be done by the time that the one before took", () => {
    const of = polls()
    of.done(60000, 2 * MINUTE_MS)
    expect(of.nextWaitMs(30000, 0)).to.equal(58200)
    expect(of.nextWaitMs(30000, 58200)).to.equal(5820)
    expect(of.nextWaitMs(30000, 55000)).to.equal(5000)
  })

  it("is once for most files that take equally long, and never ever later", () => {
    const of = polls()
    const questions: number[] = []
    for (let file = 0; file < 50; file++) {
      let elapsedMs = 0
      let asked = 0
      while (elapsedMs < MINUTE_MS) {
        elapsedMs += of.nextWaitMs(20000, elapsedMs)
        asked++
      }
      expect(elapsedMs).to.be.below(1.15 * MINUTE_MS + 5000)
      of.done(20000, elapsedMs)
      questions.push(asked)
    }
    expect(questions.slice(1).reduce((sum, count) => sum + count, 0)).to.be.below(75)
  })

  it("is after five minutes at the latest, however long the one before waited for those of others", () => {
    const of = polls()
    of.done(60000, 40 * MINUTE_MS)
    expect(of.nextWaitMs(60000, 0)).to.equal(5 * MINUTE_MS)
    expect(of.nextWaitMs(60000, 5 * MINUTE_MS)).to.equal(30000)
  })
})
