import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { newRunId } from "../../../src/runs/records/run_id"
import { RunRecord } from "../../../src/runs/records/run_record"
import { runBookFor } from "../../../src/runs/run_book_for"
import { LocalRuns } from "../../../src/runs/stores/local_runs"
import { RedisClient } from "../../../src/runs/stores/redis_client"
import { RedisRuns } from "../../../src/runs/stores/redis_runs"
import { RunFiles } from "../../../src/runs/stores/run_files"
import { RunStore } from "../../../src/runs/stores/run_store"
import { eventually } from "../../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../../support/redis_server"
import { aRecord } from "../a_record"

const START = Date.UTC(2026, 10, 25)
const MINUTE_MS = 60_000

/** A record of the run that began so many minutes after the start. */
function runAt(minute: number, members: Partial<RunRecord> = {}): RunRecord {
  return aRecord({ id: newRunId(START + minute * MINUTE_MS), ...members })
}

function keepsRuns(open: () => RunStore): void {
  let store: RunStore

  beforeEach(async () => { store = open() })
  afterEach(async () => store.close())

  async function saveAll(records: RunRecord[]): Promise<void> {
    for (const record of records) {
      await store.save(record)
    }
  }

  it("gives a record back as it is, and the newer one in place of an older one", async () => {
    const record = runAt(0, { outcome: "running", plan: { id: "7", title: "Ünïcode \u{1F600}" }, counts: { a: 1 } })
    await store.save(record)
    expect(await store.get(record.id)).to.deep.equal(record)
    await store.save({ ...record, outcome: "success" })
    expect(await store.get(record.id)).to.deep.equal({ ...record, outcome: "success" })
    expect(await store.get(newRunId())).to.equal(undefined)
  })

  it("finds runs newest first, page by page, each once", async () => {
    const records = Array.from({ length: 250 }, (_run, minute) => runAt(minute))
    await saveAll([...records].sort(() => Math.random() - 0.5))
    const found: string[] = []
    for (let before: string | undefined, page; page === undefined || before !== undefined; before = page.next) {
      page = await store.find({ limit: 60, before })
      expect(page.runs.length).to.be.at.most(60)
      found.push(...page.runs.map(({ id }) => id))
    }
    expect(found).to.deep.equal(records.map(({ id }) => id).reverse())
  })

  it("filters by outcome, action, plan and time", async () => {
    const failed = runAt(1, { outcome: "failure" })
    const other = runAt(2, { action: "webhook" })
    const planned = runAt(3, { plan: { id: "42" } })
    await saveAll([runAt(0), failed, other, planned, runAt(4)])
    const found = async (query: object) => (await store.find({ limit: 10, ...query })).runs.map(({ id }) => id)
    expect(await found({ outcome: "failure" })).to.deep.equal([failed.id])
    expect(await found({ action: "webhook" })).to.deep.equal([other.id])
    expect(await found({ planId: "42" })).to.deep.equal([planned.id])
    expect(await found({ from: START + MINUTE_MS, to: START + 3 * MINUTE_MS })).to.deep.equal([other.id, failed.id])
  })

  it("keeps the last thousand", async () => {
    const records = Array.from({ length: 1010 }, (_run, minute) => runAt(minute))
    await saveAll(records)
    const { runs, next } = await store.find({ limit: 2000 })
    expect(runs.map(({ id }) => id)).to.deep.equal(records.slice(10).map(({ id }) => id).reverse())
    expect(next).to.equal(undefined)
    expect(await store.get(records[0].id)).to.equal(undefined)
  }).timeout(20_000)
}

describe("Run records in memory", () => keepsRuns(() => new LocalRuns()))

describe("Run records in a directory", () => {
  let directory: string

  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), "runs-")) })
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

  keepsRuns(() => new LocalRuns(new RunFiles(directory)))

  it("survive a restart, but for files that are no records", async () => {
    const record = runAt(0)
    const store = new LocalRuns(new RunFiles(directory))
    await store.save(record)
    await store.close()
    fs.writeFileSync(path.join(directory, `${newRunId()}.json`), "{\"id\":")
    fs.writeFileSync(path.join(directory, "other.json"), "{}")
    expect(await new LocalRuns(new RunFiles(directory)).find({ limit: 10 })).to.deep.equal({ runs: [record] })
  })

  it("show how far the runs of another hub are that has the directory, too, until they have ended", async () => {
    const running = { ...runAt(0), outcome: "running" as const }
    const one = new LocalRuns(new RunFiles(directory))
    await one.save(running)
    const other = new LocalRuns(new RunFiles(directory))
    await one.save({ ...running, updatedAt: "2026-01-01T00:00:10.000Z" })
    const query = { limit: 10, outcome: "running" as const }
    expect((await other.find(query)).runs[0].updatedAt).to.equal("2026-01-01T00:00:10.000Z")
    await one.save({ ...running, outcome: "success" })
    expect((await other.find(query)).runs).to.deep.equal([])
    expect((await other.get(running.id))?.outcome).to.equal("success")
  })

  it("are kept in memory if the directory cannot be used, and the hub starts all the same", async () => {
    const taken = path.join(directory, "taken")
    fs.mkdirSync(directory, { recursive: true })
    fs.writeFileSync(taken, "a file")
    const book = await runBookFor({
      settings: { reports: { keptMs: 1, wantsAllRows: false, limitBytes: 1, totalBytes: 1 } },
      place: { stateDirectory: taken }, folder: "hub", baseUrl: () => "",
    })
    expect(book.reports).to.equal(undefined)
    await book.end(book.begin({ action: "a" }), true)
    expect((await book.find({ limit: 1 })).runs).to.have.length(1)
    await book.close()
  })

  it("can be read by this system's user alone", async () => {
    const record = runAt(0)
    await new LocalRuns(new RunFiles(directory)).save(record)
    expect(fs.statSync(path.join(directory, `${record.id}.json`)).mode & 0o777).to.equal(0o600)
  })
})

describeWithRedis("Run records in Redis", () => {
  const redis = new RedisServer()

  before(async () => redis.start())
  after(async () => redis.stop())
  beforeEach(async () => { await redis.say("FLUSHALL") })

  const open = () => new RedisRuns(new RedisClient(redis.url), "test:")
  keepsRuns(() => retrying(open()))

  it("are claimed by one hub only", async () => {
    const stores = [retrying(open()), retrying(open())]
    const claims = await Promise.all(stores.map(async (store) => store.claim("one")))
    expect(claims.sort()).to.deep.equal([false, true])
    await Promise.all(stores.map(async (store) => store.close()))
  })

  it("are found again once Redis is back", async () => {
    const store = retrying(open())
    const record = runAt(0)
    await store.save(record)
    await redis.restart({ withData: true })
    expect(await store.get(record.id)).to.deep.equal(record)
    await store.close()
  })
})

/** A store connects by itself; these tests wait for it, as their hub would not. */
function retrying(store: RunStore): RunStore {
  const retried = async <T>(ask: () => Promise<T>): Promise<T> => {
    let answer: { value: T } | undefined
    await eventually(async () => {
      answer = await ask().then((value) => ({ value }), () => undefined)
      return answer !== undefined
    })
    return (answer as { value: T }).value
  }
  return {
    save: async (record) => retried(async () => store.save(record)),
    get: async (id) => retried(async () => store.get(id)),
    find: async (query) => retried(async () => store.find(query)),
    claim: async (id) => retried(async () => store.claim(id)),
    close: async () => store.close(),
  }
}
