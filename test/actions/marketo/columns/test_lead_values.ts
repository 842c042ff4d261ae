import * as chai from "chai"
import { SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { converterFor, lookupConverterFor } from "../../../../src/actions/marketo/lib/columns/lead_values"
import { TimeZone } from "../../../../src/actions/marketo/lib/columns/value_types/time_zone"
import { typeWord, ValueProblem } from "../../../../src/actions/marketo/lib/columns/value_types/value_problem"

const expect = chai.expect

interface Case {
  zone?: string
  isCut?: boolean
  length?: number
  name?: string
}

function field(dataType: string, { name = "custom", length }: Case = {}): SchemaField {
  return { name, displayName: name, dataType, length, updateable: true }
}

function options({ zone = "America/Los_Angeles", isCut = false }: Case = {}) {
  return { zone: TimeZone.named(zone) ?? TimeZone.utc, isCut }
}

/** What becomes of a value for a field of a type. */
function converted(dataType: string, value: unknown, more: Case = {}): unknown {
  return converterFor(field(dataType, more), options(more))(value)
}

/** The wording of the problem; fails when there is none. */
function problem(dataType: string, value: unknown, more: Case = {}): string {
  const outcome = converted(dataType, value, more)
  expect(outcome, `${JSON.stringify(value)} became ${JSON.stringify(outcome)}`).to.be.instanceOf(ValueProblem)
  return (outcome as ValueProblem).wording
}

function expectEach(dataType: string, cases: [unknown, unknown][], more: Case = {}): void {
  for (const [value, expected] of cases) {
    expect(converted(dataType, value, more), JSON.stringify(value)).to.equal(expected)
  }
}

function expectProblems(dataType: string, values: unknown[], wording: string, more: Case = {}): void {
  for (const value of values) {
    expect(problem(dataType, value, more), JSON.stringify(value)).to.equal(wording)
  }
}

describe("values for Marketo fields", () => {

  describe("boolean", () => {
    it("takes yes and no, true and false, their first letters, 1 and 0", () => {
      expectEach("boolean", [
        [true, true], ["Yes", true], ["yes", true], ["TRUE", true], ["y", true], ["t", true], [1, true], ["1", true],
        [false, false], ["No", false], [" no ", false], ["false", false], ["N", false], ["f", false], [0, false],
        ["0", false],
      ])
    })

    it("takes nothing else", () => {
      expectProblems("boolean", ["maybe", "ja", 2, -1, 0.5, "01"], "is neither yes nor no")
    })
  })

  for (const dataType of ["integer", "score"]) {
    it(`${dataType} takes whole numbers, also as text or with a fraction of zero`, () => {
      expectEach(dataType, [
        [42, 42], ["42", 42], [" 42 ", 42], [14.0, 14], ["14.0", 14], ["-7", -7], ["+7", 7], [0, 0], ["007", 7],
        ["1,234,567", 1234567], ["1.234.567", 1234567],
      ])
    })

    it(`${dataType} takes no fractions, words, booleans, signs, nor what may be a thousand or a fraction`, () => {
      expectProblems(dataType, [14.1, "14.1", "14c", "1,234", "0,125", true, "45%", "$10", "1 000", "--1"],
        "is not a whole number")
    })

    it(`${dataType} takes no number that JavaScript cannot hold exactly`, () => {
      expectProblems(dataType, [1e300, "9007199254740993", "99999999999999999999"], "is too large to be sent exactly")
    })
  }

  describe("reference", () => {
    it("takes the key of another record as a text, whatever it looks like", () => {
      expectEach("reference", [
        ["00Q5e000001AbCd", "00Q5e000001AbCd"], ["007", "007"], ["12,345", "12,345"], [42, "42"], ["", ""],
      ])
    })
  })

  describe("percent", () => {
    it("takes whole numbers, with or without the sign", () => {
      expectEach("percent", [[45, 45], ["45%", 45], ["45 %", 45], ["45", 45], [0, 0], [250, 250]])
    })

    it("takes no share in place of a percentage, and nothing below zero", () => {
      expectProblems("percent", [0.45, "0.45", "4.5%", "half", "%"], "is not a whole number")
      expectProblems("percent", [-1, "-45%"], "is below zero")
    })
  })

  describe("float", () => {
    it("takes numbers, and texts that can be read as one number only", () => {
      expectEach("float", [
        [34.66, 34.66], ["34.66", 34.66], ["-.5", -0.5], ["1e3", 1000], ["1,234.50", 1234.5], ["1.234,50", 1234.5],
        ["12.345", 12.345], ["1,234,567", 1234567], [" 7 ", 7],
      ])
    })

    it("takes no currency, percent sign, word or boolean", () => {
      expectProblems("float", ["$10", "45%", "14c", "1,234", "1,23,456.0", "NaN", "Infinity", "1e999", true],
        "is not a number")
    })
  })

  describe("currency", () => {
    it("loses the sign of the currency", () => {
      expectEach("currency", [
        ["$1,234.50", 1234.5], ["-$5", -5], ["$ 5", 5], ["1.234,50 €", 1234.5], ["£10", 10], [34.66, 34.66],
      ])
    })

    it("stays a problem when it may be read in two ways, or has a name for its currency", () => {
      expectProblems("currency", ["$1,234", "10 CHF", "($5)", "$", "$$5"], "is not a number")
    })
  })

  describe("string, phone and url", () => {
    it("take text as it is, and numbers and booleans as text", () => {
      for (const dataType of ["string", "phone", "url"]) {
        expectEach(dataType, [
          ["a", "a"], [" a ", " a "], [42, "42"], [1234.5, "1234.5"], [true, "true"], ["Ж☕", "Ж☕"],
        ], { length: 255 })
      }
    })

    it("take as many characters as the field has", () => {
      expect(converted("string", "x".repeat(40), { length: 40 })).to.equal("x".repeat(40))
      expectProblems("string", ["x".repeat(41), 1e20], "is longer than 20 characters", { length: 20 })
    })

    it("are cut only when that was chosen, and not within a character", () => {
      expect(converted("string", "abcdef", { length: 3, isCut: true })).to.equal("abc")
      expect(converted("string", "ab😀d", { length: 3, isCut: true })).to.equal("ab")
      expect(converted("string", "ab😀d", { length: 4, isCut: true })).to.equal("ab😀")
    })

    it("are not measured when the schema tells no length", () => {
      expect(converted("string", "x".repeat(5000))).to.equal("x".repeat(5000))
    })
  })

  describe("text", () => {
    it("takes 30,000 bytes, not characters", () => {
      expect(converted("text", "é".repeat(15000))).to.equal("é".repeat(15000))
      expectProblems("text", ["é".repeat(15001), "x".repeat(30001)], "is longer than 30,000 bytes")
    })

    it("is cut to as many whole characters as have room", () => {
      expect(converted("text", "x".repeat(40000), { isCut: true })).to.equal("x".repeat(30000))
      const cut = converted("text", `x${"é".repeat(20000)}`, { isCut: true }) as string
      expect(cut).to.equal(`x${"é".repeat(14999)}`)
      expect(converted("text", "😀".repeat(8000), { isCut: true })).to.equal("😀".repeat(7500))
    })
  })

  describe("email", () => {
    it("loses the blanks around it", () => {
      expectEach("email", [[" a@example.com\n", "a@example.com"], ["o'b+c@example.com", "o'b+c@example.com"]])
    })

    it("with other characters than ASCII is a problem, in any field", () => {
      const wording = "has other characters than ASCII, which Marketo does not take in an e-mail address"
      expectProblems("email", ["zoë@example.com", "a@例え.jp"], wording, { name: "email" })
      expectProblems("email", ["zoë@example.com"], wording)
    })

    it("without the form of an address is a problem in custom fields", () => {
      expectProblems("email", ["bademail", "a@b", "a b@example.com", "a@b@example.com", "@example.com", 7],
        "is not an e-mail address")
    })

    it("goes to Marketo's own field in any form but with blanks", () => {
      expect(converted("email", "bademail", { name: "email" })).to.equal("bademail")
      expectProblems("email", ["a b@example.com", "a\u0001@b.c"], "is not an e-mail address", { name: "email" })
    })

    it("is never cut", () => {
      const long = `${"x".repeat(250)}@example.com`
      expectProblems("email", [long], "is longer than 255 characters", { length: 255, isCut: true })
    })
  })

  describe("date", () => {
    it("takes days, and the first day of months, quarters and years", () => {
      expectEach("date", [
        ["2026-08-17", "2026-08-17"], ["2026-08", "2026-08-01"], ["2026-Q1", "2026-01-01"], ["2026-Q3", "2026-07-01"],
        ["2026-Q4", "2026-10-01"], ["2026", "2026-01-01"], [2026, "2026-01-01"], ["2024-02-29", "2024-02-29"],
        [" 2026-08-17 ", "2026-08-17"],
      ])
    })

    it("cuts the time off, in the query's zone when it tells an offset", () => {
      expectEach("date", [
        ["2026-08-17 23:59:59", "2026-08-17"], ["2026-08-17 10", "2026-08-17"], ["2026-08-17T10:15", "2026-08-17"],
        ["2026-08-17T03:00:00Z", "2026-08-16"], ["2026-08-17T03:00:00.000+02:00", "2026-08-16"],
        ["2026-08-17T12:00:00-0500", "2026-08-17"],
      ])
    })

    it("takes no day that there is not, and no other form", () => {
      expectProblems("date", [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-08-00", "8/17/2026", "17.08.2026", "2026-Q5",
        "2026-13", "2026-00", "FY2026-Q1", "yesterday", "0000-01-01", "0900", 20260817, 1.5, true,
        "2026-08-17 25:00:00Z", "2026-08-17T10:00:00+99:00",
      ], "is not a date")
    })

    it("takes no date that the zone moves beyond four digits of the year", () => {
      expectProblems("date", ["9999-12-31T23:59:59Z"], "is not a date", { zone: "Asia/Tokyo" })
    })
  })

  describe("datetime", () => {
    it("is a time of the query's zone, summer and winter", () => {
      expectEach("datetime", [
        ["2026-08-17 10:15:30", "2026-08-17T17:15:30Z"], ["2026-01-17 10:15:30", "2026-01-17T18:15:30Z"],
        ["2026-08-17T10:15:30.123", "2026-08-17T17:15:30Z"], ["2026-08-17 10:15", "2026-08-17T17:15:00Z"],
        ["2026-08-17 10", "2026-08-17T17:00:00Z"], ["2026-08-17", "2026-08-17T07:00:00Z"],
      ])
    })

    it("keeps the moment of a time with an offset", () => {
      expectEach("datetime", [
        ["2026-08-17T10:15:30Z", "2026-08-17T10:15:30Z"], ["2026-08-17 10:15:30 UTC", "2026-08-17T10:15:30Z"],
        ["2026-08-17T10:15:30+02:00", "2026-08-17T08:15:30Z"], ["2026-08-17T10:15:30.5-0330", "2026-08-17T13:45:30Z"],
        ["2026-08-17 10:15:30 +0000", "2026-08-17T10:15:30Z"], ["2026-08-17 10:15:30+02", "2026-08-17T08:15:30Z"],
      ])
    })

    it("is no month, quarter or year, and no day or time that there is not", () => {
      expectProblems("datetime", [
        "2026-08", "2026-Q3", "2026", 2026, "yesterday", "2026-02-30 10:00:00", "2026-08-17 24:00:00",
        "2026-08-17 10:60:00", "2026-08-17 10:00:61", "2026-08-17T10:00:00+15:00", "10:15:30", true, 1786961730,
      ], "is not a date with time")
    })
  })

  describe("when the clocks are changed", () => {
    it("a time that they leap over is taken as if they had not been changed yet", () => {
      expect(converted("datetime", "2026-03-08 01:59:59")).to.equal("2026-03-08T09:59:59Z")
      expect(converted("datetime", "2026-03-08 02:30:00")).to.equal("2026-03-08T10:30:00Z")
      expect(converted("datetime", "2026-03-08 03:00:00")).to.equal("2026-03-08T10:00:00Z")
    })

    it("a time that they show twice is the first of the two", () => {
      expect(converted("datetime", "2026-11-01 00:59:59")).to.equal("2026-11-01T07:59:59Z")
      expect(converted("datetime", "2026-11-01 01:30:00")).to.equal("2026-11-01T08:30:00Z")
      expect(converted("datetime", "2026-11-01 02:00:00")).to.equal("2026-11-01T10:00:00Z")
    })

    it("the same holds east of Greenwich, by half hours, and where a day begins at one o'clock", () => {
      const at = (zone: string, text: string) => converted("datetime", text, { zone })
      expect(at("Europe/Zurich", "2026-03-29 02:30:00")).to.equal("2026-03-29T01:30:00Z")
      expect(at("Europe/Zurich", "2026-10-25 02:30:00")).to.equal("2026-10-25T00:30:00Z")
      expect(at("Australia/Lord_Howe", "2026-04-05 01:45:00")).to.equal("2026-04-04T14:45:00Z")
      expect(at("Asia/Kathmandu", "2026-08-17 10:00:00")).to.equal("2026-08-17T04:15:00Z")
      expect(at("America/Santiago", "2026-09-06")).to.equal("2026-09-06T04:00:00Z")
    })

    it("every half hour of a year comes back from the clock that shows it", () => {
      const wrong: string[] = []
      for (const name of ["America/New_York", "Europe/Zurich", "Australia/Lord_Howe"]) {
        const zone = TimeZone.named(name) as TimeZone
        const shown = new Set<number>()
        for (let moment = Date.UTC(2026, 0, 1); moment < Date.UTC(2027, 0, 1); moment += 1800000) {
          const clockTime = moment + zone.offsetAt(moment)
          if (!shown.has(clockTime) && zone.momentOf(clockTime) !== moment) {
            wrong.push(`${name} ${new Date(moment).toISOString()}`)
          }
          shown.add(clockTime)
        }
      }
      expect(wrong).to.deep.equal([])
    })
  })

  it("a zone that is not known has no name", () => {
    expect(TimeZone.named("Mars/Olympus")).to.equal(undefined)
    expect(TimeZone.named("")).to.equal(undefined)
  })

  describe("of every type", () => {
    const types = [
      "boolean", "integer", "score", "percent", "float", "currency", "date", "datetime", "string", "text", "email",
      "phone", "url", "reference", "type of tomorrow",
    ]

    it("lists and objects are a problem", () => {
      for (const dataType of types) {
        expectProblems(dataType, [[1], {}, ["a", "b"]], "is not a single value")
      }
    })

    it("blanks alone hold nothing, except where text is taken as it is", () => {
      for (const dataType of ["boolean", "integer", "percent", "float", "currency", "date", "datetime", "email"]) {
        expect(converted(dataType, "  "), dataType).to.equal(null)
      }
      expect(converted("string", "  ", { length: 255 })).to.equal("  ")
    })
  })

  it("a type that is not known takes any single value", () => {
    expectEach("type of tomorrow", [["a", "a"], [1, 1], [true, true]])
  })

  describe("as lookup value", () => {
    const lookup = (name: string, dataType: string | undefined, value: unknown, more: Case = {}) =>
      lookupConverterFor(name, dataType === undefined ? undefined : field(dataType, { ...more, name }),
        options(more))(value)

    it("the id is a whole number above zero, with a schema or without", () => {
      for (const dataType of ["integer", undefined]) {
        expect(lookup("id", dataType, " 17 ")).to.equal(17)
        expect(lookup("id", dataType, 17)).to.equal(17)
        expect((lookup("id", dataType, "17a") as ValueProblem).wording).to.equal("is not a whole number")
        expect((lookup("id", dataType, 0) as ValueProblem).wording).to.equal("is not a lead's id")
      }
    })

    it("text loses blanks around it", () => {
      expect(lookup("customerId", "string", " c1 ")).to.equal("c1")
      expect(lookup("customerId", undefined, " c1 ")).to.equal("c1")
      expect(lookup("customerId", "string", "  ")).to.equal(null)
    })

    it("text is never cut, since it would be another lead's", () => {
      expect(lookup("customerId", "string", "abcdef", { length: 3, isCut: true })).to.be.instanceOf(ValueProblem)
    })
  })

  it("the types of values have words", () => {
    expect(["a", 1, true, [1], {}, null].map(typeWord))
      .to.deep.equal(["text", "number", "boolean", "list", "object", "empty cell"])
  })
})
