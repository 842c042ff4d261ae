import * as chai from "chai"
import { MARKETO_PACE } from "../../../../src/actions/marketo/lib/configuration/limits"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import {
  accessRefused, endedByHub, marketoUnavailable, minutesUntilReset, outOfTime, quotaSpent, unexpectedFailure,
} from "../../../../src/actions/marketo/lib/stopping/stop_reasons"

const expect = chai.expect

describe("reasons to stop a run", () => {
  describe("minutes until the daily quota is reset", () => {
    const times: [string, number][] = [
      ["2026-08-17T05:00:00Z", 24 * 60], ["2026-08-17T04:59:00Z", 1], ["2026-08-17T17:30:00Z", 11 * 60 + 30],
      ["2026-01-15T06:00:00Z", 24 * 60], ["2026-01-15T05:59:30Z", 1], ["2026-01-15T18:00:00Z", 12 * 60],
    ]
    for (const [time, minutes] of times) {
      it(`are ${minutes} at ${time}, by US Central time`, () => {
        expect(minutesUntilReset(new Date(time))).to.equal(minutes)
      })
    }
  })

  it("a spent quota tells Marketo's words, how long it lasts, and what to do", () => {
    const error = new MarketoError("quota", "Max daily quota '50000' reached", { code: "607" })
    const { message, readOn } = quotaSpent(error, new Date("2026-08-17T17:30:00Z"))
    expect(message).to.contain("Max daily quota '50000' reached.")
    expect(message).to.contain("11 h 30 min").and.to.contain("2026-08-18 05:00 UTC")
    expect(message).to.contain("Send what was not sent again")
    expect(readOn).to.equal(true)
  })

  it("less than an hour is told in minutes alone", () => {
    expect(quotaSpent(new MarketoError("quota", "Spent."), new Date("2026-08-17T04:30:00Z")).message)
      .to.contain("in about 30 min")
  })

  it("rows behind it are counted when Marketo is at fault, and not read when the time is over", () => {
    const error = new MarketoError("unavailable", "No.")
    expect([accessRefused(error), marketoUnavailable(error), unexpectedFailure()].map((reason) => reason.readOn))
      .to.deep.equal([true, true, true])
    expect([endedByHub(), outOfTime(MARKETO_PACE)].map((reason) => reason.readOn)).to.deep.equal([false, false])
  })

  it("the end of the time tells the minutes", () => {
    expect(outOfTime(MARKETO_PACE).message).to.contain("57 minutes")
  })
})
