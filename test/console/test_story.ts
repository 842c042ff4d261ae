import { expect } from "chai"
import * as fc from "fast-check"

import { callsInWindows } from "../../web/console/call_windows"
import { storyOf } from "../../web/console/story"
import { aRecord } from "../runs/a_record"
import { runThatEnded, runUnderWay } from "./sample_runs"

const NOW = Date.UTC(2026, 10, 26)

describe("The story of a run", () => {
  it("has its steps in order, from the request to the end", () => {
    const steps = storyOf(runThatEnded(NOW))
    expect(steps.map(({ kind, atMs }) => [kind, atMs])).to.deep.equal([
      ["began", 0], ["read", 1000], ["waited", 10_000], ["waited", 30_000], ["waited", 50_000], ["read", 58_000],
      ["waited", 70_000], ["ended", 75_200],
    ])
    expect(steps[2].untilMs).to.equal(20_000)
  })

  it("ends with what a run under way waits for", () => {
    const run = runUnderWay(NOW)
    expect(storyOf(run).pop()).to.include({
      kind: "now", atMs: 42_000, words: "It waits for its turn in Marketo's quota",
    })
    expect(storyOf(aRecord({ outcome: "running" })).map(({ kind }) => kind)).to.deep.equal(["began", "now"])
  })

  it("of one that ended at once is its beginning and its end", () => {
    expect(storyOf(aRecord({ durationMs: 12 })).map(({ words }) => words)).to.deep.equal([
      "Looker sent the request, and the run began", "It ended: succeeded",
    ])
  })
})

describe("The calls in a window before each sample", () => {
  const sample = (atMs: number, calls: number) => ({ atMs, calls, rowsRead: 0, rowsApplied: 0 })

  it("are those since the beginning while the run is younger than the window, and the latest ones then", () => {
    expect(callsInWindows([sample(0, 1), sample(10_000, 21), sample(30_000, 61), sample(40_000, 61)], 20_000))
      .to.deep.equal([1, 21, 40, 20])
  })

  it("are never fewer than none, nor more than the calls so far", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.nat(50)), { maxLength: 60 })
    fc.assert(fc.property(steps, (taken) => {
      let [atMs, calls] = [0, 0]
      const samples = taken.map(([ms, more]) => sample(atMs += ms, calls += more))
      const found = callsInWindows(samples, 20_000)
      expect(found.length).to.equal(samples.length)
      found.forEach((each, index) => expect(each).to.be.within(0, samples[index].calls + 0.1))
    }))
  })
})
