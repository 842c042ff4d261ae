import { expect } from "chai"
import * as fc from "fast-check"
import { readJsonDetail } from "../../../src/hub/stream/json_reader"
import { isSameNumber, NUMBER_LITERAL } from "../../support/decimals"
import { cutInto, pieces } from "./documents"

interface ReadCell {
  value: unknown
  source?: unknown
}

const FIELDS = "\"fields\":{\"dimensions\":[{\"name\":\"t.n\"}]}"

interface ReadRow {
  [field: string]: ReadCell
}

async function rowsOf(document: string, cuts: number[] = [], keepNumberTexts = true): Promise<ReadRow[]> {
  const rows: ReadRow[] = []
  await readJsonDetail(cutInto(document, cuts), {
    onFields: () => undefined,
    onRow: (row: ReadRow) => { rows.push(row) },
    keepNumberTexts,
  }, { waitingRowsBytes: 1e6 })
  return rows
}

const literals = fc.stringMatching(NUMBER_LITERAL)

const texts = fc.oneof(
  fc.string(), fc.constantFrom("\"value\":12345678901234567", "\\\"value\":1e400", "id 12345678901234567890", "9e123",
    "{\"value\": 12345678901234567 }", "value\":1e999"))

describe("the texts of numbers in a result", () => {
  it("keep what JSON.parse loses, out of sight", async () => {
    const [first, second] = await rowsOf(
      `{${FIELDS},"data":[{"t.n":{"value":9007199254740993}},{"t.n":{ "value" : 9007199254740992 }}]}`)
    expect([first["t.n"].source, second["t.n"].source]).to.deep.equal(["9007199254740993", undefined])
    expect(first["t.n"]).to.deep.equal({ value: 9007199254740992 })
    expect(JSON.stringify(first)).to.equal("{\"t.n\":{\"value\":9007199254740992}}")
    expect({ ...first["t.n"] }).not.to.have.property("source")
    expect(structuredClone(first)).to.deep.equal({ "t.n": { value: 9007199254740992 } })
  })

  it("are there for every number that JavaScript does not hold, and nothing else differs from JSON.parse", async () => {
    const cell = fc.record({
      value: fc.oneof(literals.map((text) => ({ number: text })), texts.map((text) => ({ text }))),
      rendered: texts,
    })
    const written = ({ value, rendered }: { value: { number: string } | { text: string }, rendered: string }) =>
      `{"rendered":${JSON.stringify(rendered)},` +
        `"value":${"number" in value ? value.number : JSON.stringify(value.text)}}`
    await fc.assert(fc.asyncProperty(
      fc.array(fc.dictionary(fc.oneof(fc.constantFrom("value", "a\"value", "t.n", "7"), fc.string()), cell,
        { maxKeys: 5 }), { maxLength: 6 }),
      fc.constantFrom("list", "object", "rows first"), pieces(),
      async (rows, kind, cuts) => {
        const rowTexts = rows.map((row) => `{${Object.entries(row)
          .map(([name, value]) => `${JSON.stringify(name)}:${written(value)}`).join(",")}}`)
        const data = kind === "object" ?
          `{${rowTexts.map((text, index) => `"row ${index}":${text}`).join(",")}}` : `[${rowTexts.join(",")}]`
        const document = kind === "rows first" ? `{"data":${data},${FIELDS}}` : `{${FIELDS},"data":${data}}`
        const read = await rowsOf(document, cuts)
        expect(JSON.stringify(read)).to.equal(JSON.stringify(rowTexts.map((text) => JSON.parse(text) as unknown)))
        rows.forEach((row, index) => {
          for (const [name, { value }] of Object.entries(row)) {
            const { source, value: parsed } = read[index][name]
            if (!("number" in value)) {
              expect(source).to.equal(undefined)
            } else if (source === undefined) {
              expect(isSameNumber(String(parsed), value.number), value.number).to.equal(true)
            } else {
              expect(source).to.equal(value.number)
            }
          }
        })
      },
    ), { numRuns: 500 })
  })

  it("are not kept unless that is asked for", async () => {
    const [row] = await rowsOf(`{${FIELDS},"data":[{"t.n":{"value":9007199254740993}}]}`, [], false)
    expect(Object.getOwnPropertyNames(row["t.n"])).to.deep.equal(["value"])
  })

  it("are kept in the cells of a pivot, and not where a cell has a member of that name", async () => {
    const [row] = await rowsOf(`{${FIELDS},"data":[{"t.n":{"a|b":{"value":12345678901234567890}},` +
      "\"t.m\":{\"value\":12345678901234567890,\"source\":\"table\"},\"t.l\":{\"value\":[12345678901234567890]}}]}")
    expect((row["t.n"] as unknown as { [key: string]: ReadCell })["a|b"].source).to.equal("12345678901234567890")
    expect(row["t.m"]).to.deep.equal({ value: Number("12345678901234567890"), source: "table" })
  })
})
