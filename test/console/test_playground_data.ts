import { expect } from "chai"
import * as fc from "fast-check"

import { documentOf, WRITTEN_FORMATS } from "../../web/playground/data/documents"
import { textOfFile } from "../../web/playground/data/file_text"
import { readTable } from "../../web/playground/data/import"
import { ODD_VALUES, SAMPLES } from "../../web/playground/data/samples"
import { cellText, columnOf, literalOf, type Table } from "../../web/playground/data/table"
import { curlLine } from "../../web/playground/requests/curl"
import { readSavedValues } from "../../web/playground/requests/replay"
import { keptState } from "../../web/playground/requests/wire"
import * as Hub from "../../src/hub"

const FACTS = { limit: "500", timezone: "UTC" }

const data = (table: Table, format: string): string => documentOf(table, format, FACTS).data as string

describe("The playground's cells", () => {
  it("come back as the values that they were, whatever the column's type", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom("string", "number"), (value, type) => {
      const column = columnOf("a", { type })
      const literal = literalOf(cellText(value, column), column)
      expect(JSON.parse(literal ?? "")).to.deep.equal(JSON.parse(JSON.stringify(value)))
    }))
    expect(literalOf(cellText(undefined, columnOf("a")), columnOf("a"))).to.equal(undefined)
  })

  it("keep the digits of numbers, and take for JSON only what is JSON", () => {
    const number = columnOf("a", { type: "number" })
    expect(literalOf("12345678901234567890", number)).to.equal("12345678901234567890")
    expect(literalOf("=1e400", number)).to.equal("1e400")
    expect(literalOf("007", number)).to.equal("\"007\"")
    expect(literalOf("=SUM(A1)", number)).to.equal("\"=SUM(A1)\"")
    expect(literalOf("", number)).to.equal("\"\"")
  })
})

describe("The data that the playground reads", () => {
  it("is CSV, with commas in quotes, other separators, and nothing for null", () => {
    const { columns, rows } = readTable("\uFEFFUsers Email;Age\r\n\"a;b\"\"c\";7\r\nx;\r\n")
    expect(columns.map(({ name, label, type }) => [name, label, type])).to.deep.equal(
      [["users_email", "Users Email", "string"], ["age", "Age", "number"]])
    expect(rows).to.deep.equal([["a;b\"c", "7"], ["x", "=null"]])
  })

  it("is CSV whose columns share a name or have none, and each keeps its cells", () => {
    const { columns, rows } = readTable("\tEmail\temail\tEMAIL\n1\ta\tb\tc\n")
    expect(columns.map(({ name }) => name)).to.deep.equal(["column_1", "email", "email_2", "email_3"])
    expect(rows).to.deep.equal([["1", "a", "b", "c"]])
  })

  it("is a file as spreadsheets save it, whatever its encoding", () => {
    const text = "Name;Ort\nJürgen;Köln\n"
    const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le")
    const files = [Buffer.from(text), Buffer.from(`\uFEFF${text}`), utf16, Buffer.from(utf16).swap16(),
      Buffer.from(text, "latin1")]
    for (const bytes of files) {
      expect(readTable(textOfFile(new Uint8Array(bytes).buffer)).rows).to.deep.equal([["Jürgen", "Köln"]])
    }
  })

  it("is an array of JSON objects", () => {
    const { columns, rows } = readTable("[{\"a\": 1, \"b\": null}, {\"a\": 2, \"c\": \"=x\"}]")
    expect(columns.map(({ name, type }) => [name, type])).to.deep.equal(
      [["a", "number"], ["b", "string"], ["c", "string"]])
    expect(rows).to.deep.equal([["1", "=null", "="], ["2", "=", "=\"=x\""]])
  })

  for (const [name, text, problem] of [
    ["nothing", "  ", "There is nothing in it."], ["broken JSON", "[{", "no proper JSON"],
    ["an array of numbers", "[1]", "has to consist of objects"], ["another object", "{\"a\":1}", "json_detail"],
    ["a row with more cells than columns", "a,b\n1,2\nx, y,3\n", "Row 2 has 3 cells, but the first line names 2"],
    ["broken quotes", "a,b\n\"c,d\n", "no proper CSV"],
  ]) {
    it(`is refused if it is ${name}`, () => {
      expect(() => readTable(text)).to.throw(problem)
    })
  }

  for (const sample of SAMPLES) {
    for (const format of ["json_detail", "json_detail_lite_stream"]) {
      it(`is its own ${format}, of the sample ${sample.name}`, () => {
        const written = data(sample.table(4), format)
        expect(data(readTable(written), format)).to.equal(written.replace(/12345678901234567890|1e400/g, (number) =>
          JSON.stringify(Number(number))))
      })
    }
  }
})

describe("The data that the playground sends", () => {
  const table: Table = {
    columns: [
      columnOf("users.email", { tags: ["email"] }), columnOf("orders.count", { type: "count", kind: "measure" }),
      columnOf("orders.sum", { type: "sum", kind: "measure", isPivoted: true }),
    ],
    rows: [["a,\"b\"", "=12345678901234567890", "5"], ["=null", "=", "={\"2026\":null}"]],
  }

  it("has each format's shape", () => {
    expect(data(table, "json")).to.equal(
      "[{\"users.email\":\"a,\\\"b\\\"\",\"orders.count\":12345678901234567890," +
      "\"orders.sum\":{\"2025\":5,\"2026\":5}}," +
      "\n{\"users.email\":null,\"orders.sum\":{\"2026\":null}}]")
    expect(data(table, "inline_json")).to.equal(data(table, "json"))
    expect(JSON.parse(data(table, "json_label"))).to.have.deep.nested.property("[1]",
      { "Users Email": null, "Orders Sum": { 2026: null } })
    expect(data(table, "csv")).to.equal("Users Email,Orders Count,2025 Orders Sum,2026 Orders Sum\r\n" +
      "\"a,\"\"b\"\"\",12345678901234567890,5,5\r\n,,,\n")
    expect(data(table, "txt").split("\r\n")[0]).to.equal(
      "Users Email\tOrders Count\t2025 Orders Sum\t2026 Orders Sum")
    expect(data(table, "html")).to.contain("<td>a,&#34;b&#34;</td>")
  })

  it("is what the hub's own reader of Looker's documents takes, with fields, pivots and odd values", async () => {
    for (const sample of SAMPLES) {
      const request = new Hub.ActionRequest()
      request.attachment = { dataBuffer: Buffer.from(data(sample.table(20), "json_detail_lite_stream")) }
      const rows: Hub.JsonDetail.Row[] = []
      let fields: string[] = []
      await request.streamJsonDetail({
        onFields: (fieldset) => { fields = Hub.allFields(fieldset).map(({ name }) => name) },
        onRow: (row) => { rows.push(row) },
      })
      const expected = sample.table(20)
      expect(fields.sort()).to.deep.equal(expected.columns.map(({ name }) => name).sort())
      expect(rows).to.have.length(expected.rows.length)
    }
    expect(ODD_VALUES.map(({ text }) => text)).to.include("=null")
  })

  it("names its type", () => {
    expect(WRITTEN_FORMATS.map((format) => documentOf(table, format, FACTS).mimetype)).to.deep.equal([
      "application/json", "application/json", "application/json", "application/json", "application/json", "text/csv",
      "text/plain", "text/html"])
  })
})

describe("The values of a schedule", () => {
  for (const [name, text] of Object.entries({
    "a JSON object": "{\"a\": \"1\", \"b\": \"x=y\"}",
    "a request's body": "{\"form_params\": {\"a\": 1, \"b\": \"x=y\"}}",
    "a destination in Looker's API": JSON.stringify({ parameters: "{\"a\":\"1\",\"b\":\"x=y\"}" }),
    "lines": "a=1\n\n b = x=y ",
  })) {
    it(`are read from ${name}`, () => {
      expect(readSavedValues(text)).to.deep.equal({ a: "1", b: "x=y" })
    })
  }

  for (const text of ["[]", "{", "no value", "=a", "{\"a\": {}}"]) {
    it(`are refused as ${text}`, () => {
      expect(() => readSavedValues(text)).to.throw()
    })
  }
})

describe("What Looker keeps for a person", () => {
  it("stays without a state, changes with one, and goes with one that has no data", () => {
    expect(keptState("before", undefined)).to.equal("before")
    expect(keptState("before", { data: "after" })).to.equal("after")
    expect(keptState("before", {})).to.equal(undefined)
  })
})

describe("A line for a shell", () => {
  it("repeats a request, without secrets and without a token", () => {
    const line = curlLine({
      title: "The form", path: "/actions/a/form", version: "24.18.0", webhookId: "w",
      body: { type: "query", data: { key: "secret", url: "it's" } },
    }, "https://hub.example.com/prefix/", ["key"])
    expect(line).to.equal("curl -s 'https://hub.example.com/prefix/actions/a/form' \\\n" +
      "  -H \"Authorization: Token token=\\\"$ACTION_HUB_TOKEN\\\"\" \\\n" +
      "  -H 'Content-Type: application/json' \\\n  -H 'User-Agent: LookerOutgoingWebhook/24.18.0' \\\n" +
      "  -H 'X-Looker-Instance: playground' \\\n  -H 'X-Looker-Webhook-Id: w' \\\n" +
      "  --data-raw '{\"type\":\"query\",\"data\":{\"key\":\"(hidden)\",\"url\":\"it'\\''s\"}}'")
  })
})
