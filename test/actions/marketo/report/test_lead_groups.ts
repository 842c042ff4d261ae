import * as chai from "chai"
import { LeadGroups, namesOf, someNamesOf } from "../../../../src/actions/marketo/lib/report/lead_groups"

const expect = chai.expect

describe("leads grouped by reason", () => {
  it("are empty at first", () => {
    expect(new LeadGroups().isEmpty).to.equal(true)
    expect(new LeadGroups().entries()).to.deep.equal([])
  })

  it("keep reasons in the order in which they were met", () => {
    const groups = new LeadGroups()
    groups.add("second", "a")
    groups.add("first", "b")
    groups.add("second", "c")
    expect(groups.entries()).to.deep.equal([
      ["second", { count: 2, lookupValues: ["a", "c"] }],
      ["first", { count: 1, lookupValues: ["b"] }],
    ])
    expect(groups.isEmpty).to.equal(false)
  })

  it("count every lead but keep a thousand of a group", () => {
    const groups = new LeadGroups()
    for (let index = 0; index < 1200; index++) {
      groups.add("reason", `v${index}`)
    }
    const [, group] = groups.entries()[0]
    expect([group.count, group.lookupValues.length]).to.deep.equal([1200, 1000])
  })

  it("keep rows without a lookup value as ranges", () => {
    const groups = new LeadGroups()
    for (const row of [...Array.from({ length: 3000 }, (_none, index) => index + 1), 4001, 4003, 4004]) {
      groups.add("reason", row)
    }
    const [, group] = groups.entries()[0]
    expect(namesOf(group, 500)).to.deep.equal({ names: ["rows 1-3000", "row 4001", "rows 4003-4004"], leads: 3003 })
    expect(namesOf(group, 2)).to.deep.equal({ names: ["rows 1-3000", "row 4001"], leads: 3001 })
    expect(someNamesOf(group, 1)).to.equal("rows 1-3000 and 3 more")
  })

  it("gather what comes after a hundred reasons", () => {
    const groups = new LeadGroups()
    for (let index = 0; index < 250; index++) {
      groups.add(`reason ${index}`, "a")
    }
    const entries = groups.entries()
    expect(entries).to.have.length(101)
    expect(entries[100][0]).to.equal("Other reasons")
    expect(entries[100][1].count).to.equal(150)
  })

  it("go on counting a known reason after that", () => {
    const groups = new LeadGroups()
    for (let index = 0; index < 120; index++) {
      groups.add(`reason ${index}`, "a")
    }
    groups.add("reason 5", "b")
    expect(groups.entries()[5][1].count).to.equal(2)
  })

  it("cut a lookup value that is longer than any address", () => {
    const groups = new LeadGroups()
    groups.add("reason", "x".repeat(1000))
    expect(groups.entries()[0][1].lookupValues[0]).to.equal(`${"x".repeat(254)}…`)
  })

  it("take names of object members for reasons like any other", () => {
    const groups = new LeadGroups()
    groups.add("__proto__", "a")
    groups.add("constructor", "b")
    expect(groups.entries().map(([reason]) => reason)).to.deep.equal(["__proto__", "constructor"])
  })
})
