import { expect } from "chai"
import { LeftRuns } from "../../../src/runs/left_runs"
import { aRecord } from "../a_record"

const HERE = { host: "here", pid: process.pid }

describe("Runs whose hub is gone", () => {
  let now = 0
  let left: LeftRuns

  beforeEach(() => {
    now = 0
    left = new LeftRuns(HERE, () => now)
  })

  it("are those of a process of this machine that is no more", () => {
    const dead = aRecord({ hub: { host: "here", pid: 2 ** 22 + 1 } })
    const alive = aRecord({ hub: { host: "here", pid: process.ppid } })
    expect(left.among([dead, alive])).to.deep.equal([dead])
  })

  it("are those of the process that had our number before us", () => {
    const former = aRecord({ hub: HERE })
    expect(left.among([former])).to.deep.equal([former])
  })

  it("are those of another machine that are the same for a minute, whatever its clock says", () => {
    const record = aRecord({ hub: { host: "there", pid: 1 }, updatedAt: "2001-01-01T00:00:00.000Z" })
    expect(left.among([record])).to.deep.equal([])
    now = 59_000
    expect(left.among([record])).to.deep.equal([])
    const renewed = { ...record, updatedAt: "2001-01-01T00:00:10.000Z" }
    expect(left.among([renewed])).to.deep.equal([])
    now = 118_000
    expect(left.among([renewed])).to.deep.equal([])
    now = 119_000
    expect(left.among([renewed])).to.deep.equal([renewed])
  })
})
