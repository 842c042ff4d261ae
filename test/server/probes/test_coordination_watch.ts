import { expect } from "chai"

import type { HomeState } from "../../../src/hub/coordination/coordination_home"
import { EmbeddedHome } from "../../../src/hub/coordination/embedded_home"
import { CoordinationWatch, shownState } from "../../../src/server/probes/coordination_watch"

const USE = {
  callsInWindow: 0, callsAtOnce: 0, allowedPerWindow: 50, allowedAtOnce: 5, waiting: 0, today: { calls: 0 },
  rules: { callsPerWindow: 50, windowMs: 20_000, callsAtOnce: 5 },
}
const STATE: HomeState = { kind: "redis", isReady: true, limits: { one: USE }, leases: {} }

/** A home whose state is what a test says. */
class ScriptedHome extends EmbeddedHome {
  next: () => Promise<HomeState> = async () => STATE

  override async state(): Promise<HomeState> {
    return this.next()
  }
}

describe("CoordinationWatch", () => {
  it("gives the last state, as not ready, when the home does not answer in time", async () => {
    const home = new ScriptedHome()
    const watch = new CoordinationWatch(home, 5)
    expect(await watch.problem()).to.equal(undefined)
    home.next = async () => new Promise(() => undefined)
    expect(await watch.state()).to.deep.equal({
      ...STATE, isReady: false, trouble: "Redis has not answered for 0.005 seconds.",
    })
    expect(await watch.problem()).to.equal("Redis has not answered for 0.005 seconds.")
  })

  it("passes on what the home says of its trouble", async () => {
    const home = new ScriptedHome()
    home.next = async () => ({ ...STATE, isReady: false, trouble: "Redis is full." })
    expect(await new CoordinationWatch(home, 800).problem()).to.equal("Redis is full.")
  })
})

describe("shownState", () => {
  it("names the fifty busiest limits and leases, and counts the others", () => {
    const limits = Object.fromEntries(Array.from({ length: 60 }, (_, index) =>
      [`account ${index}`, { ...USE, callsInWindow: index, waiting: index === 3 ? 100 : 0 }]))
    const leases = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`people ${index}`, index]))
    const shown = shownState({ ...STATE, limits, leases })
    expect(shown.namesLeftOut).to.equal(11)
    expect(Object.keys(shown.limits)).to.have.length(50).and.include("account 3").and.include("account 59")
      .and.not.include("account 10")
    expect(Object.keys(shown.leases)).to.have.length(50).and.not.include("people 0")
  })

  it("leaves a short list as it is", () => {
    expect(shownState(STATE)).to.deep.equal(STATE)
  })
})
