import { expect } from "chai"
import * as fc from "fast-check"
import { formatDelimited, parseDelimited } from "../../../../sandbox/marketo/instance/delimited_text"

describe("Marketo sandbox: delimited text", () => {
  it("reads back any table it has written", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "\"", ",", ";", "\t", "\n", " ") })
    fc.assert(fc.property(fc.array(fc.tuple(fc.constant("x"), cell, cell), { minLength: 1 }),
      fc.constantFrom("csv" as const, "tsv" as const, "ssv" as const), (rows, format) => {
        expect(parseDelimited(formatDelimited(rows, format), format)).to.deep.equal(rows)
      }))
  })
})
