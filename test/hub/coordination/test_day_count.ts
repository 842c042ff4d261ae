import { expect } from "chai"
import { DayCount } from "../../../src/hub/coordination/day_count"

const HOUR_MS = 3_600_000

describe("DayCount", () => {
  let now: number
  let count: DayCount

  beforeEach(() => {
    now = Date.parse("2026-11-26T05:58:00Z")
    count = new DayCount(6 * HOUR_MS, () => now)
  })

  it("begins with nothing, and says of no call when it was", () => {
    expect(count.use).to.deep.equal({ calls: 0 })
  })

  it("counts calls from the first one of the vendor's day, and anew from the next day on", () => {
    count.add()
    now += 60_000
    count.add()
    expect(count.use).to.deep.equal({ calls: 2, since: "2026-11-26T05:58:00.000Z" })
    now += 60_000
    expect(count.use).to.deep.equal({ calls: 0 })
    count.add()
    expect(count.use).to.deep.equal({ calls: 1, since: "2026-11-26T06:00:00.000Z" })
    now += 24 * HOUR_MS - 1
    expect(count.use.calls).to.equal(1)
  })

  it("adds the own calls since to what the vendor has counted for everybody", () => {
    count.add()
    count.note(9870, HOUR_MS)
    count.add()
    expect(count.use).to.deep.equal({
      calls: 2, since: "2026-11-26T05:58:00.000Z",
      everybody: { calls: 9871, readAt: "2026-11-26T05:58:00.000Z" },
    })
  })

  it("forgets the vendor's count when it has had its time, or the day is over", () => {
    count.note(9870, 60_000)
    now += 60_000
    expect(count.use.everybody).to.equal(undefined)
    count.note(9880, HOUR_MS)
    now += 60_000
    expect(count.use.everybody).to.equal(undefined)
  })
})
