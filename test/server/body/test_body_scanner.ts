import { expect } from "chai"
import * as fc from "fast-check"

import { BodyScanner } from "../../../src/server/body/body_scanner"
import { RefusedPart } from "../../../src/server/refused_request"

/** Scans bytes that are cut where `cuts` says. */
function scanned(bytes: Buffer, cuts: number[] = []): { json: string, data?: { kind: string, text: string } } {
  const scanner = new BodyScanner()
  let begin = 0
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length]) {
    scanner.scan(bytes.subarray(begin, end))
    begin = end
  }
  const { json, data } = scanner.end()
  return data === undefined ? { json: json.toString() } :
    { json: json.toString(), data: { kind: data.kind, text: Buffer.concat(data.pieces).toString() } }
}

/** The refusal, and how many bytes were looked at before it. */
function refusalOf(write: (scan: (text: string) => void) => void): { message: string, bytes: number } {
  const scanner = new BodyScanner()
  let bytes = 0
  try {
    write((text) => {
      bytes += text.length
      scanner.scan(Buffer.from(text))
    })
  } catch (error) {
    expect(error).to.be.instanceOf(RefusedPart)
    return { message: (error as Error).message, bytes }
  }
  throw new Error("nothing was refused")
}

describe("BodyScanner", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 12 })

  it("takes the attachment's data out of any body, wherever the bytes are cut, and leaves the rest as it is", () => {
    const text = fc.string({ unit: "binary" })
    const data = fc.oneof(text, text.map((inner) => JSON.stringify(inner)), fc.array(fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(null, 0, true))
    const body = fc.record({
      type: fc.string(), data: fc.jsonValue(),
      attachment: fc.record({ mimetype: text, data, extra: fc.jsonValue() }, { requiredKeys: ["data"] }),
      form_params: fc.dictionary(fc.constantFrom("attachment", "data", "x"), fc.jsonValue()),
    }, { requiredKeys: ["attachment"] })
    fc.assert(fc.property(body, cuts, fc.constantFrom(undefined, 2), (sent, where, indent) => {
      const { json, data: found } = scanned(Buffer.from(JSON.stringify(sent, undefined, indent)), where)
      const original = sent.attachment.data
      const isSetAside = typeof original === "string" || (typeof original === "object" && original !== null)
      const rest = { ...sent, attachment: { ...sent.attachment, data: isSetAside ? null : original } }
      expect(JSON.parse(json)).to.deep.equal(JSON.parse(JSON.stringify(rest)))
      if (typeof original === "string") {
        expect(found).to.deep.equal({ kind: "text", text: Buffer.from(original).toString() })
      } else if (isSetAside) {
        expect(JSON.parse(found?.text ?? "")).to.deep.equal(JSON.parse(JSON.stringify(original)))
      } else {
        expect(found).to.equal(undefined)
      }
    }), { numRuns: 300 })
  })

  it("accepts of any text around attachment data what JSON.parse accepts", () => {
    const piece = fc.constantFrom("{", "}", "[", "]", "\"", ":", ",", "\\", "\"attachment\"", "\"data\"", "\"x\"", "1",
      " ", "null", "{\"attachment\":{\"data\":\"", "{\"attachment\":{\"data\":[", "\\u00", "\\u0061", "\n", "é")
    const whole = "{\"type\":\"query\", \"attachment\": {\"data\" : [{\"a\":\"\\u00e9,\"}], \"b\":1}, " +
      "\"data\":{\"data\":\"x\"}}"
    const originals = fc.constantFrom(whole, whole.replace(/\[.*\]/, "\"a\\n\\\\\""))
    const damaged = fc.tuple(originals, fc.nat(whole.length), fc.nat(2), piece)
      .map(([text, at, removed, added]) => text.slice(0, at) + (removed === 2 ? "" : added) + text.slice(at + removed))
    const garbled = fc.oneof(fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")), damaged)
    fc.assert(fc.property(garbled, cuts, (text, where) => {
      const parses = (json: string) => {
        try {
          JSON.parse(json)
          return true
        } catch {
          return false
        }
      }
      const accepts = () => {
        try {
          const { json, data } = scanned(Buffer.from(text), where)
          return parses(json) && (data?.kind !== "json" || parses(data.text))
        } catch (error) {
          // Of two members with one name JSON.parse takes the last; these are refused.
          return error instanceof RefusedPart && error.message.includes("twice") && parses(text)
        }
      }
      expect(accepts(), text).to.equal(parses(text))
    }), { numRuns: 3000 })
  })

  it("knows keys that are written with escapes", () => {
    const { json, data } = scanned(Buffer.from("{\"attach\\u006dent\":{\"\\u0064ata\":\"a\\nb\"}}"))
    expect(JSON.parse(json)).to.deep.equal({ attachment: { data: null } })
    expect(data).to.deep.equal({ kind: "text", text: "a\nb" })
  })

  it("refuses nesting at the first level too many, by the name of the part", () => {
    for (const bracket of ["[", "{\"a\":"]) {
      const { message, bytes } = refusalOf((scan) => {
        scan("{\"type\":\"query\",\"form_params\":")
        for (let level = 0; level < 1e6; level++) {
          scan(bracket)
        }
      })
      expect(message).to.equal("The request's \"form_params\" is nested more than 100 levels deep.")
      expect(bytes).to.be.lessThan(1000)
    }
  })

  it("takes nesting of a hundred levels", () => {
    expect(() => scanned(Buffer.from("[".repeat(100) + "]".repeat(100)))).not.to.throw()
    expect(() => scanned(Buffer.from("[".repeat(101) + "]".repeat(101)))).to.throw(/^The request is nested/)
  })

  it("refuses members beyond 100,000, before the rest of them is there", () => {
    const { message, bytes } = refusalOf((scan) => {
      scan("{\"scheduled_plan\":{\"query\":[")
      for (let count = 0; count < 1e6; count++) {
        scan("0,")
      }
    })
    expect(message).to.match(/^The request's "scheduled_plan" has too much in it: .* 100000 members and elements\.$/)
    expect(bytes).to.be.lessThan(210_000)
  })

  it("counts no members of data, and no brackets in texts", () => {
    const rows = Array.from({ length: 120_000 }, (_, row) => row)
    expect(scanned(Buffer.from(JSON.stringify({ attachment: { data: rows } }))).data?.kind).to.equal("json")
    expect(() => scanned(Buffer.from(JSON.stringify({ data: "[{,".repeat(200_000) })))).not.to.throw()
  })

  it("refuses more bytes than settings can have", () => {
    const { message } = refusalOf((scan) => {
      scan("{\"data\":{\"a\":\"")
      for (let megabytes = 0; megabytes < 20; megabytes++) {
        scan("x".repeat(1024 * 1024))
      }
    })
    expect(message).to.match(/^The request's "data" is too large: .* 16 MB\.$/)
  })

  it("repeats no name that is not one of the parts", () => {
    const { message } = refusalOf((scan) => scan(`{"jo@example.com":${"[".repeat(200)}`))
    expect(message).to.match(/^The request is nested/)
  })

  it("refuses an attachment, or its data, that is there twice", () => {
    const data = "\"data\":\"a\""
    for (const body of [`{"attachment":{${data}},"attachment":1}`, `{"attachment":{${data},"data":1}}`]) {
      expect(() => scanned(Buffer.from(body))).to.throw(RefusedPart, / twice\.$/)
    }
  })
})
