import { expect } from "chai"
import * as fc from "fast-check"
import { PassThrough, Readable } from "stream"
import { DocumentError, DownloadError } from "../../../src/hub/stream/errors"
import { JsonDetailCallbacks, readJsonDetail, readJsonRows } from "../../../src/hub/stream/json_reader"
import { arbitraryDocument, cutInto, pieces, rejectionOf } from "./documents"

/** The rows that were delivered, and the error that came after them, if any. */
async function rowsOf(document: string | Buffer, cuts: number[] = []) {
  const rows: unknown[] = []
  const error = await rejectionOf(readJsonRows(cutInto(document, cuts), (row) => { rows.push(row) }))
  return { rows, error }
}

async function detailOf(document: string | Buffer, cuts: number[] = [], waitingRowsBytes = 1e6) {
  const calls: unknown[][] = []
  const error = await rejectionOf(readJsonDetail(cutInto(document, cuts), {
    onRow: (row) => { calls.push(["row", row]) },
    onFields: (fields) => { calls.push(["fields", fields]) },
    onRanAt: (ranAt) => { calls.push(["ran_at", ranAt]) },
  }, { waitingRowsBytes }))
  return { calls, error, rows: calls.filter(([kind]) => kind === "row").map(([, row]) => row) }
}

describe("readJsonRows", () => {
  it("gives the rows of JSON.parse for any list, white space, cut into chunks and pause", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 8 }), fc.constantFrom(undefined, 1, "\r\n\t"), pieces(),
      fc.infiniteStream(fc.boolean()),
      async (values, space, cuts, pauses) => {
        const rows: unknown[] = []
        await readJsonRows(cutInto(JSON.stringify(values, null, space), cuts), async (row) => {
          rows.push(row)
          return pauses.next().value ? Promise.resolve() : undefined
        })
        expect(rows).to.deep.equal(JSON.parse(JSON.stringify(values)))
      },
    ), { numRuns: 300 })
  })

  it("accepts exactly the mutated documents that JSON.parse accepts", async () => {
    const accepted = (text: string) => {
      try {
        const value: unknown = JSON.parse(text)
        return typeof value === "object" && value !== null
      } catch {
        return false
      }
    }
    const noise = fc.constantFrom(...Array.from("[]{},:\"\\ 1-.e\n\u0001"), "null")
    await fc.assert(fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 }), fc.nat(), fc.nat(3), noise, pieces(),
      async (values, at, removed, inserted, cuts) => {
        const text = JSON.stringify(values)
        const position = at % (text.length + 1)
        const mutated = text.slice(0, position) + inserted + text.slice(position + removed)
        const { rows, error } = await rowsOf(mutated, cuts)
        expect(error === undefined).to.equal(accepted(mutated), mutated)
        if (error === undefined && mutated.trimStart().startsWith("[")) {
          expect(rows).to.deep.equal(JSON.parse(mutated))
        }
      },
    ), { numRuns: 1500 })
  })

  it("accepts exactly what JSON.parse accepts where rows look alike and texts look like their borders", async () => {
    const border = fc.constantFrom(
      "},{\"a\"", "}, {\"a\":1},{\"a\"", "},{", "\\\"},{\\\"a\\\"", "[{\"a\":1},{\"a\":2}]", "")
    const row = fc.record({ a: border, b: fc.oneof(border, fc.constant([{ a: 1 }, { a: 2 }])) })
    const rows = fc.array(row, { minLength: 1 })
    const damage = fc.constantFrom("", "", "", "}", "{", "\"", ",", "},{\"a\":", "]", "\\")
    await fc.assert(fc.asyncProperty(
      rows, fc.constantFrom(undefined, 1), fc.nat(), damage, pieces(),
      async (values, space, at, inserted, cuts) => {
        const text = JSON.stringify(values, null, space)
        const position = at % text.length
        const damaged = text.slice(0, position) + inserted + text.slice(position)
        const { rows: delivered, error } = await rowsOf(damaged, cuts)
        let whole: unknown[] | undefined
        try {
          whole = JSON.parse(damaged) as unknown[]
        } catch {
          whole = undefined
        }
        expect(error === undefined).to.equal(whole !== undefined, damaged)
        expect(delivered).to.deep.equal(whole ?? delivered)
      },
    ), { numRuns: 1500 })
  })

  it("gives the same rows before the damage however a damaged document is cut", async () => {
    const text = JSON.stringify(Array.from({ length: 9 }, (_, a) => ({ a, b: "},{\"a\"" })))
    const damaged = text.replace("\"a\":7", "\"a\"7")
    const expected = await rowsOf(damaged)
    expect(expected.rows).to.have.length(7)
    for (let cut = 1; cut < damaged.length; cut++) {
      const { rows, error } = await rowsOf(damaged, [cut, 7])
      expect(rows).to.deep.equal(expected.rows)
      expect(error).to.have.property("message", (expected.error as Error).message)
    }
  })

  it("gives the same rows however a document is cut in two", async () => {
    const values = [{ "a },{ \"b\"": "\\\"é😀\\", "n": -1.5e-7, "t": [true, null] }, "x\\", 12, {}, [], ["],["]]
    const text = Buffer.from(`\ufeff${JSON.stringify(values)}`)
    for (let cut = 0; cut <= text.length; cut++) {
      expect(await rowsOf(text, [cut])).to.deep.equal({ rows: values, error: undefined }, `cut at ${cut}`)
    }
    expect((await rowsOf(text, new Array<number>(text.length).fill(1))).rows).to.deep.equal(values)
  })

  it("rejects every document that ends early, after the rows that were whole", async () => {
    const values = [{ id: 1, name: "José" }, { id: 2, tags: ["a", "}"] }, { id: 3 }]
    const text = Buffer.from(JSON.stringify(values))
    for (let length = 0; length < text.length; length++) {
      const { rows, error } = await rowsOf(text.subarray(0, length))
      expect(error, `length ${length}`).to.be.instanceOf(DocumentError)
      expect(values.slice(0, rows.length)).to.deep.equal(rows)
      expect((error as DocumentError).rowsDelivered).to.equal(rows.length)
      expect((error as DocumentError).byteOffset).to.equal(length)
    }
  })

  const malformed: { [situation: string]: [string | Buffer, RegExp] } = {
    "nothing at all": ["", /empty document.*after 0 rows/],
    "white space only": [" \n", /empty document/],
    "a byte-order mark only": ["\ufeff", /empty document/],
    "a web page": ["<!DOCTYPE html><html></html>", /web page/],
    "a bare text": ["\"rows\"", /not a JSON result/],
    "garbage after the end": ["[{\"a\":1}] x", /follows the end.*at byte 10, after 1 row\)/],
    "a second document": ["[1][2]", /follows the end/],
    "a comma before the first row": ["[,1]", /not valid JSON/],
    "a comma after the last row": ["[{},]", /not valid JSON.*after 1 row/],
    "two commas": ["[1,,2]", /not valid JSON/],
    "rows without a comma": ["[{}{}]", /not valid JSON.*after 1 row/],
    "the wrong closing bracket": ["[1}", /not valid JSON/],
    "brackets that do not match": ["[{\"a\":[1}]]", /not valid JSON/],
    "a raw line break in a text": ["[\"a\nb\"]", /not valid JSON/],
    "a broken row after two good ones": ["[{\"a\":1},{\"a\":2},{\"a\":tru}]", /not valid JSON.*at byte 17, after 2 rows/],
    "bytes that are not UTF-8": [Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]), /not valid JSON/],
    "a member without a colon": ["{\"a\" 1}", /not valid JSON/],
    "a member without quotes": ["{a:1}", /not valid JSON/],
    "a member without a value": ["{\"a\":}", /not valid JSON/],
    "a trailing comma in the object": ["{\"a\":1,}", /not valid JSON/],
  }
  for (const [situation, [document, message]] of Object.entries(malformed)) {
    it(`rejects ${situation}`, async () => {
      expect((await rowsOf(document)).error).to.be.instanceOf(DocumentError)
        .with.property("message").that.matches(message)
    })
  }

  it("delivers the values of a top-level object in the order of the document", async () => {
    const { rows } = await rowsOf("{\"b\": {\"x\": 1}, \"1\": [2], \"__proto__\": null}")
    expect(rows).to.deep.equal([{ x: 1 }, [2], null])
  })

  it("keeps the last of a row's repeated keys, as JSON.parse does", async () => {
    expect((await rowsOf("[{\"a\":1,\"a\":2,\"data\":[{}],\"fields\":0}]")).rows)
      .to.deep.equal([{ a: 2, data: [{}], fields: 0 }])
  })

  it("never quotes the document in an error", async () => {
    const { error } = await rowsOf("[{\"email\":\"ann@example.com\" x}]")
    expect(error).to.have.property("message").that.does.not.include("ann")
  })

  it("reads a row of several megabytes that comes in small chunks", async () => {
    const values = [{ id: 1 }, { text: "é\\\"".repeat(700000) }, { id: 3 }]
    const text = JSON.stringify(values)
    expect((await rowsOf(text, new Array<number>(500).fill(9999))).rows).to.deep.equal(values)
  })

  it("refuses a row of more than 64 MB rather than filling the memory", async () => {
    const piece = Buffer.alloc(1024 * 1024, "x")
    let sent = 0
    const endless = new Readable({
      read() {
        this.push(sent++ === 0 ? "[\"" : piece)
      },
    })
    expect(await rejectionOf(readJsonRows(endless, () => undefined)))
      .to.have.property("message").that.matches(/longer than 67108864 bytes/)
    expect(sent).to.be.below(80)
  })

  it("rejects with Looker's words when a failed query is reported as a row", async () => {
    const { rows, error } = await rowsOf("[{\"looker_error\":\"SQL error: no such table\"}]")
    expect(rows).to.deep.equal([])
    expect(error).to.have.property("message").that.matches(/could not run the query: SQL error: no such table/)
  })

  it("rejects with Looker's words when the document is an object with errors", async () => {
    const { error } = await rowsOf("{\"errors\":[{\"message\":\"Not found\",\"message_details\":\"No such look\"}]}")
    expect(error).to.have.deep.property("lookerErrors", ["Not found No such look"])
  })

  it("delivers a row as soon as its last byte has come", async () => {
    const readable = new PassThrough()
    const rows: unknown[] = []
    const arrived = new Promise<void>((resolve) => {
      void readJsonRows(readable, (row) => {
        rows.push(row)
        resolve()
      }).catch(() => undefined)
    })
    readable.write("[{\"id\":1}")
    await arrived
    expect(rows).to.deep.equal([{ id: 1 }])
    readable.destroy()
  })
})

describe("readJsonRows, back-pressure and callbacks", () => {
  it("does not call back again before the promise of a row has settled", async () => {
    let running = 0
    let most = 0
    await readJsonRows(cutInto("[1,2,3,4]", [3]), async () => {
      running++
      most = Math.max(most, running)
      await new Promise((resolve) => { process.nextTick(resolve) })
      running--
    })
    expect(most).to.equal(1)
  })

  it("pulls no more than a little ahead of a callback that waits", async () => {
    let pulled = 0
    const endless = new Readable({
      // What Node takes for granted has changed with its versions.
      highWaterMark: 16 * 1024,
      read() {
        pulled++
        this.push(pulled === 1 ? "[1" : ",1".repeat(20000))
      },
    })
    const waiting = new Promise<void>((resolve) => {
      void readJsonRows(endless, async () => {
        resolve()
        await new Promise(() => undefined)
      })
    })
    await waiting
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(pulled).to.be.below(6)
    endless.destroy()
  })

  const thrown = "a text, as actions throw"
  for (const [how, onRow] of Object.entries<() => void | Promise<void>>({
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- Actions throw texts.
    throws: () => { throw thrown },
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Actions throw texts.
    rejects: async () => Promise.reject(thrown),
  })) {
    it(`rejects with the very error and destroys the stream when a callback ${how}`, async () => {
      const readable = cutInto("[1,2,3]")
      let calls = 0
      const error = await rejectionOf(readJsonRows(readable, async () => {
        calls++
        return onRow()
      }))
      expect(error).to.equal(thrown)
      expect(calls).to.equal(1)
      expect(readable.destroyed).to.equal(true)
    })
  }

  it("rejects with the stream's error, and says after how many rows when a download failed", async () => {
    const failed = new PassThrough()
    failed.write("[1,2")
    const rows: unknown[] = []
    const boom = new Error("boom")
    const rejected = rejectionOf(readJsonRows(failed, (row) => {
      rows.push(row)
      failed.destroy(boom)
    }))
    expect(await rejected).to.equal(boom)

    const cut = new PassThrough()
    cut.write("[1,2,")
    const error = await rejectionOf(readJsonRows(cut, (row) => {
      if (row === 2) {
        cut.destroy(new DownloadError("incomplete", "It broke off"))
      }
    }))
    expect(error).to.include({ kind: "incomplete", rowsDelivered: 2, message: "It broke off (after 2 rows)" })
  })

  it("rejects when the stream is closed before its end", async () => {
    const readable = new PassThrough()
    readable.write("[1,")
    expect(await rejectionOf(readJsonRows(readable, () => { readable.destroy() })))
      .to.be.instanceOf(DocumentError).with.property("message").that.matches(/closed before its end.*after 1 row/)
  })
})

describe("readJsonDetail", () => {
  it("gives the callbacks of JSON.parse's document for any members, order, white space and chunks", async () => {
    await fc.assert(fc.asyncProperty(
      arbitraryDocument(), fc.constantFrom(undefined, 2), pieces(),
      async (members, space, cuts) => {
        const document = Object.fromEntries(members)
        const { calls, error } = await detailOf(JSON.stringify(document, null, space), cuts)
        expect(error).to.equal(undefined)
        const rows = (JSON.parse(JSON.stringify(document)) as { data: unknown[] }).data.map((row) => ["row", row])
        const order = members.map(([key]) => key)
        const expected: unknown[][] = []
        const fieldsAreLate = order.indexOf("fields") > order.indexOf("data")
        for (const [key, value] of members) {
          if (key === "ran_at" || key === "fields") {
            expected.push([key, JSON.parse(JSON.stringify(value))])
          }
          if ((key === "data" && !fieldsAreLate && order.includes("fields")) || (key === "fields" && fieldsAreLate)) {
            expected.push(...rows)
          }
        }
        expect(calls).to.deep.equal(order.includes("fields") ? expected : [...expected, ...rows])
      },
    ), { numRuns: 300 })
  })

  it("rejects every prefix of any document", async () => {
    await fc.assert(fc.asyncProperty(arbitraryDocument(), fc.double({ min: 0, max: 0.999, noNaN: true }), pieces(),
      async (members, share, cuts) => {
        const bytes = Buffer.from(JSON.stringify(Object.fromEntries(members)))
        const { error, rows } = await detailOf(bytes.subarray(0, Math.floor(share * bytes.length)), cuts)
        expect(error).to.be.instanceOf(DocumentError)
        expect((error as DocumentError).rowsDelivered).to.equal(rows.length)
      },
    ), { numRuns: 300 })
  })

  it("finds keys that are written with escapes", async () => {
    expect((await detailOf("{\"d\\u0061ta\":[1]}")).rows).to.deep.equal([1])
  })

  it("delivers the values of a data that is an object", async () => {
    expect((await detailOf("{\"fields\":{},\"data\":{\"b\":1,\"a\":{\"data\":[2]}}}")).rows)
      .to.deep.equal([1, { data: [2] }])
  })

  it("delivers pivots and nested data as they stand", async () => {
    const row = { "orders.count": { "2026|FIELD|a": { value: 1 }, "total": { value: null } }, "data": [{ fields: 1 }] }
    expect((await detailOf(JSON.stringify({ fields: { pivots: [] }, pivots: [{ data: {} }], data: [row] }))).rows)
      .to.deep.equal([row])
  })

  it("takes a document with no rows", async () => {
    const { calls, error } = await detailOf("{\"fields\":{},\"data\":[ ]}")
    expect({ calls, error }).to.deep.equal({ calls: [["fields", {}]], error: undefined })
  })

  it("passes rows on as they come when nobody asks for the fields", async () => {
    const rows: unknown[] = []
    const callbacks: JsonDetailCallbacks = { onRow: (row) => { rows.push(row) } }
    await readJsonDetail(cutInto("{\"data\":[1,2],\"fields\":{}}"), callbacks, { waitingRowsBytes: 0 })
    expect(rows).to.deep.equal([1, 2])
  })

  const wrong: { [situation: string]: [string, RegExp] } = {
    "a list": ["[1]", /not in a json_detail format/],
    "a document without data": ["{\"fields\":{}}", /no "data"/],
    "an empty object": ["{}", /no "data"/],
    "a data that is no list": ["{\"data\":null}", /not a list of rows/],
    "a second data": ["{\"fields\":{},\"data\":[1],\"data\":[2]}", /"data" twice.*after 1 row/],
    "second fields": ["{\"fields\":{},\"fields\":{},\"data\":[2]}", /"fields" twice/],
    "errors before the data": ["{\"errors\":[{\"message\":\"bad SQL\"}],\"data\":[]}", /could not run the query: bad SQL/],
    "errors after the data": ["{\"data\":[],\"fields\":{},\"errors\":\"bad SQL\"}", /could not run the query: bad SQL/],
    "garbage after the end": ["{\"data\":[]}}", /follows the end/],
    "a malformed member beside the data": ["{\"data\":[],\"sql\":nul}", /not valid JSON/],
  }
  for (const [situation, [document, message]] of Object.entries(wrong)) {
    it(`rejects ${situation}`, async () => {
      expect((await detailOf(document)).error).to.be.instanceOf(DocumentError)
        .with.property("message").that.matches(message)
    })
  }

  for (const errors of ["null", "[]", "{}", "\"\"", "[{\"message\":\"a note\",\"fatal\":false}]"]) {
    it(`accepts a document whose errors are ${errors}`, async () => {
      expect((await detailOf(`{"errors":${errors},"data":[1]}`)).rows).to.deep.equal([1])
    })
  }

  it("rejects when more rows come before the fields than may wait", async () => {
    const { calls, error } = await detailOf("{\"data\":[\"0123456789\",\"0123456789\"],\"fields\":{}}", [], 20)
    expect(error).to.have.property("message")
      .that.matches(/rows before its fields.*ACTION_HUB_STREAM_WAITING_ROWS_BYTES/)
    expect(calls).to.deep.equal([])
  })

  it("waits for the promises of onFields and onRanAt", async () => {
    const calls: string[] = []
    const later = async (name: string) => {
      await new Promise((resolve) => { process.nextTick(resolve) })
      calls.push(name)
    }
    await readJsonDetail(cutInto("{\"ran_at\":\"now\",\"fields\":{},\"data\":[1]}"), {
      onRow: async () => later("row"),
      onFields: async () => later("fields"),
      onRanAt: async () => later("ran_at"),
    })
    expect(calls).to.deep.equal(["ran_at", "fields", "row"])
  })

  it("rejects with the very error that onFields throws, before any row", async () => {
    const error = new Error("no lookup field")
    let rows = 0
    expect(await rejectionOf(readJsonDetail(cutInto("{\"data\":[1],\"fields\":{}}"), {
      onRow: () => { rows++ },
      onFields: () => { throw error },
    }))).to.equal(error)
    expect(rows).to.equal(0)
  })
})
