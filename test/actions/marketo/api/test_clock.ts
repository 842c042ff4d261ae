import { expect } from "chai"
import * as fc from "fast-check"
import { MarketoClock } from "../../../../src/actions/marketo/lib/api/clock"

function requestId(time: number): string {
  return `7b3e#${Math.floor(time).toString(16)}`
}

describe("Marketo's clock", () => {
  it("is not known before the first answer, nor from one that does not tell a time", () => {
    const clock = new MarketoClock()
    const odd = [undefined, null, 7, "", "7b3e", "#198f2c4d5e6", "7b3e#", "7b3e#xyz", "7b3e#1", "x7b3e#198f2c4d5e6"]
    for (const text of odd) {
      clock.note(text, 0, 1)
    }
    expect(clock.at(0)).to.equal(undefined)
  })

  it("is read from the requestId of an answer", () => {
    const clock = new MarketoClock()
    clock.note("7b3e#198f2c4d5e6", 1000, 1400)
    const saidAt = 0x198f2c4d5e6
    expect(clock.at(1400)).to.deep.equal({ earliest: saidAt, latest: saidAt + 400 })
    expect(clock.at(500)).to.deep.equal({ earliest: saidAt - 900, latest: saidAt - 500 })
  })

  it("lies within what is told of it, whatever calls there were, and every call makes that narrower", () => {
    const call = fc.record({ pause: fc.nat({ max: 5000 }), there: fc.nat({ max: 900 }), back: fc.nat({ max: 900 }) })
    fc.assert(fc.property(
      fc.array(call, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 }),
      fc.integer({ min: -100000, max: 100000 }), (calls, ahead, moment) => {
        const clock = new MarketoClock()
        let now = 0
        let width = Infinity
        for (const { pause, there, back } of calls) {
          const sentAt = now + pause
          now = sentAt + there + back
          clock.note(requestId(sentAt + there + ahead), sentAt, now)
          const time = clock.at(moment) ?? { earliest: NaN, latest: NaN }
          expect(moment + ahead).to.be.within(time.earliest, time.latest)
          expect(time.latest - time.earliest).to.be.at.most(Math.min(width, there + back))
          width = time.latest - time.earliest
        }
      }))
  })

  it("that was set is believed anew", () => {
    const clock = new MarketoClock()
    clock.note(requestId(1_800_000_000_000), 0, 100)
    clock.note(requestId(1_800_000_060_000), 200, 300)
    expect(clock.at(300)).to.deep.equal({ earliest: 1_800_000_060_000, latest: 1_800_000_060_100 })
  })
})
