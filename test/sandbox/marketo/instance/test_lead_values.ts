import { expect } from "chai"
import * as fc from "fast-check"
import { DataType, FieldDefinition } from "../../../../sandbox/marketo"
import { badValueMessage, checkValue } from "../../../../sandbox/marketo/instance/lead_values"
import { knobsFrom } from "../../../../sandbox/marketo/setup/options"

const knobs = knobsFrom({})

function check(dataType: DataType, sent: unknown, more: Partial<FieldDefinition> = {}, options = knobs) {
  const checked = checkValue({ restName: "f", displayName: "F", dataType, custom: true, ...more }, sent, options)
  return checked.kind === "bad" ? "bad" : checked.value
}

describe("Marketo sandbox: values by data type", () => {
  const cases: [DataType, unknown[], unknown[], unknown[]][] = [
    // type, sent, kept, refused
    ["string", ["x", " ", 7, true], ["x", " ", "7", "true"], [{}, ["a"], "x".repeat(256)]],
    ["text", ["ü".repeat(15_000)], ["ü".repeat(15_000)], ["ü".repeat(15_001)]],
    ["email", ["a@b.co"], ["a@b.co"], ["bademail", "a b@c.de", "ä@b.co"]],
    ["integer", [14, "14", "-3"], [14, 14, -3], [14.1, "14.1", "1e3", "x", true, 1e20]],
    ["score", [5], [5], [5.5]],
    ["percent", [20, "20"], [20, 20], ["100%", 1.5, -1]],
    ["float", [1.5, "1.5", "-.5", "1e3"], [1.5, 1.5, -0.5, 1000], ["14c", "1,5", true]],
    ["currency", [34.66], [34.66], ["$10"]],
    ["boolean", [true, "TRUE", 1, "0", "false"], [true, true, true, false, false], ["other", 2, "yes"]],
    ["date", ["2026-02-28"], ["2026-02-28"], ["2026-02-30", "28.02.2026", "2026-2-8", 20260228]],
    ["datetime", ["2026-08-17T10:15:30Z", "2026-08-17T10:15:30.123+02:00", "2026-08-17T10:15:30", "2026-08-17 10:15"],
      ["2026-08-17T10:15:30Z", "2026-08-17T08:15:30Z", "2026-08-17T10:15:30Z", "2026-08-17T10:15:00Z"],
      ["yesterday", "2026-08-17", "2026-08-17T25:00:00Z", 5]],
    ["reference", ["001A", 7], ["001A", "7"], [{}, "x".repeat(256)]],
    ["formula", [], [], ["x"]],
  ]
  for (const [dataType, sent, kept, refused] of cases) {
    it(`takes and refuses ${dataType} values`, () => {
      expect(sent.map((value) => check(dataType, value))).to.deep.equal(kept)
      expect(refused.map((value) => check(dataType, value)), "refused").to.deep.equal(refused.map(() => "bad"))
    })
  }

  it("takes a main e-mail that is ASCII without blanks, well-formed or not", () => {
    const main = (text: string) => check("email", text, { custom: false })
    expect([main("bademail"), main("ä@b.co"), main("a b@c.de")]).to.deep.equal(["bademail", "bad", "bad"])
  })

  it("clears with null and with an empty text; a boolean becomes false", () => {
    expect([check("integer", null), check("string", ""), check("boolean", null)]).to.deep.equal([null, null, false])
  })

  it("cuts overlong text when told to", () => {
    expect(check("string", "abcdef", { length: 3 }, knobsFrom({ overlongText: "truncate" }))).to.equal("abc")
    expect(check("string", "abcdef", { length: 3 })).to.equal("bad")
  })

  it("words a refusal with the value as sent, or in the older way without", () => {
    expect(badValueMessage("leadScore", 14.1, knobs)).to.equal("Invalid value for field 'leadScore' and value '14.1'")
    expect(badValueMessage("leadScore", 14.1, knobsFrom({ badValueWording: "withoutValue" })))
      .to.equal("Invalid value for field 'leadScore'")
  })

  it("keeps any valid moment as the same moment in UTC, without milliseconds", () => {
    fc.assert(fc.property(fc.date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
      (date) => {
        const kept = check("datetime", date.toISOString())
        expect(Date.parse(String(kept))).to.equal(Math.floor(date.getTime() / 1000) * 1000)
      }))
  })

  it("keeps only integers in integer fields, whatever is sent", () => {
    fc.assert(fc.property(fc.anything(), (sent) => {
      const kept = check("integer", sent)
      expect(kept === "bad" || kept === null || Number.isInteger(kept)).to.equal(true)
    }))
  })
})
