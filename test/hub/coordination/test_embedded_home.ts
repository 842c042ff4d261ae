import { expect } from "chai"
import * as fc from "fast-check"
import * as sinon from "sinon"
import { LimitRules, Permit, PeriodSpentError } from "../../../src/hub/coordination/coordination"
import { EmbeddedHome } from "../../../src/hub/coordination/embedded_home"

const RULES: LimitRules = {
  callsPerWindow: 10, windowMs: 1000, slackMs: 10, callsAtOnce: 3, aloneFrom: 100, lingerMs: 5000,
}

describe("EmbeddedHome", () => {
  let clock: sinon.SinonFakeTimers
  let home: EmbeddedHome

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] })
    home = new EmbeddedHome()
  })

  afterEach(() => {
    clock.restore()
  })

  const limit = (owner = "one", rules = RULES) => home.of(owner).limit("account", rules)
  const leases = (owner: string) => home.of(owner).leases("people", { lingerMs: 5000 })

  /** Lets what was promised so far happen. */
  async function settle() {
    for (let round = 0; round < 20; round++) {
      await Promise.resolve()
    }
  }

  describe("a limit", () => {
    it("grants calls up to those at once, and the next when one is given back", async () => {
      const permits = await Promise.all([1, 2, 3].map(async () => limit().acquire({ party: "run" })))
      const fourth = sinon.spy()
      void limit().acquire({ party: "run" }).then(fourth)
      await settle()
      expect(fourth.callCount).to.equal(0)
      permits[0].release("accepted")
      await settle()
      expect(fourth.callCount).to.equal(1)
    })

    it("counts the calls of the day that were sent, without any limit for them", async () => {
      clock.setSystemTime(Date.parse("2026-11-26T08:00:00Z"))
      const [one, two, three] = await Promise.all([1, 2, 3].map(async () => limit().acquire({ party: "run" })))
      one.sent()
      one.release("accepted")
      two.release("rateLimited")
      expect((await limit().use()).today).to.deep.equal({ calls: 2, since: "2026-11-26T08:00:00.000Z" })
      home.abandon("one")
      three.release("accepted")
      limit().notePeriod(9870, 3_600_000)
      const { account } = (await home.state()).limits
      expect(account.today).to.deep.equal({
        calls: 3, since: "2026-11-26T08:00:00.000Z",
        everybody: { calls: 9870, readAt: "2026-11-26T08:00:00.000Z" },
      })
      expect(account.leftInPeriod).to.equal(undefined)
    })

    it("counts keys under the name that their leases are shown as", async () => {
      const rules = { lingerMs: 400, shownAs: "account" }
      await home.of("one").leases("account email", rules).hold(["a"])
      await home.of("two").leases("account employeeNumber", rules).hold(["b", "c"])
      await leases("one").hold(["d"])
      expect((await home.state()).leases).to.deep.equal({ account: 3, people: 1 })
    })

    it("counts a call in the window from the moment it was sent", async () => {
      const rules = { ...RULES, callsPerWindow: 1 }
      const permit = await limit("one", rules).acquire({ party: "run" })
      clock.tick(800)
      permit.sent()
      permit.release("accepted")
      const next = sinon.spy()
      void limit("one", rules).acquire({ party: "run" }).then(next)
      await settle()
      await clock.tickAsync(1005)
      expect(next.callCount).to.equal(0)
      await clock.tickAsync(10)
      expect(next.callCount).to.equal(1)
    })

    it("grants the parties' calls in turn, whichever processes they are in", async () => {
      const rules = { ...RULES, callsAtOnce: 1 }
      const order: string[] = []
      const call = async (owner: string, party: string) => {
        const permit = await limit(owner, rules).acquire({ party })
        order.push(party)
        permit.release("accepted")
      }
      await Promise.all([call("one", "a"), call("one", "a"), call("one", "a"), call("two", "b"), call("two", "b")])
      expect(order).to.deep.equal(["a", "b", "a", "b", "a"])
    })

    it("lets brief calls go first, within a small share", async () => {
      const rules = { ...RULES, callsAtOnce: 1, callsPerWindow: 20 }
      const order: string[] = []
      const first = await limit("one", rules).acquire({ party: "run" })
      const calls = ["run", "run", ...Array<string>(8).fill("form")].map(async (party) => {
        const permit = await limit("one", rules).acquire({ party, isBrief: party === "form" })
        order.push(party)
        permit.release("accepted")
      })
      first.release("accepted")
      await Promise.all(calls)
      expect(order.slice(0, 5)).to.deep.equal(Array(5).fill("form"))
      expect(order.slice(5, 7)).to.have.members(["run", "form"])
    })

    it("gives way by half when the vendor refuses a call for its rate, and comes back", async () => {
      const permits = await Promise.all([1, 2].map(async () => limit().acquire({ party: "run" })))
      clock.tick(1)
      permits[0].release("rateLimited")
      permits[1].release("rateLimited")
      expect((await limit().use()).allowedPerWindow).to.equal(1)
      clock.tick(2000)
      expect((await limit().use()).allowedPerWindow).to.equal(6)
      clock.tick(20000)
      expect((await limit().use()).allowedPerWindow).to.equal(10)
    })

    it("keeps a dead process's calls on the wire for as long as the vendor may work on them", async () => {
      await Promise.all([1, 2, 3].map(async () => limit("dead").acquire({ party: "run" })))
      const next = sinon.spy()
      void limit("alive").acquire({ party: "run" }).then(next)
      home.abandon("dead")
      await clock.tickAsync(4999)
      expect(next.callCount).to.equal(0)
      await clock.tickAsync(60)
      expect(next.callCount).to.equal(1)
    })

    it("drops the calls that a dead process waited for", async () => {
      const rules = { ...RULES, callsAtOnce: 1 }
      const permit = await limit("alive", rules).acquire({ party: "run" })
      const refused = limit("dead", rules).acquire({ party: "other" }).catch((reason: Error) => reason.name)
      const next = limit("alive", rules).acquire({ party: "run" })
      home.abandon("dead")
      permit.release("accepted")
      expect(await refused).to.equal("CoordinationLostError")
      await next
    })

    it("refuses calls once the period is spent, until it ends", async () => {
      const rules = { ...RULES, callsPerPeriod: 100 }
      limit("one", rules).notePeriod(98, 60000)
      for (const party of ["a", "b"]) {
        (await limit("one", rules).acquire({ party })).release("accepted")
      }
      expect(await limit("two", rules).acquire({ party: "c" }).catch((reason: Error) => reason))
        .to.be.instanceOf(PeriodSpentError)
      clock.tick(60000)
      await limit("two", rules).acquire({ party: "c" })
    })

    it("forgets a call that is not wanted any longer", async () => {
      const rules = { ...RULES, callsAtOnce: 1 }
      const permit = await limit("one", rules).acquire({ party: "run" })
      const stop = new AbortController()
      const left = limit("one", rules).acquire({ party: "run" }, stop.signal).catch((reason: Error) => reason.message)
      const next = limit("one", rules).acquire({ party: "run" })
      stop.abort(new Error("stopped"))
      permit.release("accepted")
      expect(await left).to.equal("stopped")
      await next
    })

    it("never has more calls in any window, or at once, than allowed", async () => {
      await fc.assert(fc.asyncProperty(
        fc.array(fc.record({ party: fc.nat(3), workMs: fc.nat(400), delayMs: fc.nat(50) }), { maxLength: 60 }),
        async (calls) => {
          home = new EmbeddedHome()
          const sentAt: number[] = []
          let atOnce = 0
          let mostAtOnce = 0
          const done = calls.map(async ({ party, workMs, delayMs }) => {
            const permit: Permit = await limit(`process ${party % 2}`).acquire({ party: String(party) })
            mostAtOnce = Math.max(mostAtOnce, ++atOnce)
            await new Promise((resolve) => setTimeout(resolve, delayMs))
            sentAt.push(performance.now())
            permit.sent()
            await new Promise((resolve) => setTimeout(resolve, workMs))
            atOnce--
            permit.release("accepted")
          })
          await clock.tickAsync(60000)
          await Promise.all(done)
          sentAt.sort((one, other) => one - other)
          const isOver = sentAt.some((at, index) => index >= 10 && at - sentAt[index - 10] <= 1000)
          return !isOver && mostAtOnce <= 3 && sentAt.length === calls.length
        }), { numRuns: 50 })
    })
  })

  describe("leases", () => {
    it("take the keys that are free, and name the others", async () => {
      expect(await leases("one").hold(["a", "b"])).to.deep.equal([])
      expect(await leases("two").hold(["b", "c"])).to.deep.equal(["b"])
    })

    it("tell when a key is free", async () => {
      await leases("one").hold(["a"])
      const free = sinon.spy()
      void leases("two").free("a").then(free)
      await settle()
      expect(free.callCount).to.equal(0)
      leases("one").release(["a"])
      await settle()
      expect(free.callCount).to.equal(1)
      expect(await leases("two").hold(["a"])).to.deep.equal([])
    })

    it("are given back by their holder only", async () => {
      await leases("one").hold(["a"])
      leases("two").release(["a"])
      expect(await leases("two").hold(["a"])).to.deep.equal(["a"])
    })

    it("may be given back after some time", async () => {
      await leases("one").hold(["a"])
      leases("one").release(["a"], 300)
      clock.tick(299)
      expect(await leases("one").hold(["a"])).to.deep.equal(["a"])
      clock.tick(1)
      expect(await leases("one").hold(["a"])).to.deep.equal([])
    })

    it("outlive a dead process by the time the vendor may go on", async () => {
      await leases("dead").hold(["a", "b"])
      home.abandon("dead")
      clock.tick(4999)
      expect(await leases("alive").hold(["a"])).to.deep.equal(["a"])
      clock.tick(1)
      expect(await leases("alive").hold(["a", "b"])).to.deep.equal([])
    })

    it("outlive a dead process by a longer delay with which it gave them back, the latest one", async () => {
      await leases("dead").hold(["a", "b"])
      leases("dead").release(["a"], 6000)
      clock.tick(4000)
      leases("dead").release(["a"], 20000)
      expect(home.abandon("dead")).to.equal(20000)
      clock.tick(19999)
      expect(await leases("alive").hold(["a", "b"])).to.deep.equal(["a"])
      clock.tick(1)
      expect(await leases("alive").hold(["a"])).to.deep.equal([])
    })

    it("keep no timer for delays that were cut short", async () => {
      const before = clock.countTimers()
      await leases("one").hold(["a", "b"])
      leases("one").release(["a", "b"], 60000)
      leases("one").release(["b"], 70000)
      leases("one").release(["a"])
      leases("one").release(["b"])
      expect(clock.countTimers()).to.equal(before)
    })

    it("keep a key that was taken anew when an earlier release comes late", async () => {
      await leases("one").hold(["a"])
      leases("one").release(["a"], 100)
      leases("one").release(["a"])
      await leases("one").hold(["a"])
      clock.tick(100)
      expect(await leases("two").hold(["a"])).to.deep.equal(["a"])
    })
  })

  it("says how far it is used, and nothing of who holds what", async () => {
    await limit().acquire({ party: "jo@example.com" })
    await leases("one").hold(["jo@example.com"])
    const state = await home.state()
    expect(state).to.deep.include({ kind: "embedded", isReady: true, leases: { people: 1 } })
    expect(state.limits.account).to.include({ callsAtOnce: 1, callsInWindow: 1, waiting: 0 })
    expect(JSON.stringify(state)).not.to.contain("jo@")
  })
})
