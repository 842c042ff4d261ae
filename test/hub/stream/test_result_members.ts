import { expect } from "chai"
import { PassThrough } from "stream"
import { DocumentError, DownloadError } from "../../../src/hub/stream/errors"
import { JsonDetailCallbacks, readJsonDetail } from "../../../src/hub/stream/json_reader"
import { cutInto, rejectionOf } from "./documents"

/** What was called, in order, and the error that came after it, if any. */
async function callsOf(document: string, callbacks: Partial<JsonDetailCallbacks> = {}) {
  const calls: unknown[][] = []
  const error = await rejectionOf(readJsonDetail(cutInto(document), {
    onRow: (row) => { calls.push(["row", row]) },
    onFields: (fields) => { calls.push(["fields", fields]) },
    onMember: (name, value) => { calls.push([name, value]) },
    ...callbacks,
  }, { waitingRowsBytes: 1e6 }))
  return { calls, error }
}

describe("what a json_detail document says about itself", () => {
  it("is told member by member, in the document's order, without what has a callback of its own", async () => {
    const { calls, error } = await callsOf("{\"ran_at\":\"now\",\"fields\":{},\"applied_limit\":5,\"errors\":[]," +
      "\"sql_error\":null,\"timezone\":\"UTC\",\"data\":[1],\"truncated\":null}")
    expect(error).to.equal(undefined)
    expect(calls).to.deep.equal(
      [["fields", {}], ["applied_limit", 5], ["timezone", "UTC"], ["row", 1], ["truncated", null]])
  })

  it("comes before rows that had to wait for the fields", async () => {
    const { calls } = await callsOf("{\"data\":[1],\"fields\":{},\"timezone\":\"UTC\"}")
    expect(calls).to.deep.equal([["fields", {}], ["timezone", "UTC"], ["row", 1]])
  })

  it("does not keep those rows from an action that does not ask", async () => {
    const { calls } = await callsOf("{\"data\":[1],\"fields\":{},\"other\":tru}", { onMember: undefined })
    expect(calls).to.deep.equal([["fields", {}], ["row", 1]])
  })

  for (const [situation, sqlError] of Object.entries({
    "a text": "relation \"people\" does not exist", "a list": ["relation \"people\" does not exist"],
    "an object": { message: "relation \"people\" does not exist" },
  })) {
    it(`fails the reading with an sql_error that is ${situation}`, async () => {
      const { error } = await callsOf(JSON.stringify({ fields: {}, sql_error: sqlError, data: [] }))
      expect(error).to.be.instanceOf(DocumentError)
      expect((error as DocumentError).message)
        .to.match(/^Looker could not run the query: relation "people" does not exist/)
    })
  }

  for (const empty of [null, "", [], {}, false]) {
    it(`takes no notice of an sql_error that is ${JSON.stringify(empty)}`, async () => {
      expect((await callsOf(JSON.stringify({ fields: {}, sql_error: empty, data: [] }))).error).to.equal(undefined)
    })
  }

  for (const word of ["NaN", "-Infinity", "Infinity", "nan"]) {
    it(`says so when there is a bare ${word}`, async () => {
      const { calls, error } = await callsOf(`{"fields":{},"data":[{"a":{"value":"NaN"}},{"a":{"value":${word}}}]}`)
      expect(calls).to.have.length(2)
      expect((error as Error).message).to.match(new RegExp(
        `not valid JSON: it has ${word} in the place of a value, as some databases write for a number.*after 1 row\\)`))
    })
  }

  it("does not take a word within a text for the reason", async () => {
    const { error } = await callsOf("{\"fields\":{},\"data\":[{\"a\":\"NaN, \\\" NaN\",\"b\":tru}]}")
    expect((error as Error).message).to.match(/not valid JSON \(at byte/)
  })
})

describe("readJsonDetail with a signal", () => {
  it("ends the reading while nothing comes, and destroys the stream", async () => {
    const stop = new AbortController()
    const source = new PassThrough()
    source.write("{\"fields\":{},\"data\":[{\"a\":1},")
    const rows: unknown[] = []
    const reading = rejectionOf(readJsonDetail(source, {
      onRow: (row) => {
        rows.push(row)
        setImmediate(() => { stop.abort() })
      },
      signal: stop.signal,
    }))
    const error = await reading
    expect(error).to.be.instanceOf(DownloadError).with.property("kind", "stopped")
    expect(error).to.have.property("rowsDelivered", 1)
    expect(rows).to.deep.equal([{ a: 1 }])
    expect(source.destroyed).to.equal(true)
  })

  it("reads nothing when it has fired before", async () => {
    const rows: unknown[] = []
    const error = await rejectionOf(readJsonDetail(cutInto("{\"data\":[1]}"), {
      onRow: (row) => { rows.push(row) }, signal: AbortSignal.abort(),
    }))
    expect(error).to.have.property("kind", "stopped")
    expect(rows).to.deep.equal([])
  })

  it("leaves a stream alone that has been read to its end", async () => {
    const stop = new AbortController()
    await readJsonDetail(cutInto("{\"data\":[1]}"), { onRow: () => undefined, signal: stop.signal })
    stop.abort()
  })
})
