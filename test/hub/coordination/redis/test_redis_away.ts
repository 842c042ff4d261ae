import { expect } from "chai"
import { CoordinationLostError, LimitRules } from "../../../../src/hub/coordination/coordination"
import type { RedisHome } from "../../../../src/hub/coordination/redis/redis_home"
import { describeWithRedis, RedisServer } from "../../../support/redis_server"
import { TcpProxy } from "../../../support/tcp_proxy"
import { HomesUnderTest, pause, until, withRedisForEach } from "./homes_under_test"

const RULES: LimitRules = {
  callsPerWindow: 10, windowMs: 200, slackMs: 5, callsAtOnce: 2, aloneFrom: 100, lingerMs: 700,
}

describeWithRedis("A Redis that is away", function () {
  this.timeout(60000)

  let server: RedisServer
  let homes: HomesUnderTest
  const log = withRedisForEach((started, opened) => {
    server = started
    homes = opened
  })

  const limit = (home: RedisHome, rules = RULES) => home.of("process 1").limit("account", rules)
  const leases = (home: RedisHome, owner = "process 1") => home.of(owner).leases("people", RULES)
  const isReady = async (home: RedisHome) => (await home.state()).isReady

  it("keeps a hub from being ready until Redis is there", async () => {
    await server.stop()
    const home = await homes.open({ isThere: false })
    const waiting = leases(home).hold(["a"])
    await until(() => log.lines.error.length > 0)
    const { isReady: ready, trouble } = await home.state()
    expect(ready).to.equal(false)
    expect(trouble).to.match(/^Redis has been unreachable for [\d.]+ s: it refuses connections\. Calls wait for it/)
    expect(trouble).not.to.include("127.0.0.1")
    await server.start()
    expect(await waiting).to.deep.equal(["a"])
    expect(await isReady(home)).to.equal(true)
    await leases(home).free("a")
  })

  it("lets calls wait, and fails them when it takes too long; those that were granted go on", async () => {
    const home = await homes.open({ times: { patienceMs: 1500 } })
    const permit = await limit(home).acquire({ party: "run" })
    expect(await leases(home).hold(["a"])).to.deep.equal([])
    await server.stop()
    const failures = await Promise.all([
      limit(home).acquire({ party: "run" }), limit(home).acquire({ party: "another" }), leases(home).hold(["b"]),
      leases(home).free("c"),
    ].map(async (asked) => (asked as Promise<unknown>).then(() => "answered", (reason: Error) => reason)))
    for (const failure of failures) {
      expect(failure).to.be.instanceOf(CoordinationLostError)
      expect((failure as Error).message).to.match(/lost touch with Redis.*Nothing more was sent/)
    }
    permit.sent()
    permit.release("accepted")
    leases(home).release(["a"])
    await server.start()
    await until(async () => isReady(home))
    await limit(home).acquire({ party: "run" })
  })

  it("says what it had to say while Redis was away when it is there again", async () => {
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const one = await homes.open({ url: `redis://127.0.0.1:${proxy.port}` })
    const two = await homes.open()
    const permit = await limit(one).acquire({ party: "run" })
    await leases(one).hold(["a", "b"])
    const free = leases(two).free("a")
    await proxy.stop()
    permit.sent()
    permit.release("accepted")
    leases(one).release(["a"])
    await until(async () => !await isReady(one))
    await proxy.start()
    await free
    expect(await leases(two).hold(["a", "b"])).to.deep.equal(["b"])
    await until(async () => (await limit(two).use()).callsAtOnce === 0)
    expect((await one.state()).incidents).to.deep.equal({ timesAway: 1, timesDataLost: 0 })
    await homes.close()
    await proxy.stop()
  })

  it("goes on in good order over a connection that is cut again and again", async () => {
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const pair = [await homes.open({ url: `redis://127.0.0.1:${proxy.port}` }), await homes.open()]
    const cutting = setInterval(() => proxy.cut(), 40)
    let atOnce = 0
    let mostAtOnce = 0
    const holders = new Map<string, number>()
    const work = async (home: RedisHome, name: string) => {
      for (let batch = 0; batch < 4; batch++) {
        while ((await leases(home, name).hold(["a"])).length > 0) {
          await leases(home, name).free("a")
        }
        holders.set("a", (holders.get("a") ?? 0) + 1)
        const permit = await home.of(name).limit("account", RULES).acquire({ party: name })
        mostAtOnce = Math.max(mostAtOnce, ++atOnce)
        expect(holders.get("a")).to.equal(1)
        permit.sent()
        await pause(3)
        atOnce--
        holders.set("a", 0)
        permit.release("accepted")
        leases(home, name).release(["a"])
      }
    }
    await Promise.all(pair.flatMap((home) => [work(home, "process 1"), work(home, "process 2")]))
    clearInterval(cutting)
    expect(mostAtOnce).to.be.at.most(RULES.callsAtOnce)
    await until(async () => (await limit(pair[1]).use()).callsAtOnce === 0)
    await homes.close()
    await proxy.stop()
  })

  it("slows calls when Redis is slow, and breaks nothing", async () => {
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const home = await homes.open({ url: `redis://127.0.0.1:${proxy.port}`, times: { timeoutMs: 2000 } })
    proxy.delayMs = 150
    const permit = await limit(home).acquire({ party: "run" })
    permit.sent()
    permit.release("accepted")
    expect(await leases(home).hold(["a"])).to.deep.equal([])
    expect((await home.state()).incidents?.timesAway).to.equal(0)
    await homes.close()
    await proxy.stop()
  })

  it("takes a Redis that does not answer as away, and does not believe what it does late", async () => {
    const home = await homes.open({ times: { timeoutMs: 250, patienceMs: 1500 } })
    server.pause()
    const asked = [limit(home).acquire({ party: "run" }), leases(home).hold(["a", "b"])]
    const failures = await Promise.all(asked.map(async (each) =>
      (each as Promise<unknown>).catch((reason: Error) => reason)))
    failures.forEach((failure) => expect(failure).to.be.instanceOf(CoordinationLostError))
    expect((await home.state()).trouble).to.match(/it has not answered for 0\.25 s/)
    server.resume()
    await until(async () => isReady(home))
    await until(async () => (await limit(home).use()).callsAtOnce === 0)
    const other = await homes.open()
    await leases(other).free("a")
    expect(await leases(other).hold(["a", "b"])).to.deep.equal([])
  })

  it("does not do what was asked in a session that was given up since", async () => {
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const home = await homes.open({ url: `redis://127.0.0.1:${proxy.port}`, times: { timeoutMs: 300 } })
    proxy.delayMs = 1500
    const askedAt = performance.now()
    const asked = { permit: limit(home).acquire({ party: "run" }), busy: leases(home).hold(["a", "b"]) }
    await until(async () => !await isReady(home))
    proxy.delayMs = 0
    expect(await asked.busy).to.deep.equal([])
    leases(home).release(["a", "b"])
    ;(await asked.permit).release("accepted")
    await limit(home).use()
    // Until what is late has arrived.
    await pause(1700 - (performance.now() - askedAt))
    expect(await limit(home).use()).to.include({ callsAtOnce: 0 })
    const other = await homes.open()
    expect(await leases(other).hold(["a", "b"])).to.deep.equal([])
    await homes.close()
    await proxy.stop()
  })

  it("says each state once", async () => {
    const proxy = new TcpProxy(server.port)
    await proxy.start()
    const home = await homes.open({ url: `redis://127.0.0.1:${proxy.port}` })
    await limit(home).use()
    await proxy.stop()
    await until(async () => !await isReady(home))
    await pause(300)
    await proxy.start()
    await until(async () => isReady(home))
    expect(log.lines.error.filter((line) => line.startsWith("Redis is not there: the connection was cut")))
      .to.have.length(1)
    expect(log.lines.error.length).to.be.at.most(2)
    expect(log.lines.info.filter((line) => line.startsWith("Redis is back after "))).to.have.length(1)
    await homes.close()
    await proxy.stop()
  })

  it("says of a full memory what it is", async () => {
    const home = await homes.open()
    await server.say("CONFIG SET maxmemory 1")
    const held = leases(home).hold(["a"])
    await until(async () => (await home.state()).trouble !== undefined)
    expect((await home.state()).trouble).to.include("its memory is full")
    await server.say("CONFIG SET maxmemory 0")
    expect(await held).to.deep.equal([])
  })

  it("warns once of a Redis that drops data when its memory is full", async () => {
    await server.say("CONFIG SET maxmemory-policy allkeys-lru")
    await homes.open()
    expect(log.lines.warn.filter((line) => line.includes("maxmemory-policy allkeys-lru"))).to.have.length(1)
  })

  it("never says a password", async () => {
    const guarded = new RedisServer({ requirepass: "hush%hush" })
    await guarded.start()
    const url = `redis://:hush%25hush@127.0.0.1:${guarded.port}`
    const home = await homes.open({ url })
    expect(await isReady(home)).to.equal(true)
    const stranger = await homes.open({ url: url.replace("hush%25hush", "hush%25wrong"), isThere: false })
    await until(() => log.lines.error.length > 0)
    const { trouble } = await stranger.state()
    expect(trouble).to.include("it does not accept the user or password")
    const refused = stranger.isThereWithin(1)
    await homes.close()
    await refused
    await guarded.remove()
    expect(JSON.stringify([log.lines, trouble])).not.to.include("hush")
  })

  for (const [rights, commands] of [
    ["the rights that docs/scaling.md names", "+@all -@admin -@dangerous +info"],
    ["these without the one to ask about the server", "+@all -@admin -@dangerous"],
  ]) {
    it(`needs no more than ${rights}`, async () => {
      await server.say(`ACL SETUSER hub on >pass ~test* &test* ${commands}`)
      const home = await homes.open({ url: `redis://hub:pass@127.0.0.1:${server.port}` })
      const permit = await limit(home).acquire({ party: "run" })
      permit.release("accepted")
      expect(await leases(home).hold(["a"])).to.deep.equal([])
      expect(log.lines.warn).to.deep.equal([])
    })
  }

  it("keeps hubs with different secrets apart, since neither would see what the other holds", async () => {
    const one = await homes.open()
    const two = await homes.open({ secret: "another", isThere: false })
    await until(() => log.lines.error.length > 0)
    expect((await two.state()).trouble).to.include("has another ACTION_HUB_SECRET")
    expect(await isReady(one)).to.equal(true)
    await one.close()
    await until(async () => isReady(two))
    expect(await leases(two).hold(["a"])).to.deep.equal(["a"])
  })

  describe("while the secret is changed", () => {
    const OLD = "the old secret"
    const NEW = "the new secret"

    it("lets hubs see each other's leases that know the old secret, both, or only the new one", async () => {
      const before = await homes.open({ secret: OLD })
      const during = await homes.open({ secret: NEW, previousSecret: OLD })
      expect(await leases(before).hold(["a"])).to.deep.equal([])
      expect(await leases(during).hold(["a", "b"])).to.deep.equal(["a"])
      await before.close()
      const after = await homes.open({ secret: NEW })
      expect(await leases(after).hold(["a", "b", "c"])).to.deep.equal(["a", "b"])
      expect(log.lines.error).to.deep.equal([])
    })

    it("does so once more for the next secret, and for a hub that finds nobody", async () => {
      await (await homes.open({ secret: OLD })).close()
      const second = await homes.open({ secret: NEW, previousSecret: OLD })
      expect(await leases(second).hold(["a"])).to.deep.equal([])
      const third = await homes.open({ secret: "the third secret", previousSecret: NEW })
      expect(await leases(third).hold(["a"])).to.deep.equal(["a"])
      const last = await homes.open({ secret: "the third secret" })
      expect(await leases(last).hold(["a", "b"])).to.deep.equal(["a"])
      expect((await last.state()).incidents).to.include({ timesDataLost: 0 })
    })

    it("lets hubs agree anew when Redis has lost everything and a newer one came first", async () => {
      const before = await homes.open({ secret: OLD })
      const during = await homes.open({ secret: NEW, previousSecret: OLD, times: { heartbeatMs: 1000 } })
      expect(await leases(during).hold(["a"])).to.deep.equal([])
      await before.close()
      await server.say("FLUSHALL")
      const after = await homes.open({ secret: NEW })
      await until(async () => (await leases(during).hold(["b"])).length === 0)
      await until(async () => (await leases(after).hold(["c"])).length === 0)
      expect(await leases(after).hold(["a", "b"])).to.deep.equal(["a", "b"])
      expect(await leases(during).hold(["c"])).to.deep.equal(["c"])
    })

    it("keeps the old secret from whoever does not know the new one", async () => {
      await homes.open({ secret: OLD })
      await homes.open({ secret: NEW, previousSecret: OLD })
      expect((await server.lines(`HGETALL ${homes.prefix}mark`)).join(" ")).to.contain("legacy:").and.not.contain(OLD)
      const stranger = await homes.open({ secret: "another", isThere: false })
      await until(() => log.lines.error.length > 0)
      expect((await stranger.state()).trouble).to.include("has another ACTION_HUB_SECRET")
    })
  })
})
