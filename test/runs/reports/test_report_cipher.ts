import { expect } from "chai"
import * as fc from "fast-check"
import { newReportKey, openReport, ReportSealer } from "../../../src/runs/reports/report_cipher"

const ID = "0mwxhhp62-38dv049l"

async function opened(id: string, key: string, bytes: Buffer, pieceBytes = bytes.length || 1) {
  async function* pieces() {
    for (let begin = 0; begin < bytes.length; begin += pieceBytes) {
      yield bytes.subarray(begin, begin + pieceBytes)
    }
  }
  const found = []
  for await (const piece of openReport(id, key, pieces())) {
    found.push(piece)
  }
  return found
}

function sealed(key: string, texts: string[], id = ID): Buffer[] {
  const sealer = new ReportSealer(id, key)
  return texts.map((text, index) => sealer.seal(text, index === texts.length - 1))
}

describe("The cipher of row reports", () => {
  it("gives back any texts, however the bytes are cut", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme", maxLength: 200 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 300 }),
      async (texts, pieceBytes) => {
        const key = newReportKey()
        const found = await opened(ID, key, Buffer.concat(sealed(key, texts)), pieceBytes)
        expect(found).to.deep.equal(texts.map((text) => ({ kind: "text", text })))
      }), { numRuns: 100 })
  })

  it("has keys of 256 bits, no two alike", () => {
    const keys = Array.from({ length: 100 }, newReportKey)
    expect(new Set(keys).size).to.equal(100)
    expect(Buffer.from(keys[0], "base64url")).to.have.lengthOf(32)
  })

  it("hides the text, and opens nothing with another key or under another id", async () => {
    const key = newReportKey()
    const bytes = Buffer.concat(sealed(key, ["canary@example.com"]))
    expect(bytes.includes("canary")).to.equal(false)
    expect(await opened(ID, newReportKey(), bytes)).to.deep.equal([{ kind: "damaged" }])
    expect(await opened("0mwxhhp62-38dv049m", key, bytes)).to.deep.equal([{ kind: "damaged" }])
  })

  it("tells a report whose end is missing from a whole one, wherever it is cut", async () => {
    const key = newReportKey()
    const bytes = Buffer.concat(sealed(key, ["one", "two", "three"]))
    for (let length = 0; length < bytes.length; length++) {
      const found = await opened(ID, key, bytes.subarray(0, length))
      expect(found[found.length - 1], `cut to ${length}`).to.deep.equal({ kind: "unfinished" })
    }
  })

  it("notices blocks that are left out, moved or taken for the last one", async () => {
    const key = newReportKey()
    const [one, two, three] = sealed(key, ["one", "two", "three"])
    const asLast = Buffer.from(one)
    asLast[4] = 1
    for (const blocks of [[one, three], [two, one, three], [asLast]]) {
      const found = await opened(ID, key, Buffer.concat(blocks))
      expect(found[found.length - 1]).to.deep.equal({ kind: "damaged" })
    }
  })

  it("notices any change of a byte", async () => {
    const key = newReportKey()
    const bytes = Buffer.concat(sealed(key, ["one text"]))
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] ^= 1
      expect((await opened(ID, key, changed)).map(({ kind }) => kind), `byte ${at}`).not.to.deep.equal(["text"])
    }
  })
})
