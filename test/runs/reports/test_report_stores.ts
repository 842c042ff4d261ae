import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { newRunId } from "../../../src/runs/records/run_id"
import { RedisReports } from "../../../src/runs/reports/redis_reports"
import { ReportFiles } from "../../../src/runs/reports/report_files"
import { FoundReport, ReportKeeper } from "../../../src/runs/reports/report_keeper"
import { ReportSeal } from "../../../src/runs/reports/report_seal"
import { ReportBounds, ReportStore } from "../../../src/runs/reports/report_store"
import { ReportWriter } from "../../../src/runs/reports/report_writer"
import { RedisClient } from "../../../src/runs/stores/redis_client"
import { eventually } from "../../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../../support/redis_server"

const DAY_MS = 86_400_000
const CANARY = "canary@example.com"

function keepsReports(open: (bounds: ReportBounds) => ReportStore, contents: () => Promise<string>): void {
  const bounds = { keptMs: 7 * DAY_MS, totalBytes: 10_000 }

  function keeperOf(store: ReportStore, seal?: ReportSeal): ReportKeeper {
    return new ReportKeeper({
      store, bounds, wantsAllRows: false, limitBytes: 5000, baseUrl: () => "https://hub.example.com", seal,
    })
  }

  async function written(keeper: ReportKeeper, id: string, lines = 600): Promise<{ key: string, link: string }> {
    const order = keeper.orderFor(id)
    keeper.keepKey(order)
    const writer = new ReportWriter(order, (block) => keeper.append(id, block))
    for (let row = 1; row <= lines; row++) {
      writer.add({ row, lookupValue: CANARY, outcome: "skipped" })
    }
    writer.end()
    await keeper.settled(id)
    return order
  }

  async function textOf(keeper: ReportKeeper, id: string, key: string): Promise<string | undefined> {
    return contentsOf(await keeper.find(id, key))
  }

  async function contentsOf(found: FoundReport): Promise<string | undefined> {
    let text = ""
    for await (const piece of found.kind === "report" ? found.contents : []) {
      text += piece.kind === "text" ? piece.text : `<${piece.kind}>`
    }
    return found.kind === "report" ? text : undefined
  }

  it("opens a report with its link, and with no other", async () => {
    const keeper = keeperOf(open(bounds))
    const id = newRunId()
    const { key, link } = await written(keeper, id)
    expect(link).to.equal(`https://hub.example.com/reports/${id}/${key}`)
    expect((await textOf(keeper, id, key))?.trim().split("\n")).to.have.lengthOf(601)
    expect(await keeper.find(id, keeper.orderFor(id).key)).to.deep.equal({ kind: "unknown" })
    expect(await keeper.find(id, "short")).to.deep.equal({ kind: "unknown" })
    expect(await keeper.find(newRunId(), key)).to.deep.equal({ kind: "unknown" })
  })

  it("holds nothing that names a person", async () => {
    await written(keeperOf(open(bounds)), newRunId())
    const text = await contents()
    expect(text.length).to.be.greaterThan(100)
    expect(text).not.to.contain("canary")
  })

  it("opens no report without its link, unless keys are kept", async () => {
    const store = open(bounds)
    const id = newRunId()
    await written(keeperOf(store), id)
    for (const keeper of [keeperOf(store), keeperOf(store, new ReportSeal("secret"))]) {
      expect(await keeper.findSealed(id)).to.deep.equal({ kind: "unknown" })
      expect(await keeper.hasKeptKey(id)).to.equal(false)
    }
  })

  it("opens a report without its link where keys are kept, also after a change of the secret", async () => {
    const store = open(bounds)
    const id = newRunId()
    const { key } = await written(keeperOf(store, new ReportSeal("secret")), id)
    for (const seal of [new ReportSeal("secret"), new ReportSeal("new", "secret")]) {
      expect((await contentsOf(await keeperOf(store, seal).findSealed(id)))?.trim().split("\n")).to.have.lengthOf(601)
      expect(await keeperOf(store, seal).hasKeptKey(id)).to.equal(true)
    }
    expect(await keeperOf(store, new ReportSeal("new")).findSealed(id)).to.deep.equal({ kind: "unknown" })
    expect(await keeperOf(store, new ReportSeal("new")).hasKeptKey(id)).to.equal(false)
    expect(await contents()).not.to.contain(key).and.not.to.contain("canary")
  })

  it("keeps a key no longer than its report", async () => {
    const store = open({ ...bounds, totalBytes: 1 })
    const keeper = keeperOf(store, new ReportSeal("secret"))
    const id = newRunId()
    await written(keeper, id)
    await keeper.tidy()
    expect(await store.readKey(id)).to.equal(undefined)
    expect(await keeper.hasKeptKey(newRunId(Date.now() - 8 * DAY_MS))).to.equal(false)
  })

  it("says so when a report has had its time, and removes it", async () => {
    const store = open(bounds)
    const keeper = keeperOf(store)
    const old = newRunId(Date.now() - 8 * DAY_MS)
    const { key } = await written(keeper, old)
    expect(await keeper.find(old, key)).to.deep.equal({ kind: "expired" })
    const young = newRunId(Date.now() - 6 * DAY_MS)
    const other = await written(keeper, young)
    await keeper.tidy()
    expect(await store.read(old)).to.equal(undefined)
    expect(await textOf(keeper, young, other.key)).not.to.equal(undefined)
  })

  it("removes the oldest ones while all together are too large", async () => {
    const store = open({ ...bounds, totalBytes: 1 })
    const keeper = keeperOf(store)
    const ids = [newRunId(Date.now() - 2000), newRunId(Date.now() - 1000)]
    await written(keeper, ids[0])
    await written(keeper, ids[1])
    await keeper.tidy()
    expect(await store.read(ids[0])).to.equal(undefined)
    expect(await store.read(ids[1])).to.equal(undefined)
  })
}

describe("Row reports in a directory", () => {
  let directory: string

  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), "reports-")) })
  afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

  keepsReports(
    (bounds) => new ReportFiles(directory, bounds),
    async () => fs.readdirSync(directory).map((name) => fs.readFileSync(path.join(directory, name), "latin1")).join())

  it("can be read by this system's user alone", async () => {
    const id = newRunId()
    await new ReportFiles(directory, { keptMs: 1, totalBytes: 1 }).append(id, Buffer.from("x"))
    expect(fs.statSync(path.join(directory, `${id}.report`)).mode & 0o777).to.equal(0o600)
  })

  it("remove the key of a report that never began", async () => {
    const store = new ReportFiles(directory, { keptMs: DAY_MS, totalBytes: 1 })
    const young = newRunId()
    await store.keepKey(newRunId(Date.now() - 2 * DAY_MS), Buffer.from("x"))
    await store.keepKey(young, Buffer.from("x"))
    await store.tidy()
    expect(fs.readdirSync(directory)).to.deep.equal([`${young}.key`])
  })
})

describeWithRedis("Row reports in Redis", () => {
  const redis = new RedisServer()
  let client: RedisClient

  before(async () => redis.start())
  after(async () => redis.stop())
  beforeEach(async () => {
    await redis.say("FLUSHALL")
    client = new RedisClient(redis.url)
    await eventually(async () => client.ask(async (connection) => connection.ping()).then(() => true, () => false))
  })
  afterEach(async () => client.close())

  keepsReports(
    (bounds) => new RedisReports(client, "test:", bounds),
    async () => {
      const keys = await client.ask(async (connection) => connection.keys("test:report:*"))
      const lists = await Promise.all(keys.map(async (key) => client.ask(async (connection) =>
        connection.lRange(key, 0, -1))))
      return lists.flat().join()
    })

  it("end by themselves", async () => {
    const id = newRunId()
    await new RedisReports(client, "test:", { keptMs: 5000, totalBytes: 1 }).append(id, Buffer.from("x"))
    expect(await client.ask(async (connection) => connection.pTTL(`test:report:${id}`))).to.be.within(1, 5000)
  })
})
