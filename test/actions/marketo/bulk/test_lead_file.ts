import { expect } from "chai"
import * as fc from "fast-check"
import { Cell, cellsOf } from "../../../../src/actions/marketo/lib/bulk/csv_cells"
import { LeadFile } from "../../../../src/actions/marketo/lib/bulk/lead_file"
import { readReasons } from "../../../../src/actions/marketo/lib/bulk/reason_file"

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text)), fc.integer(), fc.boolean(),
  fc.constantFrom("a,b", "\"", "\r\n", "=1+1", "Zoë", "𝒳\u0301", "\t", "x\u0000y", " padded "))

async function bytesOf(file: LeadFile): Promise<{ text: string, announced: number, sent: number }> {
  const form = await file.asForm()
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    form.open().on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", resolve).on("error", reject)
  })
  const whole = Buffer.concat(chunks)
  return { text: whole.toString(), announced: form.bytes, sent: whole.length }
}

describe("a file of leads", () => {
  it("announces its length in bytes, whatever the cells have", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 30 }),
      async (rows) => {
        const leads = rows.map((cells) => ({ lookupValue: "x", rows: [1], cells: JSON.stringify(cells) }))
        const { announced, sent } = await bytesOf(new LeadFile(["email", "city"], leads))
        expect(sent).to.equal(announced)
      }), { numRuns: 100 })
  })

  it("comes back from Marketo cell by cell, as a failure file", async () => {
    const filled = cell.filter((value) => String(value) !== "")
    await fc.assert(fc.asyncProperty(fc.array(filled, { minLength: 1, maxLength: 20 }),
      async (values) => {
        const leads = values.map((value) =>
          ({ lookupValue: String(value), rows: [1], cells: JSON.stringify([value, "why, \"not\""]) }))
        const { text } = await bytesOf(new LeadFile(["email", "Import Failure Reason"], leads))
        const csv = text.slice(text.indexOf("\r\n\r\n") + 4, text.lastIndexOf("\r\n--"))
        expect(await readReasons(csv, "email"))
          .to.deep.equal(values.map((value) => ({ lookupValue: String(value), reason: "why, \"not\"" })))
      }), { numRuns: 100 })
  })

  it("can be opened again for a repetition, until its values are forgotten", async () => {
    const leads = [{ lookupValue: "a", rows: [1], cells: "[\"a\",1]" }]
    const file = new LeadFile(["email", "score"], leads)
    expect((await bytesOf(file)).text).to.contain("email,score\na,1\n")
    expect((await bytesOf(file)).text).to.contain("email,score\na,1\n")
    file.forgetCells()
    expect(leads[0].cells).to.equal("")
  })

  it("has no cell whose meaning is not certain", () => {
    for (const value of [null, undefined, "", "  ", "NULL", " null ", NaN, Infinity, [], {}]) {
      expect(cellsOf({ email: "a", city: value }, ["email", "city"]), JSON.stringify(value)).to.equal(undefined)
    }
    expect(cellsOf({ email: "a", city: "nullable", isNew: false, score: 0 }, ["email", "city", "isNew", "score"]))
      .to.deep.equal(["a", "nullable", false, 0])
  })
})

describe("a failure file", () => {
  it("is read by the names in its header, with columns missing", async () => {
    expect(await readReasons("\uFEFFImport Failure Reason,email\nno,a@x\n", "email"))
      .to.deep.equal([{ lookupValue: "a@x", reason: "no" }])
    expect(await readReasons("city,import warning reason \nOslo,odd\n\n", "email"))
      .to.deep.equal([{ lookupValue: "", reason: "odd" }])
  })

  it("is of any length", async () => {
    const rows = Array.from({ length: 20000 }, (_each, index) => `p${index}@example.org,"reason, ${index}"`)
    const read = await readReasons(`email,Import Failure Reason\n${rows.join("\n")}`, "email")
    expect(read).to.have.length(20000)
    expect(read[19999]).to.deep.equal({ lookupValue: "p19999@example.org", reason: "reason, 19999" })
  })

  for (const text of ["", "<html>no</html>", "email,city\na,b\n"]) {
    it(`is refused if it is ${JSON.stringify(text)}`, async () => {
      const failure = await readReasons(text, "email").catch((reason: Error) => reason)
      expect(failure).to.be.instanceOf(Error)
    })
  }
})
