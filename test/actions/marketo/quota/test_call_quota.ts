import * as chai from "chai"
import * as sinon from "sinon"
import { QuotaShare } from "../../../../src/actions/marketo/lib/configuration/limits"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { CallQuota } from "../../../../src/actions/marketo/lib/quota/call_quota"
import { CallPermit, CallReception } from "../../../../src/actions/marketo/lib/quota/quota"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { rejectionOf, settle, TINY_PACE } from "../support/connect"

const expect = chai.expect

const WINDOW = 20000
const PACE = { ...TINY_PACE, rateWindowMs: WINDOW, rateSlackMs: 250 }
const SPAN = WINDOW + 250

describe("quota of calls", () => {
  let clock: sinon.SinonFakeTimers
  let quota: CallQuota
  let run: RunControl
  /** Times at which calls were granted. */
  let granted: number[]
  let permits: CallPermit[]

  beforeEach(() => {
    clock = sinon.useFakeTimers({ now: 1000000, toFake: ["setTimeout", "clearTimeout", "Date"] })
    run = new RunControl()
    granted = []
    permits = []
  })

  afterEach(() => { clock.restore() })

  function useQuota(share: QuotaShare): void {
    quota = new CallQuota(share, PACE, () => Date.now())
  }

  function ask(times: number, by: RunControl = run): void {
    for (let index = 0; index < times; index++) {
      void quota.acquire(by).then((permit) => {
        granted.push(Date.now())
        permits.push(permit)
      }, () => undefined)
    }
  }

  function release(reception: CallReception = "accepted"): void {
    const permit = permits.shift()
    if (permit === undefined) {
      throw new Error("No permit to release")
    }
    permit.release(reception)
  }

  function releaseAll(): void {
    while (permits.length > 0) {
      release()
    }
  }

  /** Lets time pass in small steps; calls end at once when `areInstant`. */
  async function pass(milliseconds: number, areInstant = true): Promise<void> {
    const step = 250
    for (let passed = 0; passed < milliseconds; passed += step) {
      if (areInstant) {
        releaseAll()
      }
      await settle()
      clock.tick(step)
      await settle()
    }
  }

  describe("calls at once", () => {
    it("are never more than the share", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 3 })
      ask(10)
      await settle()
      expect(granted).to.have.length(3)
      expect(quota.waitingOf(run)).to.equal(7)
      release()
      await settle()
      expect(granted).to.have.length(4)
      expect(quota.waitingOf(run)).to.equal(6)
    })

    it("are told", () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 3 })
      expect(quota.concurrentCalls).to.equal(3)
    })

    it("are not more for a permit that is given back twice", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      ask(3)
      await settle()
      const [permit] = permits
      permit.release("accepted")
      permit.release("accepted")
      await settle()
      expect(granted).to.have.length(2)
    })
  })

  describe("calls in a window", () => {
    it("are granted at once up to the share, and no more", async () => {
      useQuota({ callsPerWindow: 5, concurrentCalls: 100 })
      ask(8)
      await settle()
      expect(granted).to.have.length(5)
    })

    it("come back when the window has moved on, and some slack", async () => {
      useQuota({ callsPerWindow: 5, concurrentCalls: 100 })
      ask(8)
      await settle()
      releaseAll()
      clock.tick(SPAN - 1)
      await settle()
      expect(granted).to.have.length(5)
      clock.tick(1)
      await settle()
      expect(granted).to.have.length(8)
    })

    it("say which limit they waited for", async () => {
      useQuota({ callsPerWindow: 2, concurrentCalls: 1 })
      ask(3)
      await settle()
      const [first] = permits
      releaseAll()
      await settle()
      const [second] = permits
      releaseAll()
      clock.tick(SPAN)
      await settle()
      expect([first, second, permits[0]].map(({ waitedFor }) => waitedFor))
        .to.deep.equal([undefined, "concurrency", "rate"])
    })

    it("are counted in any window, not only in windows that begin on the dot", async () => {
      useQuota({ callsPerWindow: 7, concurrentCalls: 3 })
      for (let round = 0; round < 40; round++) {
        ask(1 + round * 5 % 7)
        await pass(250 + round * 1250 % 6000)
      }
      await pass(20 * SPAN)
      expect(granted.length).to.be.greaterThan(100)
      for (let index = 7; index < granted.length; index++) {
        expect(granted[index] - granted[index - 7]).to.be.at.least(WINDOW)
      }
    })

    it("are counted from when they were sent, however long they take", async () => {
      useQuota({ callsPerWindow: 2, concurrentCalls: 10 })
      const both = await Promise.all([quota.acquire(run), quota.acquire(run)])
      both.forEach((permit) => permit.sent())
      ask(1)
      await pass(SPAN + 250, false)
      expect(granted).to.have.length(1)
    })

    it("do not leave the window before they were sent", async () => {
      useQuota({ callsPerWindow: 2, concurrentCalls: 10 })
      const [late] = await Promise.all([quota.acquire(run), quota.acquire(run)])
      ask(1)
      await pass(3 * SPAN, false)
      expect(granted).to.have.length(0)
      late.sent()
      await pass(SPAN / 2, false)
      expect(granted).to.have.length(0)
      await pass(SPAN, false)
      expect(granted).to.have.length(1)
    })
  })

  describe("calls that could not be sent", () => {
    it("take no place in the window, since Marketo never saw them", async () => {
      useQuota({ callsPerWindow: 2, concurrentCalls: 5 })
      ask(4)
      await settle()
      expect(granted).to.have.length(2)
      release("notSent")
      release("notSent")
      await settle()
      expect(granted).to.have.length(4)
    })
  })

  describe("several runs", () => {
    async function orderOf(firstCalls: number, secondCalls: number): Promise<string[]> {
      const order: string[] = []
      const second = new RunControl()
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      const askFor = (name: string, by: RunControl) => {
        void quota.acquire(by).then((permit) => {
          order.push(name)
          permits.push(permit)
        })
      }
      ask(1)
      await settle()
      for (let index = 0; index < firstCalls; index++) {
        askFor("a", run)
      }
      for (let index = 0; index < secondCalls; index++) {
        askFor("b", second)
      }
      for (let index = 0; index < firstCalls + secondCalls; index++) {
        release()
        await settle()
      }
      return order
    }

    it("take turns, however many calls one has waiting", async () => {
      expect((await orderOf(50, 3)).slice(0, 6).sort()).to.deep.equal(["a", "a", "a", "b", "b", "b"])
    })

    it("all get their calls in the end", async () => {
      const order = await orderOf(20, 7)
      expect(order.filter((name) => name === "a")).to.have.length(20)
      expect(order.filter((name) => name === "b")).to.have.length(7)
    })
  })

  describe("a run that stops", () => {
    it("gets no permit any more", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      expect(await rejectionOf(quota.acquire(run))).to.be.instanceOf(RunStoppedError)
    })

    it("leaves the line", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      ask(1)
      await settle()
      const waiting = rejectionOf(quota.acquire(run))
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      expect(await waiting).to.be.instanceOf(RunStoppedError)
      expect(quota.waitingOf(run)).to.equal(0)
    })

    it("leaves its place to other runs", async () => {
      const other = new RunControl()
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      ask(4)
      ask(1, other)
      await settle()
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      release()
      await settle()
      expect(granted).to.have.length(2)
      expect(quota.waitingOf(run)).to.equal(0)
    })
  })

  describe("when Marketo refuses a call", () => {
    async function grantedAtOnce(): Promise<number> {
      const before = granted.length
      ask(20)
      await settle()
      return granted.length - before
    }

    it("for too many at once, gives way by half", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 8 })
      expect(await grantedAtOnce()).to.equal(8)
      release("concurrencyLimited")
      const refusedAt = granted.length
      for (let index = 0; index < 7; index++) {
        release()
      }
      await settle()
      expect(granted.length - refusedAt).to.equal(4)
    })

    it("for too many at once, always leaves one", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 1 })
      ask(2)
      await settle()
      release("concurrencyLimited")
      await settle()
      expect(granted).to.have.length(2)
    })

    it("several at a time, gives way once", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 8 })
      await grantedAtOnce()
      const before = granted.length
      for (let index = 0; index < 8; index++) {
        release("concurrencyLimited")
      }
      await settle()
      expect(granted.length - before).to.equal(4)
    })

    it("for the rate, lets no further call through until calls have left the window", async () => {
      useQuota({ callsPerWindow: 10, concurrentCalls: 100 })
      ask(4)
      await settle()
      clock.tick(10)
      release("rateLimited")
      ask(10)
      await settle()
      expect(granted).to.have.length(4)
    })

    it("for the rate, goes on more slowly", async () => {
      useQuota({ callsPerWindow: 10, concurrentCalls: 100 })
      ask(10)
      await settle()
      clock.tick(10)
      release("rateLimited")
      releaseAll()
      ask(30)
      clock.tick(SPAN)
      await settle()
      const inNextWindow = granted.length - 10
      expect(inNextWindow).to.be.at.least(5)
      expect(inNextWindow).to.be.at.most(8)
    })

    it("for the rate, hardly gives way when nobody else can be using the instance", async () => {
      useQuota({ callsPerWindow: 100, concurrentCalls: 100 })
      const all = await Promise.all(Array.from({ length: 100 }, async () => quota.acquire(run)))
      all.forEach((permit, index) => {
        permit.sent()
        permit.release(index === 99 ? "rateLimited" : "accepted")
      })
      ask(100)
      await pass(SPAN, false)
      expect(granted.length).to.be.at.least(90)
    })

    it("comes back to the full share after some windows", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 8 })
      await grantedAtOnce()
      release("concurrencyLimited")
      releaseAll()
      await settle()
      await pass(4 * WINDOW)
      releaseAll()
      await settle()
      releaseAll()
      expect(await grantedAtOnce()).to.equal(8)
    })

    it("never grants more than the share for having waited long", async () => {
      useQuota({ callsPerWindow: 1000, concurrentCalls: 4 })
      ask(1)
      await settle()
      release("concurrencyLimited")
      clock.tick(1000 * WINDOW)
      expect(await grantedAtOnce()).to.equal(4)
    })
  })

  it("works with a clock and timers of its own", async () => {
    clock.restore()
    const own = new CallQuota({ callsPerWindow: 2, concurrentCalls: 1 }, { ...PACE, rateWindowMs: 5, rateSlackMs: 1 })
    for (let index = 0; index < 6; index++) {
      (await own.acquire(run)).release("accepted")
    }
    expect(own.waitingOf(run)).to.equal(0)
  })
})
