import { expect } from "chai"
import * as fc from "fast-check"

import { readJsonDetail, readJsonRows } from "../../../src/hub/stream/json_reader"
import { excessOf } from "../../../src/hub/stream/value_limits"
import { cutInto, rejectionOf } from "./documents"

const nested = (levels: number, [open, close]: string[]) => open.repeat(levels) + "1" + close.repeat(levels)
const BRACKETS = [["[", "]"], ["{\"a\":", "}"]]

describe("The limits of a result's values", () => {
  it("let pass what Looker makes: any row, and texts full of brackets", () => {
    fc.assert(fc.property(fc.array(fc.jsonValue({ maxDepth: 5 })), fc.nat(5), (rows, before) => {
      const bytes = Buffer.from(" ".repeat(before) + JSON.stringify(rows).slice(1, -1))
      expect(excessOf(bytes, before, bytes.length - before, true)).to.equal(undefined)
    }))
    const text = Buffer.from(JSON.stringify(`${"[".repeat(500)}\\"${",".repeat(2_000_000)}`))
    expect(excessOf(text, 0, text.length, true)).to.equal(undefined)
  })

  for (const brackets of BRACKETS) {
    it(`refuse a row of more than 100 levels of ${brackets[0]}, after the rows before it`, async () => {
      const whole = "{\"a\":1}"
      for (const [levels, isRefused] of [[100, false], [101, true], [1_000_000, true]] as const) {
        const rows: unknown[] = []
        const error = await rejectionOf(
          readJsonRows(cutInto(`[${whole},${nested(levels, brackets)}]`, [9]), (row) => { rows.push(row) }))
        expect(rows.length).to.equal(isRefused ? 1 : 2)
        expect(error === undefined).to.equal(!isRefused)
        if (isRefused) {
          expect((error as Error).message).to.include("a value that is nested more than 100 levels deep")
        }
      }
    })
  }

  it("hold for rows that were guessed to end where others did, and for fields", async () => {
    const row = "{\"a\":{\"value\":1}}"
    const deep = `{"a":{"value":${nested(150, BRACKETS[0])}}}`
    const many = Array.from({ length: 500 }, () => row).join()
    const documents = [
      `{"fields":{},"data":[${many},${deep},${many}]}`, `{"fields":${nested(101, BRACKETS[1])},"data":[]}`,
    ]
    for (const document of documents) {
      const error = await rejectionOf(readJsonDetail(cutInto(document), { onRow: () => undefined }))
      expect((error as Error).message).to.include("nested more than 100 levels deep")
    }
  })

  it("refuse a row of more than a million members", async () => {
    const members = "0,".repeat(1_000_000)
    const error = await rejectionOf(readJsonRows(cutInto(`[[${members}0]]`), () => undefined))
    expect((error as Error).message).to.include("a row of more than 1000000 members")
    const rows: unknown[] = []
    await readJsonRows(cutInto(`[${"0,".repeat(1_100_000)}0]`), (row) => { rows.push(row) })
    expect(rows).to.have.length(1_100_001)
  })
})
