import * as chai from "chai"
import { MarketoCaller } from "../../../../src/actions/marketo/lib/api/caller"
import { OPERATIONS } from "../../../../src/actions/marketo/lib/api/operations"
import { DailyAllowance } from "../../../../src/actions/marketo/lib/quota/daily_allowance"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { connectionTo, rejectionOf, WatcherLog } from "../support/connect"
import { FakeMarketo } from "../support/fake_marketo"

const expect = chai.expect

const MINUTE = 60000

describe("allowance of calls a day", () => {
  let now: number

  beforeEach(() => { now = 1000 })

  it("is unlimited unless the administrator sets it", () => {
    const daily = new DailyAllowance(undefined, () => now)
    daily.learn(49999)
    expect([daily.isLimited, daily.left]).to.deep.equal([false, undefined])
  })

  it("is unknown before the day's usage was read", () => {
    const daily = new DailyAllowance(100, () => now)
    expect([daily.isLimited, daily.left]).to.deep.equal([true, undefined])
  })

  it("is what others have left, less our own calls since", () => {
    const daily = new DailyAllowance(100, () => now)
    daily.learn(40)
    daily.spend()
    daily.spend()
    expect(daily.left).to.equal(58)
  })

  it("is never less than nothing", () => {
    const daily = new DailyAllowance(100, () => now)
    daily.learn(99)
    daily.spend()
    daily.spend()
    expect(daily.left).to.equal(0)
    daily.learn(5000)
    expect(daily.left).to.equal(0)
  })

  it("is counted anew from each reading", () => {
    const daily = new DailyAllowance(100, () => now)
    daily.learn(40)
    daily.spend()
    daily.learn(41)
    expect(daily.left).to.equal(59)
  })

  it("is not built upon for long, since others use the instance, too, and days end", () => {
    const daily = new DailyAllowance(100, () => now)
    daily.learn(100)
    now += 16 * MINUTE
    expect(daily.left).to.equal(undefined)
  })

  describe("at the end of Marketo's day", () => {
    /** Reads that nothing is left, and gives what is known of the allowance later. */
    function leftLater(readAt: string, askedAt: string, moment: string): number | undefined {
      const daily = new DailyAllowance(100, () => now)
      now = Date.parse(readAt)
      daily.learn(100, Date.parse(askedAt))
      now = Date.parse(moment)
      return daily.left
    }

    const days: [string, string, string][] = [
      ["midnight CST in winter", "2026-01-15T05:55:00Z", "2026-01-15T06:05:00Z"],
      ["midnight CST in summer, should it not follow daylight saving time", "2026-07-15T05:55:00Z",
        "2026-07-15T06:00:00Z"],
      ["midnight US Central time in summer, should it do so", "2026-07-15T04:59:59Z", "2026-07-15T05:00:00Z"],
    ]
    for (const [name, before, after] of days) {
      it(`is forgotten: ${name}`, () => {
        expect(leftLater(before, before, before)).to.equal(0)
        expect(leftLater(before, before, after)).to.equal(undefined)
      })
    }

    it("is forgotten when the day ended before the answer came", () => {
      expect(leftLater("2026-01-15T06:00:01Z", "2026-01-15T05:59:59Z", "2026-01-15T06:00:01Z")).to.equal(undefined)
    })

    it("is known again from the next reading", () => {
      expect(leftLater("2026-01-15T06:00:01Z", "2026-01-15T06:00:00Z", "2026-01-15T06:10:00Z")).to.equal(0)
    })

    it("is not forgotten at midnight elsewhere", () => {
      expect(leftLater("2026-01-14T23:55:00Z", "2026-01-14T23:55:00Z", "2026-01-15T00:05:00Z")).to.equal(0)
    })
  })

  describe("that is used up", () => {
    let marketo: FakeMarketo

    beforeEach(async () => { marketo = await FakeMarketo.start() })
    afterEach(async () => { await marketo.stop() })

    it("lets no further call out, and says whose limit it is", async () => {
      const daily = new DailyAllowance(100, () => now)
      daily.learn(99)
      const caller = new MarketoCaller({ ...connectionTo(marketo.origin), daily }, new RunControl(), new WatcherLog())
      const call = { operation: OPERATIONS.getUsage }
      await caller.send(call)
      const error = await rejectionOf(caller.send(call))
      expect(error.kind).to.equal("quota")
      expect(error.message).to.contain("MARKETO_DAILY_RESERVE")
      expect(marketo.calls).to.have.length(1)
    })
  })
})
