import { expect } from "chai"

import { BoundedCheck } from "../../../src/server/probes/bounded_check"
import { deferred } from "../hub_under_test"

describe("BoundedCheck", () => {
  let now: number
  let asked: number
  let outcome: () => Promise<string | undefined>

  beforeEach(() => {
    now = 0
    asked = 0
    outcome = async () => undefined
  })

  function bounded(limitMs: number): BoundedCheck {
    const problem = async () => {
      asked++
      return outcome()
    }
    return new BoundedCheck({ name: "disk", problem }, { trustedMs: 5000, limitMs }, () => now)
  }

  it("trusts an outcome for its time, and then looks again", async () => {
    const check = bounded(800)
    expect(await check.problem()).to.equal(undefined)
    outcome = async () => "It is full."
    now = 4999
    expect(await check.problem()).to.equal(undefined)
    now = 5000
    expect(await check.problem()).to.equal("It is full.")
    expect(asked).to.equal(2)
  })

  it("looks once for probes that ask at the same time", async () => {
    const check = bounded(800)
    await Promise.all([check.problem(), check.problem(), check.problem()])
    expect(asked).to.equal(1)
  })

  it("reports a check that hangs, never begins a second one beside it, and hears of its end", async () => {
    const hanging = deferred<string | undefined>()
    outcome = async () => hanging.promise
    const check = bounded(5)
    expect(await check.problem()).to.equal("The check has not ended within 0.005 seconds.")
    now = 60_000
    // Its time is over, so nobody waits for it any more.
    expect(await check.problem()).to.equal("The check has not ended within 0.005 seconds.")
    expect(asked).to.equal(1)
    hanging.resolve(undefined)
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(await check.problem()).to.equal(undefined)
    expect(asked).to.equal(1)
  })

  it("counts a check that throws as a problem, without its words", async () => {
    outcome = async () => { throw new TypeError("a path that nobody should see") }
    expect(await bounded(800).problem()).to.equal("The check failed (TypeError).")
  })
})
