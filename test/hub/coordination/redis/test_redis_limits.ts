import { expect } from "chai"
import * as fc from "fast-check"
import { LimitRules, PeriodSpentError, SharedLimit } from "../../../../src/hub/coordination/coordination"
import type { RedisHome } from "../../../../src/hub/coordination/redis/redis_home"
import { describeWithRedis } from "../../../support/redis_server"
import { TcpProxy } from "../../../support/tcp_proxy"
import { mostInWindow, pause, until, withTwoHomes } from "./homes_under_test"

const RULES: LimitRules = {
  callsPerWindow: 10, windowMs: 300, slackMs: 5, callsAtOnce: 3, aloneFrom: 100, lingerMs: 400,
}

describeWithRedis("A limit in Redis", function () {
  this.timeout(60000)

  let one: RedisHome
  let two: RedisHome
  const { server, homes } = withTwoHomes((first, second) => {
    one = first
    two = second
  })

  const limit = (home = one, rules = RULES, owner = "process 1") => home.of(owner).limit("account", rules)

  const acquire = async (count: number, rules: LimitRules) =>
    Promise.all(Array.from({ length: count }, async () => limit(one, rules).acquire({ party: "run" })))

  /** Takes a call and gives it back at once. */
  async function call(from: SharedLimit, party = "run"): Promise<void> {
    const permit = await from.acquire({ party })
    permit.sent()
    permit.release("accepted")
  }

  it("grants calls up to those at once of all hubs, and the next when one is given back", async () => {
    const permits = [await limit(one).acquire({ party: "run" }), await limit(two).acquire({ party: "run" }),
      await limit(one).acquire({ party: "run" })]
    let isGranted = false
    const fourth = limit(two).acquire({ party: "run" }).then((permit) => {
      isGranted = true
      return permit
    })
    await until(async () => (await limit(two).use()).waiting === 1)
    expect(isGranted).to.equal(false)
    permits[0].release("accepted")
    expect((await fourth).waitedFor).to.equal("atOnce")
  })

  it("counts a call in the window from the moment it was sent", async () => {
    const rules = { ...RULES, callsPerWindow: 1 }
    const permit = await limit(one, rules).acquire({ party: "run" })
    await pause(rules.windowMs)
    const sentAt = performance.now()
    permit.sent()
    permit.release("accepted")
    const { waitedFor } = await limit(two, rules).acquire({ party: "run" })
    expect(performance.now() - sentAt).to.be.greaterThan(rules.windowMs)
    expect(waitedFor).to.equal("window")
  })

  it("counts the calls of the day of all hubs, and what the vendor has counted for everybody", async () => {
    const rules = { ...RULES, windowMs: 60000 }
    await call(limit(one, rules))
    limit(two, rules).notePeriod(9870, 3_600_000)
    await Promise.all([call(limit(one, rules)), call(limit(two, rules))])
    await until(async () => (await limit(one, rules).use()).today.calls === 3)
    const { today } = await limit(two, rules).use()
    expect(today.everybody?.calls).to.equal(9872)
    for (const time of [today.since, today.everybody?.readAt]) {
      expect(Math.abs(Date.now() - Date.parse(time ?? ""))).to.be.lessThan(60_000)
    }
  })

  it("forgets the calls of a day when the vendor's day ends", async () => {
    // A day that ends two seconds from now.
    const dayBeginsAtMs = (Date.now() + 2000) % 86_400_000
    const rules = { ...RULES, dayBeginsAtMs }
    await call(limit(one, rules))
    await until(async () => (await limit(two, rules).use()).today.calls === 1)
    await until(async () => (await limit(two, rules).use()).today.calls === 0)
    await call(limit(two, rules))
    await until(async () => (await limit(one, rules).use()).today.calls === 1)
  })

  it("shows the limits that other hubs use, and names none of them in Redis", async () => {
    expect((await two.state()).limits).to.deep.equal({})
    await call(one.of("process 1").limit("marketo 123-abc-456", { ...RULES, windowMs: 60000, callsPerPeriod: 500 }))
    await until(async () => Object.keys((await two.state()).limits).length === 1)
    await until(async () => (await two.state()).limits["marketo 123-abc-456"].today.calls === 1)
    const { today, ...shown } = (await two.state()).limits["marketo 123-abc-456"]
    expect(today.calls).to.equal(1)
    expect(shown).to.deep.equal({
      callsInWindow: 1, callsAtOnce: 0, allowedPerWindow: 10, allowedAtOnce: 3, leftInPeriod: undefined, waiting: 0,
      rules: { callsPerWindow: 10, windowMs: 60000, callsAtOnce: 3, callsPerPeriod: 500 },
    })
    for (const command of ["KEYS *", `HGETALL ${homes.prefix}limits:about`]) {
      expect(await server.say(command)).not.to.match(/123-abc|marketo/)
    }
    await call(two.of("process 1").limit("marketo 123-abc-456", { ...RULES, windowMs: 60000 }))
    expect(Object.keys((await two.state()).limits)).to.deep.equal(["marketo 123-abc-456"])
  })

  it("gives a lone hub the whole share", async () => {
    const rules = { ...RULES, windowMs: 60000 }
    await Promise.all(Array.from({ length: 10 }, async () => call(limit(one, rules))))
    expect(await limit(two, rules).use()).to.include({ callsInWindow: 10, callsAtOnce: 0 })
  })

  it("lets hubs take turns, however many calls wait in one of them, and however far the other is away", async () => {
    const rules = { ...RULES, callsAtOnce: 1, callsPerWindow: 1000 }
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const far = await homes.open({ url: `redis://127.0.0.1:${proxy.port}` })
    proxy.delayMs = 5
    const first = await limit(one, rules).acquire({ party: "run" })
    const order: string[] = []
    const work = async (home: RedisHome, name: string) => {
      const permit = await limit(home, rules).acquire({ party: "run" })
      order.push(name)
      permit.release("accepted")
    }
    const crowd = Array.from({ length: 30 }, async () => work(one, "one"))
    const few = Array.from({ length: 5 }, async () => work(far, "far"))
    await until(async () => (await limit(far, rules).use()).waiting === 5)
    first.release("accepted")
    await Promise.all([...crowd, ...few])
    expect(order.slice(0, 12).filter((name) => name === "far").length).to.be.at.least(4)
    await homes.close()
    await proxy.stop()
  })

  it("does not wait long for a hub that was waiting and is gone", async () => {
    const rules = { ...RULES, callsAtOnce: 1 }
    const first = await limit(one, rules).acquire({ party: "run" })
    const gone = limit(two, rules).acquire({ party: "run" }).catch((reason: Error) => reason.name)
    await until(async () => (await limit(two, rules).use()).waiting === 1)
    await two.close()
    first.release("accepted")
    await call(limit(one, rules))
    await call(limit(one, rules))
    void gone
  })

  it("gives way in all hubs when the vendor refuses a call, and comes back", async () => {
    const rules = { ...RULES, windowMs: 5000 }
    const permits = await acquire(2, rules)
    await pause(2)
    permits.forEach((permit) => permit.release("rateLimited"))
    await until(async () => (await limit(one, rules).use()).callsAtOnce === 0)
    expect((await limit(two, rules).use()).allowedPerWindow).to.equal(1)
    const quick = { ...rules, windowMs: 10 }
    await until(async () => (await limit(two, quick).use()).allowedPerWindow === 10)
  })

  it("gives way by a tenth when nobody else can be using the account", async () => {
    const rules = { ...RULES, windowMs: 60000, callsAtOnce: 10, aloneFrom: 10 }
    const permits = await acquire(10, rules)
    await pause(2)
    permits[0].release("rateLimited")
    await until(async () => (await limit(one, rules).use()).callsAtOnce === 9)
    expect((await limit(two, rules).use()).allowedPerWindow).to.equal(9)
  })

  it("allows half as many at once after a refusal for that", async () => {
    const rules = { ...RULES, windowMs: 60000, callsAtOnce: 4 }
    const permits = await acquire(4, rules)
    await pause(2)
    permits[0].release("concurrencyLimited")
    await until(async () => (await limit(one, rules).use()).callsAtOnce === 3)
    expect((await limit(two, rules).use()).allowedAtOnce).to.equal(2)
  })

  it("counts the calls of a period over all hubs", async () => {
    const rules = { ...RULES, callsPerPeriod: 100 }
    limit(one, rules).notePeriod(98, 60000)
    await call(limit(one, rules))
    await call(limit(two, rules))
    for (const home of [one, two]) {
      expect(await limit(home, rules).acquire({ party: "run" }).catch((reason: Error) => reason))
        .to.be.instanceOf(PeriodSpentError)
    }
    expect((await limit(two, rules).use()).leftInPeriod).to.equal(0)
    limit(two, rules).notePeriod(100, 1)
    await until(async () => (await limit(one, rules).use()).leftInPeriod === undefined)
    await call(limit(one, rules))
  })

  it("keeps a dead process's calls on the wire for as long as the vendor may work on them", async () => {
    const rules = { ...RULES, callsAtOnce: 1, lingerMs: 400 }
    await limit(one, rules, "process 9").acquire({ party: "run" })
    const diedAt = performance.now()
    one.abandon("process 9")
    await call(limit(two, rules))
    expect(performance.now() - diedAt).to.be.at.least(400)
  })

  it("does not block the window for ever for a call that was never sent", async () => {
    const rules = { ...RULES, callsPerWindow: 1 }
    await limit(one, rules, "process 9").acquire({ party: "run" })
    one.abandon("process 9")
    await call(limit(two, rules))
  })

  it("keeps the lease of a call for as long as it takes", async () => {
    const rules = { ...RULES, callsAtOnce: 1, windowMs: 50, lingerMs: 100 }
    const permit = await limit(one, rules).acquire({ party: "run" })
    permit.sent()
    // Longer than a lease that nobody moves on.
    await pause(2500)
    expect((await limit(two, rules).use()).callsAtOnce).to.equal(1)
    permit.release("accepted")
    await call(limit(two, rules))
  })

  it("never has more calls in any window, or at once, than allowed, whatever hubs and processes do", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.record({
        hub: fc.nat(1), party: fc.nat(2), workMs: fc.nat(60), delayMs: fc.nat(10), isDropped: fc.boolean(),
      }), { minLength: 10, maxLength: 40 }),
      async (calls) => {
        await homes.begin()
        const pair = [await homes.open(), await homes.open()]
        const sentAt: number[] = []
        let atOnce = 0
        let mostAtOnce = 0
        await Promise.all(calls.map(async ({ hub, party, workMs, delayMs, isDropped }) => {
          const permit = await limit(pair[hub], RULES, `process ${party}`).acquire({ party: String(party) })
          mostAtOnce = Math.max(mostAtOnce, ++atOnce)
          await pause(delayMs)
          if (!isDropped) {
            sentAt.push(performance.now())
            permit.sent()
            await pause(workMs)
          }
          atOnce--
          permit.release("accepted")
        }))
        await homes.close()
        expect(mostInWindow(sentAt, RULES.windowMs)).to.be.at.most(RULES.callsPerWindow)
        expect(mostAtOnce).to.be.at.most(RULES.callsAtOnce)
      }), { numRuns: 8 })
  })
})
