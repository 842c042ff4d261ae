import { expect } from "chai"
import * as fc from "fast-check"
import { LookmlError, readLookmlFields } from "../../bin/tags/lookml_view"

const VIEW = `
# dimension: not_one { tags: ["marketo:comment"] }
include: "/views/*.view"

view: +users {
  sql_table_name: public.users ;;
  drill_fields: [id, orders.*]

  dimension: email {
    type: string
    label: "E-mail \\"main\\""
    sql: CASE WHEN \${TABLE}.email = '}' THEN "{ tags: [" ELSE '# no comment' END ;;
    tags: ["email", "marketo:email",  # one behind
      "marketo:customerNumber"]
    link: {
      label: "Mail"
      url: "https://example.com/{{ value }}"
    }
  }
  dimension_group: created {
    type: time
    timeframes: [raw, date]
    filters: [status: "x", age: ">5"]
  }
  measure: total { type: sum value_format: "0.0,\\"K\\"" html: <b>{{ value }}</b> ;; tags: [] }
  filter: wanted { tags: ["marketo:title"] }
}
explore: users { join: x { sql_on: a = b ;; } }
view: other { dimension: email { case: { when: { sql: 1 ;; label: "One" } else: "None" } } }
`

describe("LookML view files", () => {
  it("give their dimensions, groups and measures with labels, tags and lines", () => {
    expect(readLookmlFields(VIEW)).to.deep.equal([
      {
        kind: "dimension", name: "email", view: "users", label: "E-mail \"main\"", line: 13,
        tags: ["email", "marketo:email", "marketo:customerNumber"],
      },
      { kind: "dimension_group", name: "created", view: "users", label: undefined, tags: [], line: 20 },
      { kind: "measure", name: "total", view: "users", label: undefined, tags: [], line: 25 },
      { kind: "dimension", name: "email", view: "other", label: undefined, tags: [], line: 29 },
    ])
  })

  it("may be empty, or hold no view", () => {
    expect(readLookmlFields("")).to.deep.equal([])
    expect(readLookmlFields("# nothing\nexplore: users {}")).to.deep.equal([])
  })

  for (const [what, text, message] of [
    ["a block without an end", "view: a {\n  dimension: b {", "Line 2: The block of \"dimension\" has no end."],
    ["a list without an end", "view: a {\n dimension: b { tags: [\"x\"", "Line 2: The list has no end."],
    ["a text without an end", "view: a {\n label: \"x }", "Line 2: A text in quotes has no end."],
    ["code without an end", "view: a {\n sql_on: b }", "Line 2: The code of \"sql_on\" does not end with \";;\"."],
    ["a parameter without a colon", "view a {}", "Line 1: Expected a colon behind \"view\", but found \"a\"."],
    ["a parameter without a value", "view: }", "Line 1: Expected a value for \"view\", but found \"}\"."],
    ["a sign in place of a parameter", "view: a { [ }", "Line 1: Expected a parameter or \"}\", but found \"[\"."],
    ["a sign too many", "view: a {}\n}", "Line 2: Expected a parameter such as \"dimension:\", but found \"}\"."],
    ["a file that ends too early", "view:", "Line 1: Expected a value for \"view\", but found the end of the file."],
  ]) {
    it(`are refused with their line for ${what}`, () => {
      expect(() => readLookmlFields(text)).to.throw(LookmlError, message)
    })
  }

  it("with any text give fields or a LookmlError, and end", () => {
    const pieces = fc.constantFrom("view", "dimension", ":", "{", "}", "[", "]", ",", "\"", "\\", "#", "\n", " ", "sql",
      ";;", "tags", "x", "é")
    fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      try {
        readLookmlFields(parts.join(""))
      } catch (failure) {
        expect(failure).to.be.instanceOf(LookmlError)
      }
    }), { numRuns: 500 })
  })

  it("give back any tag that was written into them", () => {
    fc.assert(fc.property(fc.array(fc.string()), (tags) => {
      const list = tags.map((tag) => `"${tag.replace(/(["\\])/g, "\\$1")}"`).join(",")
      expect(readLookmlFields(`view: v { measure: m { tags: [${list}] } }`)[0].tags).to.deep.equal(tags)
    }), { numRuns: 200 })
  })
})
