import { expect } from "chai"
import { AutomaticChoice, ChoiceFacts } from "../../../../src/actions/marketo/lib/bulk/way_choice"

const HOUR_MS = 3600000

describe("the automatic choice of the way", () => {
  let asked = 0
  const ALL = { rowsRead: 30000, hasReadAll: true }
  const MANY = { rowsRead: 30000, hasReadAll: false }
  const choice = (facts: Partial<ChoiceFacts>, left = 40000) => {
    asked = 0
    return new AutomaticChoice({
      hasList: false, fewestLeads: 1500, share: { callsPerWindow: 50 }, runLimitMs: HOUR_MS,
      callsLeft: async () => {
        asked++
        return left
      },
      ...facts,
    })
  }

  it("takes calls for a small send, without asking how many are left", async () => {
    const decision = await choice({}).decide({ rowsRead: 900, hasReadAll: true })
    expect(decision.way).to.equal("calls")
    expect(decision.because).to.equal("Sent by calls, since 3 are enough.")
    const small = await choice({}).decide({ rowsRead: 300, hasReadAll: true })
    expect(small.because).to.equal("Sent by calls, since one is enough.")
    expect(asked).to.equal(0)
  })

  it("takes calls for what is not worth a file, however few are left, and files as soon as it is", async () => {
    const small = await choice({ hasList: true }, 4).decide({ rowsRead: 1499, hasReadAll: true })
    expect(small.because).to.equal("Sent by calls, since 10 are enough.")
    expect(asked).to.equal(0)
    const large = await choice({ hasList: true }, 39).decide({ rowsRead: 1500, hasReadAll: true })
    expect(large.way).to.equal("files")
  })

  it("takes files beyond a quarter of what is left of the day, and not at a quarter", async () => {
    expect((await choice({}, 400).decide(ALL)).way).to.equal("calls")
    const decision = await choice({}, 396).decide(ALL)
    expect(decision.way).to.equal("files")
    expect(decision.because).to.equal("Sent as files, since calls would have been 100, more than a quarter of the " +
      "396 that were left of the day.")
  })

  it("counts the calls of a list", async () => {
    expect((await choice({ hasList: true }, 796).decide(ALL)).way).to.equal("files")
    expect((await choice({ hasList: false }, 796).decide(ALL)).way).to.equal("calls")
  })

  it("takes files for what would outlast the run", async () => {
    // 50 calls in 20 s are 9,000 in an hour.
    const decision = await choice({ rowLimit: 2700300 }, Infinity).decide(MANY)
    expect(decision).to.include({ way: "files", because: "Sent as files, since about 9,001 calls would have taken " +
      "longer than the 60 minutes that a run has." })
    expect((await choice({ rowLimit: 2700000 }, Infinity).decide(MANY)).way).to.equal("calls")
  })

  it("begins by calls without a row limit, and says from which row on files take over", async () => {
    const decision = await choice({}, 1000).decide(MANY)
    expect(decision).to.include({ way: "calls", filesFrom: 75000 })
    expect(decision.becauseThen).to.contain("as files from row 75,000 on")
  })

  it("takes calls in place of files for a row with an empty cell that clears, and says which", async () => {
    const emptyCell = { row: 1012, field: "phone" }
    const decision = await choice({}, 396).decide({ ...ALL, emptyCell })
    expect(decision.way).to.equal("calls")
    expect(decision.because).to.contain("row 1,012 has an empty cell that clears its field (phone)")
  })

  it("does not speak of empty cells while calls are few enough", async () => {
    const emptyCell = { row: 1, field: "phone" }
    const { because } = await choice({}, 40000).decide({ ...ALL, emptyCell })
    expect(because).to.equal("Sent by calls, since 100 of them are no more than a quarter of the 40,000 that were " +
      "left of the day.")
  })

  it("says nothing of calls when there is nothing to send", async () => {
    expect(await choice({}).decide({ rowsRead: 0, hasReadAll: true })).to.deep.equal({ way: "calls" })
    expect(asked).to.equal(0)
  })
})
