import { expect } from "chai"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { rowsOf } from "./hubs_under_test"
import { PEOPLE, TwoHubs } from "./two_hubs"

describeWithRedis("Two hubs that send the same people", function () {
  this.timeout(90_000)

  const redis = new RedisServer()
  let both: TwoHubs

  before(async () => redis.start())
  after(async () => redis.remove())
  beforeEach(async () => { both = await TwoHubs.start(redis) })
  afterEach(async () => both.stop())

  it("create each of them once, within one quota", async () => {
    await both.expectBothWhole(await both.sendFromBoth())
  })

  it("create each of them once when one hub is killed with all its processes", async () => {
    const [, other] = await both.sendFromBoth()
    both.signal(both.one, "SIGKILL")
    const answer = await other
    expect([answer.success, rowsOf(answer).received]).to.deep.equal([true, PEOPLE])
    both.hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when one hub is shut down", async () => {
    const [ended, other] = await both.sendFromBoth()
    const stopped = both.one.stop()
    expect(rowsOf(await ended).received).to.equal(PEOPLE)
    const answer = await other
    await stopped
    expect([answer.success, rowsOf(answer).received]).to.deep.equal([true, PEOPLE])
    both.hubs.expectEverybodyOnce(PEOPLE)
  })

  it("create each of them once when one hub stands still for a while", async () => {
    const sends = await both.sendFromBoth()
    both.signal(both.one, "SIGSTOP")
    await new Promise((resolve) => setTimeout(resolve, 7000))
    both.signal(both.one, "SIGCONT")
    const answers = await Promise.all(sends)
    expect(answers.map((answer) => rowsOf(answer).received)).to.deep.equal([PEOPLE, PEOPLE])
    both.hubs.expectEverybodyOnce(PEOPLE)
  })
})
