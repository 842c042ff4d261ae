import { expect } from "chai"
import * as fc from "fast-check"

import { leadQueryResult } from "../../../sandbox/looker/lead_rows"
import {
  documentBytes, DocumentOptions, documentText, NumberLiteral, QueryResult, ResultRow,
} from "../../../sandbox/looker/query_result"

interface ParsedDocument {
  [key: string]: unknown
  data: ResultRow[]
}

/** What a document says of itself, in the order in which it does. */
const MEMBERS = [
  "applied_limit", "column_truncated", "has_row_totals", "has_totals", "sql_error", "timezone", "truncated", "warnings",
]

const text = fc.string({ unit: "binary", maxLength: 12 })
const cell = fc.record({ value: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)) })
const fieldName = text.filter((name) => name !== "__proto__")
const rows = fc.array(fc.dictionary(fieldName, cell, { maxKeys: 4 }), { maxLength: 8 })
const documentOptions: fc.Arbitrary<DocumentOptions> = fc.record({
  format: fc.constantFrom("json_detail" as const, "json_detail_lite_stream" as const),
  keyOrder: fc.constantFrom("fields first" as const, "data first" as const),
  prettyPrinted: fc.boolean(),
  byteOrderMark: fc.boolean(),
})

function resultOf(someRows: ResultRow[]): QueryResult {
  return { fields: { dimensions: [{ name: "a", tags: ["marketo:é"] }], measures: [] }, rows: () => someRows }
}

function parsed(chunks: Iterable<Buffer>): ParsedDocument {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat([...chunks]))) as ParsedDocument
}

function keysOf(options: DocumentOptions): string[] {
  return Object.keys(JSON.parse([...documentText(resultOf([]), options)].join("")) as object)
}

describe("a query result's document", () => {
  it("holds the same rows and fields for any rows, any options and any size of chunks", () => {
    fc.assert(fc.property(rows, documentOptions, fc.integer({ min: 1, max: 40 }), (someRows, options, chunkBytes) => {
      const result = resultOf(someRows)
      const chunks = [...documentBytes(result, { ...options, chunkBytes })]
      expect(chunks.slice(0, -1).every((chunk) => chunk.length === chunkBytes)).to.equal(true)
      const document = parsed(chunks)
      expect(document.data).to.deep.equal(someRows)
      expect(document.fields).to.deep.equal(result.fields)
      const whole = Buffer.concat([...documentBytes(result, options)])
      expect(Buffer.concat(chunks).equals(whole)).to.equal(true)
    }), { numRuns: 200 })
  })

  it("writes fields before data unless told otherwise", () => {
    expect(keysOf({})).to.deep.equal(["ran_at", "fields", ...MEMBERS, "data"])
    const keys = keysOf({ keyOrder: "data first" })
    expect(keys.indexOf("data")).to.be.below(keys.indexOf("fields"))
  })

  it("says of itself what it is told to, before or after the data or the fields, and null of everything else", () => {
    const members = { timezone: "Asia/Tokyo", truncated: true, applied_limit: 500 }
    for (const membersPlace of ["before fields", "before data", "after data"] as const) {
      const document = parsed([...documentBytes(resultOf([]), { members, membersPlace })])
      expect(document).to.deep.include({
        ...members, column_truncated: null, sql_error: null, warnings: null, data: [],
      })
    }
    expect(keysOf({ membersPlace: "before fields" })).to.deep.equal(["ran_at", ...MEMBERS, "fields", "data"])
    expect(keysOf({ membersPlace: "after data" })).to.deep.equal(["ran_at", "fields", "data", ...MEMBERS])
  })

  it("writes numbers as they are told", () => {
    const rows = [{ a: { value: new NumberLiteral("9007199254740993") } }, { a: { value: new NumberLiteral("NaN") } }]
    expect(Buffer.concat([...documentBytes(resultOf(rows))]).toString())
      .to.contain("\"data\":[{\"a\":{\"value\":9007199254740993}},{\"a\":{\"value\":NaN}}]")
  })

  it("writes the members of json_detail in Looker's order", () => {
    expect(keysOf({ format: "json_detail" })).to.deep.equal([
      "status", "from_cache", "id", "result_source", "supports_pivot_in_db", "null_sort_treatment", "expired",
      "ran_at", "runtime", "added_params", "sql", "sql_explain", "fields", "fill_fields", "has_totals",
      "has_row_totals", "applied_filters", "applied_filter_expression", "explore", "timezone", "data",
      "drill_menu_build_time",
    ])
  })

  it("puts extra members at its start and at its end", () => {
    const keys = keysOf({ leadingKeys: { data_note: 1 }, trailingKeys: { errors: [] } })
    expect(keys[0]).to.equal("data_note")
    expect(keys[keys.length - 1]).to.equal("errors")
  })

  it("holds pivot descriptors when the result has them", () => {
    const pivots = [{ key: "2026", is_total: false, data: {}, metadata: {} }]
    const row = { "orders.count": { 2026: { value: 3 } } }
    const document = parsed(documentBytes({ ...resultOf([row]), pivots }))
    expect(document.pivots).to.deep.equal(pivots)
    expect(document.data).to.deep.equal([row])
  })

  it("starts with the byte-order mark when asked to", () => {
    const [first] = documentBytes(resultOf([]), { byteOrderMark: true })
    expect([...first.subarray(0, 4)]).to.deep.equal([0xEF, 0xBB, 0xBF, "{".charCodeAt(0)])
  })

  it("indents every line by two spaces a level when pretty-printed", () => {
    const result = resultOf([{ a: { value: 1 } }])
    const options: DocumentOptions = { prettyPrinted: true }
    const written = [...documentText(result, options)].join("")
    expect(written).to.equal(JSON.stringify(JSON.parse(written), null, 2))
  })

  it("refuses chunks of no bytes", () => {
    expect(() => [...documentBytes(resultOf([]), { chunkBytes: 0 })]).to.throw(RangeError, "chunkBytes is 0")
  })

  it("asks for rows only as the text is read", () => {
    let rowsMade = 0
    const endless: QueryResult = {
      fields: {},
      *rows() {
        for (;;) {
          rowsMade++
          yield { a: { value: "x".repeat(1000) } }
        }
      },
    }
    const pieces = documentText(endless)
    pieces.next()
    expect(rowsMade).to.be.within(1, 70)
    pieces.return(undefined)
  })
})

describe("the sample leads", () => {
  const sample = parsed(documentBytes(leadQueryResult({ rowCount: 500 })))
  const valueOf = (row: ResultRow, name: string): unknown => (row[name] as { value: unknown }).value
  const tagsOf = (document: ParsedDocument): string[][] => {
    const { dimensions, measures } = document.fields as Record<string, Array<{ tags?: string[] }>>
    return [...dimensions, ...measures].map(({ tags }) => (tags ?? []).filter((tag) => tag.startsWith("marketo:")))
  }

  it("are the same for the same seed and differ for another", () => {
    expect(parsed(documentBytes(leadQueryResult({ rowCount: 500, seed: 1 })))).to.deep.equal(sample)
    expect(parsed(documentBytes(leadQueryResult({ rowCount: 500, seed: 2 })))).not.to.deep.equal(sample)
  })

  it("have one e-mail a row", () => {
    expect(new Set(sample.data.map((row) => valueOf(row, "users.email"))).size).to.equal(500)
  })

  it("have names with accents, in other scripts, with apostrophes, and missing ones", () => {
    const names = sample.data.flatMap((row) => [valueOf(row, "users.first_name"), valueOf(row, "users.last_name")])
    expect(names).to.include.members(["José", "Zoë", "Łukasz", "日本", "O'Brien", null])
  })

  it("have columns with one Marketo tag, with two, with none, and without a word on tags", () => {
    const counts = tagsOf(sample).map((tags) => tags.length)
    expect(counts).to.include.members([0, 1, 2])
    const { dimensions } = sample.fields as { dimensions: object[] }
    expect(dimensions.some((field) => !("tags" in field))).to.equal(true)
  })

  it("have a cell for every dimension, measure and calculation, and none for the filter", () => {
    const fields = sample.fields as Record<string, Array<{ name: string }>>
    const withCells = [...fields.dimensions, ...fields.measures, ...fields.table_calculations].map(({ name }) => name)
    for (const row of sample.data) {
      expect(Object.keys(row)).to.deep.equal(withCells)
    }
    expect(fields.filters).to.have.length(1)
  })
})
