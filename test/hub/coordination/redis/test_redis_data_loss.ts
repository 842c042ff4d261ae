import { expect } from "chai"
import { fork } from "child_process"
import * as path from "path"
import { LimitRules } from "../../../../src/hub/coordination/coordination"
import type { RedisHome } from "../../../../src/hub/coordination/redis/redis_home"
import { describeWithRedis, RedisServer } from "../../../support/redis_server"
import { HomesUnderTest, until, withRedisForEach } from "./homes_under_test"

const RULES: LimitRules = {
  callsPerWindow: 10, windowMs: 200, slackMs: 5, callsAtOnce: 2, aloneFrom: 100, lingerMs: 700,
}

describeWithRedis("A Redis that has lost its data", function () {
  this.timeout(60000)

  let server: RedisServer
  let homes: HomesUnderTest
  const log = withRedisForEach((started, opened) => {
    server = started
    homes = opened
  })

  const limit = (home: RedisHome, rules = RULES) => home.of("process 1").limit("account", rules)
  const leases = (home: RedisHome) => home.of("process 1").leases("people", RULES)
  const isReady = async (home: RedisHome) => (await home.state()).isReady

  for (const withData of [true, false]) {
    it(`makes hubs wait for the unknown, not for what living ones hold, ${withData ? "" : "not "}saved`, async () => {
      const one = await homes.open()
      const two = await homes.open()
      await leases(one).hold(["a", "b"])
      const permit = await limit(one).acquire({ party: "run" })
      permit.sent()
      await server.restart({ withData })
      const restartedAt = performance.now()
      await until(async () => await isReady(one) && await isReady(two))
      expect(await leases(two).hold(["a", "c"])).to.deep.equal(["a", "c"])
      expect((await two.state()).trouble).to.match(/^Redis has started without data, or was restarted\. .* for 1 s/)
      expect((await limit(two).use())).to.include({ callsAtOnce: 1, allowedAtOnce: 1 })
      leases(one).release(["b"])
      await leases(two).free("c")
      expect(performance.now() - restartedAt).to.be.greaterThan(RULES.lingerMs - 100)
      expect(await leases(two).hold(["a", "b", "c"])).to.deep.equal(["a"])
      permit.release("accepted")
      await limit(two).acquire({ party: "run" })
      expect((await one.state()).incidents).to.deep.equal({ timesAway: 1, timesDataLost: 1 })
      expect((await one.state()).trouble).to.equal(undefined)
    })
  }

  it("takes the window as full when data was lost", async () => {
    const rules = { ...RULES, windowMs: 600 }
    const one = await homes.open()
    const sentAt: number[] = []
    const call = async () => {
      const permit = await limit(one, rules).acquire({ party: "run" })
      sentAt.push(performance.now())
      permit.sent()
      permit.release("accepted")
    }
    await Promise.all(Array.from({ length: 10 }, call))
    await server.say("FLUSHALL")
    await call()
    expect(sentAt[10] - sentAt[9]).to.be.greaterThan(rules.windowMs)
  })

  for (const [how, lose] of [
    ["everything is flushed", async () => { await server.say("FLUSHALL") }],
    ["the leases are gone", async () => {
      const [book] = (await server.lines(`KEYS ${homes.prefix}leases:*`)).filter((line) => line.startsWith("test"))
      await server.say(`DEL ${book}`)
    }],
    ["the mark is gone", async () => { await server.say(`DEL ${homes.prefix}mark`) }],
    ["leases are dropped since memory is full", async () => {
      await server.say("CONFIG SET maxmemory-policy allkeys-random")
      const [book] = (await server.lines(`KEYS ${homes.prefix}leases:*`)).filter((line) => line.startsWith("test"))
      await server.say("DEBUG POPULATE 20000 ballast 100")
      await server.say("CONFIG SET maxmemory 1500000")
      await until(async () => await server.say(`EXISTS ${book}`) === ":0")
      await server.say("CONFIG SET maxmemory 0")
    }],
  ] as const) {
    it(`holds back what somebody may hold when ${how}`, async () => {
      const one = await homes.open({ times: { heartbeatMs: 100000 } })
      const two = await homes.open({ times: { heartbeatMs: 100000 } })
      await leases(one).hold(["a"])
      await lose()
      const lostAt = performance.now()
      expect(await leases(two).hold(["a", "b"])).to.deep.equal(["a", "b"])
      await leases(two).free("b")
      expect(performance.now() - lostAt).to.be.greaterThan(RULES.lingerMs - 100)
      expect(await leases(two).hold(["b"])).to.deep.equal([])
    })
  }

  it("learns at once what other hubs hold from the one that notices, long before their heartbeats", async () => {
    const one = await homes.open({ times: { heartbeatMs: 100000 } })
    const two = await homes.open({ times: { heartbeatMs: 100000 } })
    const permit = await limit(one).acquire({ party: "run" })
    permit.sent()
    await leases(one).hold(["a"])
    await server.say("FLUSHALL")
    await until(async () => (await limit(two).use()).callsAtOnce === 1)
    await leases(two).free("b")
    expect(await leases(two).hold(["a", "b"])).to.deep.equal(["a"])
  })

  it("makes nobody wait for a structure that has never been there, or has expired", async () => {
    const one = await homes.open()
    await leases(one).hold(["a"])
    expect(await one.of("process 1").leases("companies", RULES).hold(["a"])).to.deep.equal([])
    expect((await one.state()).incidents?.timesDataLost).to.equal(0)
  })

  it("lets a new hub on an empty Redis wait until the time of those before it is over", async () => {
    await homes.begin({ isNew: true })
    const openedAt = performance.now()
    const home = await homes.open()
    expect(await leases(home).unsettledMs()).to.be.within(1, RULES.lingerMs)
    expect(await leases(home).hold(["a"])).to.deep.equal(["a"])
    await leases(home).free("a")
    expect(performance.now() - openedAt).to.be.greaterThan(RULES.lingerMs - 100)
    expect(await leases(home).unsettledMs()).to.equal(0)
    expect(log.lines.warn.filter((line) => line.includes("has no calls and leases on record"))).to.have.length(1)
  })

  it("keeps what a killed hub held, its keys and its calls, for the time they may take, and no longer", async () => {
    const keys = ["a", "b", "c"]
    const child = fork(path.join(__dirname, "hub_process.ts"), {
      execArgv: ["-r", require.resolve("ts-node/register/transpile-only")], silent: true,
      env: {
        ...process.env, REDIS_URL: server.url, REDIS_PREFIX: homes.prefix, KEYS: keys.join(" "), CALLS: "2",
        RULES: JSON.stringify(RULES),
      },
    })
    const said = await new Promise((resolve) => child.once("message", resolve))
    expect(said).to.deep.equal({ busy: [] })
    const home = await homes.open()
    const ended = new Promise((resolve) => child.once("exit", resolve))
    const killedAt = performance.now()
    child.kill("SIGKILL")
    await ended
    expect(await leases(home).hold(keys)).to.deep.equal(keys)
    await Promise.all([
      limit(home).acquire({ party: "run" })
        .then(() => expect(performance.now() - killedAt).to.be.greaterThan(RULES.lingerMs - 100)),
      leases(home).free("a").then(() => expect(performance.now() - killedAt).to.be.greaterThan(RULES.lingerMs - 100)),
    ])
    expect(await leases(home).hold(keys)).to.deep.equal([])
  })
})
