import { expect } from "chai"
import * as fc from "fast-check"
import { leadOf, OpenLeads } from "../../../../src/actions/marketo/lib/bulk/open_leads"
import { FileSizes } from "../../../../src/actions/marketo/lib/configuration/limits"
import { comparisonFor } from "../../../../src/actions/marketo/lib/delivery/lookup_comparison"
import { Lead } from "../../../../src/actions/marketo/lib/report/lead"

const SIZES: FileSizes = { bytes: 100000, leads: 5, fewestLeads: 1, undecidedLeads: 5 }

function lead(row: number, email: string, fields: object = {}): Lead {
  return { lookupValue: email, rows: [row], record: { email, ...fields } }
}

describe("leads that wait for a file", () => {
  const open = (sizes = SIZES, field = "email") => new OpenLeads(sizes, comparisonFor(field))
  const nobody = () => false

  it("become one for each lookup value, later cells winning", () => {
    const leads = open()
    leads.add(lead(1, "a@x", { city: "Oslo", score: 1 }))
    leads.add(lead(2, "A@X", { city: "Rome" }))
    expect(leads.takeAll()).to.deep.equal(
      [{ lookupValue: "a@x", rows: [1, 2], record: { email: "A@X", city: "Rome", score: 1 } }])
  })

  it("share a file with those alone that have the same columns filled in", () => {
    const leads = open()
    leads.add(lead(1, "a@x", { city: "Oslo" }))
    leads.add(lead(2, "b@x", { city: "Rome" }))
    leads.add(lead(3, "c@x"))
    const file = leads.takeFile(nobody)
    expect([file.columns, file.leads.map(({ rows }) => rows)]).to.deep.equal([["city", "email"], [[1], [2]]])
    expect(leads.takeFile(nobody).columns).to.deep.equal(["email"])
    expect(leads.count).to.equal(0)
  })

  it("go by calls when one is too large for any file, without keeping the others from theirs", () => {
    const leads = open()
    leads.add(lead(1, "a@x", { note: "x".repeat(SIZES.bytes) }))
    leads.add(lead(2, "b@x", { note: "y" }))
    expect(leads.largest).to.deep.equal({ leads: 1, isForCalls: true })
    expect(leads.takeLargest().map(({ lookupValue }) => lookupValue)).to.deep.equal(["a@x"])
    expect(leads.takeFile(nobody).leads.map(({ lookupValue }) => lookupValue)).to.deep.equal(["b@x"])
  })

  it("go by calls with an empty cell", () => {
    const leads = open()
    leads.add(lead(1, "a@x", { city: null }))
    expect(leads.largest).to.deep.equal({ leads: 1, isForCalls: true })
    expect(leads.takeLargest()).to.deep.equal([lead(1, "a@x", { city: null })])
  })

  it("stay while somebody else has them, and keep the order of their rows when they come back", () => {
    const leads = open()
    leads.add(lead(1, "a@x", { city: "Oslo" }))
    leads.add(lead(2, "b@x", { city: "Rome" }))
    const file = leads.takeFile((key) => key === "b@x")
    expect(file.leads.map(({ rows }) => rows)).to.deep.equal([[1]])
    leads.add(lead(3, "a@x", { city: "Bonn" }))
    leads.putBack(file.leads.map((each) => leadOf(each, file.columns)))
    const found = leads.takeAll().find(({ lookupValue }) => lookupValue === "a@x")
    expect(found).to.deep.equal({ lookupValue: "a@x", rows: [1, 3], record: { email: "a@x", city: "Bonn" } })
  })

  it("are never two in one file that Marketo may take for one", () => {
    const leads = open(SIZES, "customerNumber")
    const named = (row: number, value: string): Lead =>
      ({ lookupValue: value, rows: [row], record: { customerNumber: value } })
    leads.add(named(1, "c-1"))
    leads.add(named(2, "C-1"))
    expect(leads.takeFile(nobody).leads.map(({ rows }) => rows)).to.deep.equal([[1]])
    expect(leads.takeFile(nobody).leads.map(({ rows }) => rows)).to.deep.equal([[2]])
  })

  it("lose no row and double none, whatever is taken, held and put back", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), email: fc.integer({ min: 0, max: 6 }),
        city: fc.constantFrom("Oslo", null, undefined) }),
      fc.record({ kind: fc.constantFrom("file" as const, "calls" as const, "back" as const),
        held: fc.integer({ min: 0, max: 6 }) }),
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const leads = open()
      const gone: number[] = []
      let file: Lead[] = []
      let row = 0
      const settle = () => {
        file.forEach(({ rows }) => gone.push(...rows))
        file = []
      }
      for (const each of steps) {
        if (each.kind === "add") {
          leads.add(lead(++row, `p${each.email}@x`, each.city === undefined ? {} : { city: each.city }))
        } else if (each.kind === "calls") {
          leads.takeLargest().forEach(({ rows }) => gone.push(...rows))
        } else if (each.kind === "file") {
          settle()
          if (leads.largest?.isForCalls === false) {
            const taken = leads.takeFile((key) => key === `p${each.held}@x`)
            expect(taken.leads.length).to.be.at.most(SIZES.leads)
            file = taken.leads.map((lead0) => leadOf(lead0, taken.columns))
          }
        } else {
          leads.putBack(file)
          file = []
        }
      }
      settle()
      leads.takeAll().forEach(({ rows }) => gone.push(...rows))
      const all = Array.from({ length: row }, (_each, index) => index + 1)
      expect(gone.sort((one, other) => one - other)).to.deep.equal(all)
      expect([leads.count, leads.largest]).to.deep.equal([0, undefined])
    }), { numRuns: 500 })
  })
})
