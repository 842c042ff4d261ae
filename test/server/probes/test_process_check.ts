import { expect } from "chai"

import { processCheck } from "../../../src/server/probes/process_check"
import type { ProcessCounts } from "../../../src/xpc/process_counts"
import { ScriptedQueue } from "../hub_under_test"

describe("processCheck", () => {
  let counts: ProcessCounts
  let started: number
  let now: number

  beforeEach(() => {
    counts = { wanted: 2, ready: 0, starting: 0, ending: 0, runs: 0 }
    started = 0
    now = 0
  })

  function check() {
    const queue = Object.assign(new ScriptedQueue(), { processes: () => counts, warmUp: () => { started++ } })
    return processCheck(queue, () => now)
  }

  it("passes with one process of two", async () => {
    counts = { ...counts, ready: 1, starting: 1 }
    expect(await check().problem()).to.equal(undefined)
  })

  it("passes for a queue of another hub, which does not count its processes", async () => {
    expect(await processCheck(new ScriptedQueue()).problem()).to.equal(undefined)
  })

  it("waits for one that is starting", async () => {
    counts = { ...counts, starting: 1, ending: 1 }
    expect(await check().problem()).to.equal("The execute process is starting.")
    expect(started).to.equal(0)
  })

  it("starts processes for a hub that has none, once in five seconds", async () => {
    const { problem } = check()
    for (const [at, times] of [[0, 1], [4999, 1], [5000, 2]]) {
      now = at
      expect(await problem()).to.equal("No execute process is up.")
      expect(started, `after ${at} ms`).to.equal(times)
    }
  })
})
