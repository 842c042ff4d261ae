import * as chai from "chai"
import { LeadIdSet } from "../../../../src/actions/marketo/lib/membership/lead_id_set"

const expect = chai.expect

describe("set of lead ids", () => {
  it("is empty at first", () => {
    expect(new LeadIdSet().size).to.equal(0)
    expect(new LeadIdSet().has(1)).to.equal(false)
  })

  it("tells whether an id is new", () => {
    const ids = new LeadIdSet()
    expect([ids.add(7), ids.add(7), ids.size]).to.deep.equal([true, false, 1])
  })

  it("tells neighbours apart at the borders of words and pages", () => {
    const borders = [0, 1, 31, 32, 33, 63, 64, 4095, 4096, 4097, 8191, 8192, 2147483647, 2147483648, 4294967296]
    const ids = new LeadIdSet()
    for (const id of borders) {
      expect(ids.has(id), `${id} before`).to.equal(false)
      expect(ids.add(id), `${id}`).to.equal(true)
      expect(ids.has(id), `${id} after`).to.equal(true)
    }
    expect(ids.size).to.equal(borders.length)
    expect(ids.has(30) || ids.has(34) || ids.has(4094)).to.equal(false)
  })

  it("agrees with a Set over many ids", () => {
    const ids = new LeadIdSet()
    const model = new Set<number>()
    for (let index = 0; index < 20000; index++) {
      const id = (index * 7919) % 9973 + (index % 3) * 1000000
      expect(ids.add(id)).to.equal(!model.has(id))
      model.add(id)
    }
    expect(ids.size).to.equal(model.size)
  })
})
