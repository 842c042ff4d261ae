import { expect } from "chai"
import * as fc from "fast-check"
import { isRunId, newRunId, timeOfRunId } from "../../../src/runs/records/run_id"

describe("The id of a run", () => {
  it("tells when the run began, and sorts by it", () => {
    const time = fc.integer({ min: 0, max: Date.UTC(2200, 0) })
    fc.assert(fc.property(time, time, (one, other) => {
      expect(timeOfRunId(newRunId(one))).to.equal(one)
      fc.pre(one < other)
      expect(newRunId(one) < newRunId(other)).to.equal(true)
    }))
  })

  it("is safe as a part of a path", () => {
    expect(isRunId(newRunId())).to.equal(true)
    for (const text of ["", "../../etc/passwd", `${newRunId()}/`, newRunId().toUpperCase(), `${newRunId()}\n`]) {
      expect(isRunId(text), text).to.equal(false)
    }
  })
})
