import { expect } from "chai"
import { SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { effectOf, hasValue, isEmptyValue } from "../../../../src/actions/marketo/lib/blast_radius/value_effects"

function field(dataType: string): SchemaField {
  return { name: "f", displayName: "F", dataType }
}

describe("effectOf", () => {
  const CASES: [dataType: string, sent: unknown, found: unknown, effect: string][] = [
    ["string", null, "T", "cleared"], ["string", "", "T", "cleared"], ["string", "  ", "T", "cleared"],
    ["string", null, null, "unchanged"], ["string", null, undefined, "unchanged"], ["string", " ", null, "unchanged"],
    ["string", "T", null, "filled"], ["string", "T", undefined, "filled"], ["string", "T", " ", "filled"],
    ["string", "T", "T", "unchanged"], ["string", " T", "T ", "unchanged"], ["string", "t", "T", "changed"],
    ["string", "5", 5, "unchanged"], ["string", "05", 5, "changed"], ["string", "true", true, "unchanged"],
    ["text", "a\r\nb", "a\nb", "unchanged"], ["text", "a\nb", "a b", "changed"],
    ["integer", 5, "5", "unchanged"], ["integer", 5, "5.0", "unchanged"], ["integer", 5, 50, "changed"],
    ["score", 0, 0, "unchanged"], ["score", 0, null, "filled"], ["score", null, 0, "cleared"],
    ["percent", 45, "45", "unchanged"], ["float", 1.5, "1.50", "unchanged"], ["float", 1.5, "many", "changed"],
    ["currency", 34.5, "$34.50", "unchanged"], ["currency", 34.5, 34.51, "changed"],
    ["boolean", true, true, "unchanged"], ["boolean", false, true, "changed"], ["boolean", true, false, "changed"],
    ["boolean", null, true, "cleared"], ["boolean", null, false, "unchanged"], ["boolean", false, null, "unchanged"],
    ["boolean", true, null, "filled"], ["boolean", true, "true", "unchanged"], ["boolean", true, 1, "unchanged"],
    ["date", "2026-08-17", "2026-08-17", "unchanged"], ["date", "2026-08-17", "2026-08-17T00:00:00Z", "unchanged"],
    ["date", "2026-08-17", "2026-08-18", "changed"],
    ["datetime", "2026-08-17T08:15:30Z", "2026-08-17T08:15:30Z", "unchanged"],
    ["datetime", "2026-08-17T08:15:30Z", "2026-08-17T10:15:30+0200", "unchanged"],
    ["datetime", "2026-08-17T08:15:30Z", "2026-08-17T08:15:30.250Z", "unchanged"],
    ["datetime", "2026-08-17T08:15:30Z", "2026-08-17T08:15:31Z", "changed"],
    ["email", "ANA@example.org", "ana@Example.org", "unchanged"], ["email", "ana@example.org", "bo@x.org", "changed"],
    ["new type", "5", 5, "unchanged"], ["new type", "a", "b", "changed"],
  ]

  for (const [dataType, sent, found, effect] of CASES) {
    it(`of ${JSON.stringify(sent)} on ${JSON.stringify(found) ?? "nothing"} is ${effect} for ${dataType}`, () => {
      expect(effectOf(sent, found, field(dataType))).to.equal(effect)
    })
  }

  it("compares as texts when the fields are not known", () => {
    expect(effectOf(5, "5")).to.equal("unchanged")
    expect(effectOf(true, true)).to.equal("unchanged")
    expect(effectOf("A", "B")).to.equal("changed")
  })
})

describe("A value in Marketo", () => {
  it("can be lost unless it is empty, or a box that is not ticked", () => {
    expect([null, undefined, "", " ", false].map(hasValue)).to.deep.equal([false, false, false, false, false])
    expect([0, "0", true, "x"].map(hasValue)).to.deep.equal([true, true, true, true])
  })

  it("is cleared by an empty one, which false and 0 are not", () => {
    expect([null, undefined, "", "\n"].map(isEmptyValue)).to.deep.equal([true, true, true, true])
    expect([false, 0].map(isEmptyValue)).to.deep.equal([false, false])
  })
})
