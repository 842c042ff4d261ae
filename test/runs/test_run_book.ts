import { expect } from "chai"
import { RunConclusion } from "../../src/hub/run_account"
import { RunRecord } from "../../src/runs/records/run_record"
import { RunBook } from "../../src/runs/run_book"
import { LocalRuns } from "../../src/runs/stores/local_runs"
import { RunStore } from "../../src/runs/stores/run_store"
import { eventually } from "../server/hub_under_test"
import { aRecord } from "./a_record"

const CONCLUSION: RunConclusion = {
  summary: "2 of 3 rows were applied.", category: "rows", isDryRun: false, counts: { received: 3 },
  membership: [{ target: "list 7", counts: { changed: 2 } }], reasons: [{ reason: "skipped", count: 1, code: "1007" }],
  notes: ["A note."],
}
const PROGRESS = { rowsRead: 3, rowsApplied: 2, rowsNotApplied: 1, hasReadAll: true, calls: 1 }

/** A store that can be out of reach. */
class BrokenRuns extends LocalRuns {
  isBroken = false

  override async save(record: RunRecord): Promise<void> {
    if (this.isBroken) {
      throw new Error("out of reach")
    }
    return super.save(record)
  }
}

describe("The book of runs", () => {
  let ended: RunRecord[]
  let store: BrokenRuns
  let book: RunBook

  beforeEach(() => {
    ended = []
    store = new BrokenRuns()
    book = open(store)
  })
  afterEach(async () => book.close())

  function open(runs: RunStore): RunBook {
    return new RunBook(runs, undefined, {
      runEnded: (record) => { ended.push(record) }, close: async () => undefined,
    })
  }

  it("has a run from its beginning, with what its request says", async () => {
    const description = { action: "marketo", instance: "i", plan: { id: "7", title: "Weekly" }, webhookId: "w" }
    const run = book.begin(description)
    const { runs: [record] } = await book.find({ limit: 10 })
    expect(record).to.deep.include({ ...description, id: run.id, outcome: "running", isDryRun: false })
    expect(record.endedAt).to.equal(undefined)
  })

  it("has what the run tells of itself, while it lasts and at its end", async () => {
    const run = book.begin({ action: "marketo" })
    run.progress(PROGRESS)
    expect((await book.get(run.id))?.progress).to.deep.include({ rowsRead: 3, rowsApplied: 2, percent: 100 })
    run.conclude(CONCLUSION)
    await book.end(run, false)
    const record = await book.get(run.id)
    expect(record).to.deep.include({
      outcome: "partial", summary: CONCLUSION.summary, category: "rows", counts: CONCLUSION.counts,
      membership: CONCLUSION.membership, reasons: CONCLUSION.reasons, notes: CONCLUSION.notes,
    })
    expect(ended).to.deep.equal([record])
  })

  it("calls a failure in which nothing was written a failure, and a dry run never a part of one", async () => {
    const failed = book.begin({ action: "marketo" })
    failed.progress({ ...PROGRESS, rowsApplied: 0 })
    await book.end(failed, false)
    const dry = book.begin({ action: "marketo" })
    dry.progress({ ...PROGRESS, isDryRun: true })
    dry.conclude({ ...CONCLUSION, isDryRun: true })
    await book.end(dry, false)
    expect(ended.map(({ outcome, isDryRun }) => [outcome, isDryRun]))
      .to.deep.equal([["failure", false], ["failure", true]])
  })

  it("keeps a record of actions that tell nothing", async () => {
    const good = book.begin({ action: "debug" })
    await book.end(good, true)
    const bad = book.begin({ action: "debug" })
    bad.noteFailure("settings")
    await book.end(bad, false)
    expect(ended[0]).to.deep.include({ outcome: "success", summary: undefined })
    expect(ended[1]).to.deep.include({ outcome: "failure", category: "settings" })
  })

  it("calls a run lost whose process has gone, with its last known progress", async () => {
    const run = book.begin({ action: "marketo" })
    run.receive({ kind: "progress", progress: { rowsRead: 40_000, rowsApplied: 22_200, rowsNotApplied: 0 } })
    run.noteLost()
    await book.end(run, false)
    expect(ended[0]).to.deep.include({ outcome: "lost", category: "hub" })
    expect(ended[0].summary).to.contain("22,200 of the 40,000 rows read so far had been written")
  })

  it("ends runs that a killed hub has left, once", async () => {
    const dead = { host: book.begin({ action: "x" }).record().hub.host, pid: 2 ** 22 + 1 }
    const left = aRecord({
      outcome: "running", hub: dead, progress: {
        rowsRead: 9, rowsApplied: 5, rowsNotApplied: 0, calls: 1, hasReadAll: false,
      },
    })
    const other = new LocalRuns()
    await other.save(left)
    await book.close()
    book = open(other)
    await eventually(() => ended.length > 0)
    expect(ended[0]).to.deep.include({ id: left.id, outcome: "lost", endedAt: left.updatedAt })
    expect(ended[0].summary).to.contain("5 of the 9 rows")
    expect((await book.get(left.id))?.outcome).to.equal("lost")
  })

  it("saves the end of a run later if the store is out of reach, and delays nobody", async () => {
    const run = book.begin({ action: "marketo" })
    store.isBroken = true
    await book.end(run, true)
    expect(ended[0].outcome).to.equal("success")
    store.isBroken = false
    await book.find({ limit: 1 })
    expect((await store.get(run.id))?.outcome).to.equal("success")
  })
})
