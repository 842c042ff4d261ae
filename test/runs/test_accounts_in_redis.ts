import { expect } from "chai"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { RunRecord } from "../../src/runs/records/run_record"
import { RunPage } from "../../src/runs/stores/run_store"
import { accountOf } from "../actions/marketo/support/account_of"
import { HubsUnderTest } from "../coordination/hubs_under_test"
import { eventually } from "../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { CANARY, makeTrouble, mixedPeople } from "./canary_rows"

describeWithRedis("The account of runs that hubs keep in one Redis", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let redis: RedisServer

  beforeEach(async () => {
    redis = new RedisServer({ rdbcompression: "no" })
    await redis.start()
    hubs = await HubsUnderTest.start({ latency: { sync: 300 } })
  })
  afterEach(async () => {
    await hubs.stop()
    await redis.remove()
  })

  async function startHub(): Promise<HubProcess> {
    return hubs.startHub({ ACTION_HUB_REDIS_URL: redis.url, ACTION_HUB_REPORTS: "true" })
  }

  async function runsOf(hub: HubProcess): Promise<RunRecord[]> {
    const { runs } = await hubs.ask<RunPage>(hub, "/runs")
    return runs
  }

  it("is the same at each hub, names every row in the report, and nobody in Redis or in a log", async () => {
    const [sender, other] = [await startHub(), await startHub()]
    makeTrouble(hubs.marketo)
    const { message } = await hubs.sendRows(sender, mixedPeople, { form: { invalidValues: "skipRow" } })

    const { rows } = accountOf(message) as { rows: { skipped: number } }
    const [, path] = /http:\/\/[^/]+(\/reports\/\S+)/.exec(message) ?? []
    const report = await (await fetch(other.url + path)).text()
    expect(report.trim().split("\n").length - 1, "lines of the report").to.equal(rows.skipped)
    expect(report).to.contain(CANARY)

    const [run] = await runsOf(other)
    expect(run).to.include({ outcome: "partial", hasRowReport: true })
    expect(await runsOf(sender)).to.deep.equal(await runsOf(other))

    const contents = await redis.contents()
    expect(contents).to.contain(run.id)
    const key = path.slice(path.lastIndexOf("/") + 1)
    for (const [place, text] of [["Redis", contents], ["a log", sender.log + other.log]]) {
      for (const secret of [CANARY, key, hubs.marketo.clientSecret]) {
        expect(text.includes(secret), `${secret} in ${place}`).to.equal(false)
      }
    }
  })

  it("says how far the runs of a killed hub were, at another hub", async () => {
    const sender = await startHub()
    const sent = hubs.send(sender, 0, 120_000).catch(() => undefined)
    await eventually(async () => /"rowsApplied":[1-9]/.test(await redis.contents()))
    process.kill(sender.processId ?? 0, "SIGKILL")
    await sent
    const other = await startHub()
    await eventually(async () => (await runsOf(other))[0].outcome === "lost")
    expect((await runsOf(other))[0].summary).to.match(/had been written/)
  })

  it("is taken up again when Redis comes back, and no run waits for it meanwhile", async () => {
    const hub = await startHub()
    await hubs.send(hub, 0, 10)
    await redis.restart({ withData: true })
    const during = hubs.send(hub, 10, 20)
    expect((await during).success).to.equal(true)
    await eventually(async () => (await runsOf(hub)).length === 2)
    expect((await runsOf(hub)).map(({ outcome }) => outcome)).to.deep.equal(["success", "success"])
  })
})
