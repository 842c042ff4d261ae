import { expect } from "chai"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { eventually } from "../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { Answered, HubsUnderTest, rowsOf } from "./hubs_under_test"

const PEOPLE = 1500

/** Two hubs on one Redis, on machines of their own as far as Marketo can tell. */
describeWithRedis("Two hubs that send the same people", function () {
  this.timeout(90_000)

  const redis = new RedisServer()
  let hubs: HubsUnderTest
  let one: HubProcess
  let two: HubProcess
  let count = 0

  before(async () => redis.start())
  after(async () => redis.remove())

  beforeEach(async () => {
    const prefix = `hubs${++count}:`
    // As if Redis had been there for long: a new one lets hubs wait for what others may hold.
    await redis.say(`HSET ${prefix}mark epoch long began 0`)
    hubs = await HubsUnderTest.start({ latency: { sync: 30_000 } })
    const settings = {
      ACTION_HUB_REDIS_URL: redis.url, ACTION_HUB_REDIS_PREFIX: prefix, ACTION_HUB_EXECUTE_PROCESS_COUNT: "2",
      ACTION_HUB_STOP_GRACE_SECONDS: "1",
    };
    [one, two] = await Promise.all([hubs.startHub(settings), hubs.startHub(settings)])
  })
  afterEach(async () => hubs.stop())

  /** Sends the same people from both hubs; resolves when both have upserts on the wire, or wait for the other's. */
  async function sendFromBoth(): Promise<Promise<Answered>[]> {
    const { ledger, knobs } = hubs.marketo
    const sends = [hubs.send(one, 0, PEOPLE), hubs.send(two, 0, PEOPLE)]
    // A hub that is killed does not answer: that is told to whoever asked by the connection.
    sends.forEach((send) => { send.catch(() => undefined) })
    await eventually(() => ledger.callsOf("syncLeads").length >= 4)
    knobs.latency.sync = 10
    return sends
  }

  it("create each of them once, within one quota", async () => {
    const answers = await Promise.all(await sendFromBoth())
    expect(answers.map(({ success }) => success)).to.deep.equal([true, true])
    const rows = answers.map(rowsOf)
    expect(rows.map(({ received }) => received)).to.deep.equal([PEOPLE, PEOPLE])
    expect(rows[0].created + rows[1].created).to.equal(PEOPLE)
    hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when one hub is killed with all its processes", async () => {
    const [, other] = await sendFromBoth()
    const ids = [...hubs.executeProcesses(one), one.processId ?? 0]
    ids.forEach((id) => process.kill(id, "SIGKILL"))
    const answer = await other
    expect([answer.success, rowsOf(answer).received]).to.deep.equal([true, PEOPLE])
    hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when one hub is shut down", async () => {
    const [ended, other] = await sendFromBoth()
    const stopped = one.stop()
    expect(rowsOf(await ended).received).to.equal(PEOPLE)
    const answer = await other
    await stopped
    expect([answer.success, rowsOf(answer).received]).to.deep.equal([true, PEOPLE])
    hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when one hub stands still for a while", async () => {
    const sends = await sendFromBoth()
    const ids = [one.processId ?? 0, ...hubs.executeProcesses(one)]
    ids.forEach((id) => process.kill(id, "SIGSTOP"))
    await new Promise((resolve) => setTimeout(resolve, 7000))
    ids.forEach((id) => process.kill(id, "SIGCONT"))
    const answers = await Promise.all(sends)
    expect(answers.map((answer) => rowsOf(answer).received)).to.deep.equal([PEOPLE, PEOPLE])
    hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when Redis stands still for ten seconds", async () => {
    const sends = await sendFromBoth()
    redis.pause()
    await new Promise((resolve) => setTimeout(resolve, 10_000))
    redis.resume()
    const answers = await Promise.all(sends)
    expect(answers.map((answer) => [answer.success, rowsOf(answer).received]))
      .to.deep.equal([[true, PEOPLE], [true, PEOPLE]])
    hubs.expectEverybodyOnce(PEOPLE)
  })

  for (const withData of [true, false]) {
    it(`create each of them once when Redis is restarted ${withData ? "with" : "without"} its data`, async () => {
      const sends = await sendFromBoth()
      await redis.restart({ withData })
      const answers = await Promise.all(sends)
      expect(answers.map((answer) => [answer.success, rowsOf(answer).received]))
        .to.deep.equal([[true, PEOPLE], [true, PEOPLE]])
      hubs.expectEverybodyOnce(PEOPLE)
    })
  }
})
