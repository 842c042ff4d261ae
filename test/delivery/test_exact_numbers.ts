import { expect } from "chai"
import * as fc from "fast-check"
import { CellProblem, FieldMapping } from "../../src/actions/marketo/lib/columns/field_mapping"
import { converterFor } from "../../src/actions/marketo/lib/columns/lead_values"
import { LeadSchema } from "../../src/actions/marketo/lib/api/types"
import { isSameDecimal, withoutExponent } from "../../src/actions/marketo/lib/columns/value_types/decimal"
import { heldNumber, InexactNumber } from "../../src/actions/marketo/lib/columns/value_types/inexact_number"
import { TimeZone } from "../../src/actions/marketo/lib/columns/value_types/time_zone"
import { ValueProblem } from "../../src/actions/marketo/lib/columns/value_types/value_problem"
import * as Hub from "../../src/hub"
import { isSameNumber, NUMBER_LITERAL } from "../support/decimals"

const TEXT_TYPES = ["string", "phone", "url", "text", "email"]
const TYPES = [
  ...TEXT_TYPES, "integer", "score", "reference", "percent", "float", "currency", "boolean", "date", "datetime", "new",
]
const FIELDS = TYPES.map((dataType) => ({ name: dataType, displayName: dataType, dataType, length: 2000 }))
const SCHEMA: LeadSchema = { searchableFields: FIELDS.map(({ name }) => [name]), fields: FIELDS }

const literals = fc.oneof(
  fc.stringMatching(NUMBER_LITERAL),
  fc.constantFrom("9007199254740993", "9007199254740992", "-9007199254740993", "1e400", "-1e400", "1e-400", "-0",
    "0.1000000000000000055511151231257827", "12345678901234567890.10", "1e21", "1E16", "100000000000000000001",
    "0.30000000000000004", "33.3333333333333333", "1.00000000000000000001", "14.0000000000000000",
    "2026.00000000000001", "5e-324", "1.7976931348623159e308", "0e999", "123456789012345678e-17"),
  fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
)

interface Outcome {
  record: { [name: string]: unknown }
  problems: CellProblem[]
}

/** What would be sent for a number in a result with one column, that feeds fields of these names. */
async function outcomeOf(literal: string, names: string[], schema?: LeadSchema): Promise<Outcome> {
  const request = new Hub.ActionRequest()
  const tags = names.map((name) => `marketo:${name}`)
  request.attachment = { dataBuffer: Buffer.from(
    `{"fields":{"dimensions":[{"name":"t.n","tags":${JSON.stringify(tags)}}]},"data":[{"t.n":{"value":${literal}}}]}`) }
  let outcome: Outcome | undefined
  let mapping: FieldMapping | undefined
  await request.streamJsonDetail({
    onFields: (fields) => {
      mapping = FieldMapping.fromFields(fields, {
        lookupField: names[0], emptyCells: "clear", longText: "cut", schema,
        areNumberTextsKept: request.canKeepNumberTexts,
      })
    },
    onRow: (row) => {
      const problems: CellProblem[] = []
      outcome = { record: mapping?.recordOf(row, problems) ?? {}, problems }
    },
    keepNumberTexts: true,
  })
  if (outcome === undefined) {
    throw new Error("There was no row")
  }
  return outcome
}

/** A value as the JSON of a request to Marketo has it, as a decimal number. */
function sentNumber(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

describe("numbers of a result on their way to Marketo", () => {
  it("are the very same for a field of any type and as any lookup value, or a problem", async () => {
    let sent = 0
    let reported = 0
    await fc.assert(fc.asyncProperty(literals, fc.shuffledSubarray(TYPES, { minLength: 2 }), async (literal, names) => {
      const { record, problems } = await outcomeOf(literal, names, SCHEMA)
      expect(Object.keys(record).length + problems.length).to.equal(names.length)
      for (const name of Object.keys(record)) {
        if (name !== "boolean" && name !== "date") {
          expect(isSameNumber(sentNumber(record[name]), literal), `${literal} as ${name}`).to.equal(true)
        } else if (name === "boolean") {
          expect(isSameNumber(literal, record.boolean === true ? "1" : "0"), literal).to.equal(true)
        } else {
          expect(isSameNumber(literal, String(record.date).slice(0, 4)), literal).to.equal(true)
        }
        sent++
      }
      reported += problems.length
      for (const name of names.filter((each) => TEXT_TYPES.includes(each) && each !== "email")) {
        expect(record, literal).to.have.property(name).that.is.a("string").and.not.matches(/e/i)
      }
    }), { numRuns: 700 })
    expect(sent).to.be.above(1000)
    expect(reported).to.be.above(1000)
  })

  it("are the very same without a schema, and never a JSON null", async () => {
    await fc.assert(fc.asyncProperty(literals, async (literal) => {
      const { record, problems } = await outcomeOf(literal, ["customerNumber", "score"])
      expect(problems).to.deep.equal([])
      expect(isSameNumber(sentNumber(record.customerNumber), literal), literal).to.equal(true)
      expect(record.score).to.equal(record.customerNumber)
    }), { numRuns: 300 })
  })

  it("keep the digits as the result writes them, where the field takes text", async () => {
    const { record } = await outcomeOf("12345678901234567890.10", ["string", "text"], SCHEMA)
    expect(record).to.deep.equal({ string: "12345678901234567890.10", text: "12345678901234567890.10" })
    expect((await outcomeOf("1.0E21", ["string"], SCHEMA)).record.string).to.equal("1000000000000000000000")
    expect((await outcomeOf("1e-7", ["string"], SCHEMA)).record.string).to.equal("0.0000001")
  })

  it("go out as ever when nothing is lost", async () => {
    const { record } = await outcomeOf("14.0", ["string", "integer", "float", "score"], SCHEMA)
    expect(record).to.deep.equal({ string: "14", integer: 14, float: 14, score: 14 })
    expect((await outcomeOf("0.30000000000000004", ["float"], SCHEMA)).record.float).to.equal(0.1 + 0.2)
  })

  it("are told apart by what is wrong with them", async () => {
    const reasonOf = async (literal: string, name: string) =>
      (await outcomeOf(literal, ["string", name], SCHEMA)).problems[0].reason
    expect(await reasonOf("9007199254740993", "integer"))
      .to.equal("Column t.n: number is too large to be sent exactly for integer")
    expect(await reasonOf("33.3333333333333333", "float"))
      .to.equal("Column t.n: number has more digits than can be sent exactly for float")
    expect(await reasonOf("1e99999", "string"))
      .to.equal("Column t.n: number has too many digits to be written out for string")
  })

  it("are never cut for a short field of text", () => {
    const convert = converterFor(
      { name: "s", displayName: "S", dataType: "string", length: 5 }, { zone: TimeZone.utc, isCut: true })
    for (const value of [1234567, new InexactNumber(Number("12345678901234567890"), "12345678901234567890")]) {
      expect(convert(value)).to.be.instanceOf(ValueProblem).with.property("wording", "is longer than 5 characters")
    }
    expect(convert("1234567")).to.equal("12345")
  })

  it("are no guess on a hub that does not keep their texts", () => {
    fc.assert(fc.property(literals, (literal) => {
      const value = JSON.parse(literal) as number
      const held = heldNumber(value, undefined, false)
      const maybeLost = !Number.isFinite(value) || Number.isInteger(value) && !Number.isSafeInteger(value) ||
        !Number.isInteger(value) && String(value).replace(/e.*|\D/g, "").replace(/^0+/, "").length > 15
      expect(held instanceof InexactNumber, literal).to.equal(maybeLost)
      if (held instanceof InexactNumber) {
        for (const field of FIELDS) {
          expect(converterFor(field, { zone: TimeZone.utc, isCut: true })(held)).to.be.instanceOf(ValueProblem)
        }
      }
    }))
  })

  it("are not believed when the document has a member in the place of the text", () => {
    expect(heldNumber(Number("9007199254740993"), "a table", true)).to.be.instanceOf(InexactNumber)
    expect(heldNumber(7, "a table", true)).to.equal(7)
  })

  it("as text are sent as numbers only if they are the same", () => {
    const types = fc.constantFrom("integer", "float", "currency", "percent", "score")
    fc.assert(fc.property(literals, types, (text, type) => {
      const converted = converterFor(
        { name: "f", displayName: "F", dataType: type }, { zone: TimeZone.utc, isCut: false })(text)
      expect(converted instanceof ValueProblem || isSameNumber(JSON.stringify(converted), text), text).to.equal(true)
    }), { numRuns: 500 })
  })
})

describe("decimal numbers", () => {
  it("are the same as whole numbers of any size say", () => {
    const pairs = fc.tuple(literals, literals).chain(([one, other]) => fc.constantFrom(
      [one, other], [one, one.includes(".") ? one : one.replace(/(e|$)/i, ".0$1")],
      [one, /e/i.test(one) ? one : `${one}00e-2`]))
    fc.assert(fc.property(pairs, ([one, other]) => {
      expect(isSameDecimal(one, other)).to.equal(isSameNumber(one, other))
    }), { numRuns: 1000 })
    for (const none of ["", ".", "-", "e5", "Infinity", "NaN", "1.2.3", "12,5"]) {
      expect(isSameDecimal(none, none)).to.equal(false)
    }
  })

  it("are written out without exponent, and stay the same", () => {
    fc.assert(fc.property(literals, (literal) => {
      const plain = withoutExponent(literal)
      if (plain !== undefined) {
        expect(plain).to.match(/^-?\d+(\.\d+)?$/)
        expect(isSameNumber(plain, literal)).to.equal(true)
      }
    }))
    expect(withoutExponent("1e999999999")).to.equal(undefined)
    expect(withoutExponent("1e-999999999")).to.equal(undefined)
  })
})
