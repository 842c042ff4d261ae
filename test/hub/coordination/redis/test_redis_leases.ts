import { expect } from "chai"
import * as fc from "fast-check"
import type { SharedLeases } from "../../../../src/hub/coordination/coordination"
import type { RedisHome } from "../../../../src/hub/coordination/redis/redis_home"
import { describeWithRedis } from "../../../support/redis_server"
import { pause, until, withTwoHomes } from "./homes_under_test"

const LINGER_MS = 400

describeWithRedis("Leases in Redis", function () {
  this.timeout(60000)

  let one: RedisHome
  let two: RedisHome
  const { server, homes } = withTwoHomes((first, second) => {
    one = first
    two = second
  })

  const leases = (home: RedisHome, owner = "process 1", lingerMs = LINGER_MS): SharedLeases =>
    home.of(owner).leases("people", { lingerMs })

  it("take the keys that are free, and name the others, over hubs and processes", async () => {
    expect(await leases(one).hold(["a", "b"])).to.deep.equal([])
    expect(await leases(two).hold(["b", "c"])).to.deep.equal(["b"])
    expect(await leases(one, "process 2").hold(["a", "c", "d"])).to.have.members(["a", "c"])
    expect(await leases(one).hold(["a"])).to.deep.equal(["a"])
  })

  it("take thousands of keys", async () => {
    const keys = Array.from({ length: 3000 }, (_, index) => `person ${index}`)
    expect(await leases(one).hold(keys)).to.deep.equal([])
    expect(await leases(two).hold([...keys, "another"])).to.have.length(3000)
    leases(one).release(keys)
    await Promise.all(keys.slice(0, 10).map(async (key) => leases(two).free(key)))
  })

  it("say when a key is free", async () => {
    await leases(one).hold(["a"])
    const free = Promise.all([leases(two).free("a"), leases(one, "process 2").free("a")])
    leases(one).release(["a"])
    await free
    expect(await leases(two).hold(["a"])).to.deep.equal([])
  })

  it("are counted under the name that they are shown as", async () => {
    const rules = { lingerMs: 400, shownAs: "marketo 123-abc-456" }
    await one.of("process 1").leases("marketo 123-abc-456 email", rules).hold(["a"])
    await one.of("process 2").leases("marketo 123-abc-456 employeeNumber", rules).hold(["b", "c"])
    expect((await one.state()).leases).to.deep.equal({ "marketo 123-abc-456": 3 })
  })

  it("say at once that a free key is free", async () => {
    await leases(one).free("a")
  })

  it("stop waiting for a key that is not wanted any longer", async () => {
    await leases(one).hold(["a"])
    const stop = new AbortController()
    const left = leases(two).free("a", stop.signal).catch((reason: Error) => reason.message)
    stop.abort(new Error("stopped"))
    expect(await left).to.equal("stopped")
  })

  it("are given back by their holder only", async () => {
    await leases(one).hold(["a"])
    leases(two).release(["a"])
    leases(one, "process 2").release(["a"])
    expect(await leases(two).hold(["a"])).to.deep.equal(["a"])
  })

  it("may be given back after some time, which is cut short by giving them back at once", async () => {
    await leases(one).hold(["a", "b"])
    const releasedAt = performance.now()
    leases(one).release(["a"], 300)
    leases(one).release(["b"], 60000)
    expect(await leases(two).hold(["a", "b"])).to.deep.equal(["a", "b"])
    await leases(two).free("a")
    expect(performance.now() - releasedAt).to.be.at.least(300)
    leases(one).release(["b"])
    await leases(two).free("b")
    expect(await leases(two).hold(["a", "b"])).to.deep.equal([])
  })

  it("outlive a dead process, and a dead hub, by a longer delay with which it gave them back", async () => {
    await leases(one, "dead").hold(["a", "b"])
    leases(one, "dead").release(["a"], 500)
    const releasedAt = performance.now()
    leases(one, "dead").release(["a"], 3 * LINGER_MS)
    expect(one.abandon("dead")).to.be.within(2 * LINGER_MS, 3 * LINGER_MS)
    await one.close()
    await leases(two).free("b")
    expect(await leases(two).hold(["a", "b"])).to.deep.equal(["a"])
    await leases(two).free("a")
    expect(performance.now() - releasedAt).to.be.at.least(3 * LINGER_MS)
  })

  it("outlive a dead process by the time the vendor may go on", async () => {
    await leases(one, "dead").hold(["a"])
    const diedAt = performance.now()
    one.abandon("dead")
    await leases(two).free("a")
    expect(performance.now() - diedAt).to.be.at.least(LINGER_MS)
    expect(await leases(two).hold(["a"])).to.deep.equal([])
  })

  it("last for as long as their holder lives, and leave nothing when all is over", async () => {
    await leases(one).hold(["a"])
    await leases(one, "process 2").hold(["b"])
    one.abandon("process 2")
    await leases(two).free("b")
    await pause(LINGER_MS + 500)
    expect(await leases(two).hold(["a"])).to.deep.equal(["a"])
    leases(one).release(["a"])
    await leases(one).hold(["z"])
    const [book] = (await server.lines(`KEYS ${homes.prefix}leases:*`)).filter((line) => line.startsWith("test"))
    // The sentinel, the key z and its holder: what is over is swept.
    await until(async () => await server.say(`HLEN ${book}`) === ":3")
  })

  it("leave no name of a person or account in Redis, and nothing that stays for ever", async () => {
    await one.of("process 1").leases("leads of 123-ABC-456", { lingerMs: LINGER_MS }).hold(["jo@example.com"])
    await one.of("process 1").limit("marketo 123-ABC-456", {
      callsPerWindow: 10, windowMs: 300, slackMs: 5, callsAtOnce: 3, aloneFrom: 100, lingerMs: 400,
    }).acquire({ party: "jo@example.com" })
    const names = (await server.lines(`KEYS ${homes.prefix}*`)).filter((line) => line.startsWith("test"))
    expect(names).to.have.length(7)
    for (const name of names) {
      expect(Number((await server.say(`PTTL ${name}`)).slice(1)), name).to.be.greaterThan(0)
      const type = await server.say(`TYPE ${name}`)
      const content = await server.lines(type === "+hash" ? `HGETALL ${name}` : type === "+zset" ?
        `ZRANGE ${name} 0 -1` : `GET ${name}`)
      expect(`${name} ${content.join(" ")}`).not.to.match(/jo@|example|123-ABC|marketo/i)
    }
  })

  it("have one holder at a time, whatever hubs and processes do", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.record({
        hub: fc.nat(1), process: fc.nat(1), keys: fc.uniqueArray(fc.nat(6), { minLength: 1, maxLength: 4 }),
        workMs: fc.nat(5), afterMs: fc.constantFrom(0, 0, 20),
      }), { minLength: 5, maxLength: 30 }),
      async (batches) => {
        await homes.begin()
        const pair = [await homes.open(), await homes.open()]
        const holders = new Map<string, number>()
        const written: string[] = []
        await Promise.all(batches.map(async ({ hub, process, keys, workMs, afterMs }) => {
          const mine = leases(pair[hub], `process ${process}`, 5000)
          let wanted = keys.map(String)
          while (wanted.length > 0) {
            const busy = await mine.hold(wanted)
            const taken = wanted.filter((key) => !busy.includes(key))
            taken.forEach((key) => holders.set(key, (holders.get(key) ?? 0) + 1))
            expect([...holders.values()].every((count) => count <= 1)).to.equal(true)
            await pause(workMs)
            taken.forEach((key) => holders.set(key, 0))
            written.push(...taken)
            mine.release(taken, afterMs)
            wanted = busy
            if (busy.length > 0) {
              await mine.free(busy[0])
            }
          }
        }))
        await homes.close()
        expect(written).to.have.length(batches.reduce((count, { keys }) => count + keys.length, 0))
      }), { numRuns: 10 })
  })
})
