import { expect } from "chai"
import * as fc from "fast-check"

import { decodedInPlace } from "../../../src/server/body/base64_pieces"
import { Blocks } from "../../../src/server/body/blocks"
import { StringContent } from "../../../src/server/body/string_content"

/** The bytes in pieces, cut where `cuts` says. */
function cut(bytes: Buffer, cuts: number[]): Buffer[] {
  const ends = [...cuts.map((at) => at % (bytes.length + 1)).sort((one, other) => one - other), bytes.length]
  return ends.map((end, index) => Buffer.from(bytes.subarray(index === 0 ? 0 : ends[index - 1], end)))
}

const cuts = fc.array(fc.nat(), { maxLength: 20 })

describe("StringContent", () => {
  function decoded(content: Buffer, where: number[]): Buffer {
    const string = new StringContent()
    return Buffer.concat([...cut(content, where).map((piece) => string.write(piece)), string.end()])
  }

  it("gives the text of any JSON string, wherever its bytes are cut", () => {
    const escaped = fc.string({ unit: "binary" }).map((text) => Array.from(text, (character) =>
      character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")).join(""))
    const plain = fc.string({ unit: "binary" }).map((text) => JSON.stringify(text).slice(1, -1))
    const content = fc.array(fc.oneof(plain, escaped,
      fc.constantFrom("\\\\", "\\\"", "\\ud83d", "\\ude00", "\\\\\\ud83d", "😀", "é", "\\/", "\\n")))
      .map((parts) => parts.join(""))
    fc.assert(fc.property(content, cuts, (text, where) => {
      expect(decoded(Buffer.from(text), where).toString("hex"))
        .to.equal(Buffer.from(JSON.parse(`"${text}"`) as string).toString("hex"))
    }), { numRuns: 1000 })
  })

  it("refuses what JSON.parse refuses, without a word of it", () => {
    for (const text of ["\\x", "\\u12g4", "\\u12", "\\", "a\nb", "\u0000", "\\ud83d\\"]) {
      for (let at = 0; at <= text.length; at++) {
        expect(() => decoded(Buffer.from(`jane${text}`), [at]), text).to.throw(SyntaxError, /^A text in the body/)
      }
    }
  })
})

describe("decodedInPlace", () => {
  it("gives what Buffer.from gives for the whole text", () => {
    const base64 = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("base64"))
    const text = fc.array(fc.oneof(base64, base64.map((line) => line.replace(/=/g, "")),
      fc.constantFrom("\n", "\r\n", " ", "=", "==", "-_", "!", "A", "\u00e9"))).map((parts) => parts.join(""))
    fc.assert(fc.property(text, cuts, (sent, where) => {
      const pieces = cut(Buffer.from(sent, "latin1"), where)
      expect(Buffer.concat([...decodedInPlace(pieces)]).toString("hex"))
        .to.equal(Buffer.from(sent, "base64").toString("hex"))
    }), { numRuns: 1000 })
  })

  it("needs no memory for the bytes beside that of the text", () => {
    const piece = Buffer.alloc(4000, "QUJD")
    const [bytes] = decodedInPlace([piece])
    expect(bytes.buffer).to.equal(piece.buffer)
  })
})

describe("Blocks", () => {
  it("keep all bytes in order, in blocks of at most 1 MiB", () => {
    const blocks = new Blocks()
    const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251))
    for (let at = 0; at < sent.length; at += 77_777) {
      blocks.append(sent.subarray(at, at + 77_777))
    }
    expect(blocks.length).to.equal(sent.length)
    const pieces = blocks.take()
    expect(Buffer.concat(pieces).equals(sent)).to.equal(true)
    expect(Math.max(...pieces.map(({ length }) => length))).to.equal(1024 * 1024)
    expect(blocks.length).to.equal(0)
    expect(blocks.take()).to.deep.equal([])
  })
})
