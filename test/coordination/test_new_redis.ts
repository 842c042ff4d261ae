import { expect } from "chai"
import type { HomeState } from "../../src/hub/coordination/coordination_home"
import type { RunRecord } from "../../src/runs/records/run_record"
import type { RunPage } from "../../src/runs/stores/run_store"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { HubsUnderTest } from "./hubs_under_test"

/** Marketo's limit for an upsert is 9 s then, so that several samples of a run fall into it. */
const SPEED = 10

type Status = { coordination: HomeState }

describeWithRedis("Hubs on a new Redis", function () {
  this.timeout(90_000)

  let redis: RedisServer
  let hubs: HubsUnderTest

  beforeEach(async () => {
    redis = new RedisServer()
    await redis.start()
    hubs = await HubsUnderTest.start({ speed: SPEED })
  })
  afterEach(async () => {
    await hubs.stop()
    await redis.remove()
  })

  it("say what a run waits for, and how many calls all have made, and name no lookup field", async () => {
    const settings = { ACTION_HUB_REDIS_URL: redis.url, MARKETO_SANDBOX_SPEED: String(SPEED) }
    const [one, two] = await Promise.all([hubs.startHub(settings), hubs.startHub(settings)])
    expect((await hubs.send(one, 0, 300)).success).to.equal(true)
    const { runs: [{ id }] } = await hubs.ask<RunPage>(one, "/runs")
    const { samples } = await hubs.ask<RunRecord>(two, `/runs/${id}`)
    const waits = samples.flatMap(({ waitingFor }) => waitingFor ?? [])
    expect(waits.filter((each) => each === "certainty that no earlier upsert is still under way").length)
      .to.be.greaterThan(2)
    expect(waits.filter((each) => each.includes("quota")).length).to.be.at.most(1)

    const name = `marketo ${new URL(hubs.marketo.url).host}`
    const calls = hubs.marketo.ledger.calls.filter(({ path }) => path.startsWith("/rest/")).length
    for (const hub of [one, two]) {
      const { coordination } = await hubs.ask<Status>(hub, "/status")
      expect(Object.keys(coordination.limits)).to.deep.equal([name])
      expect(coordination.limits[name].today.calls).to.equal(calls)
      expect(JSON.stringify(coordination)).not.to.contain("email")
    }
    const { coordination: { leases } } = await hubs.ask<Status>(one, "/status")
    expect(leases).to.deep.equal({ [name]: 0 })
  })
})
