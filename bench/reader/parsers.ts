/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment --
   each process loads only the parser it measures, and some of them come without types */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-floating-promises,
   @typescript-eslint/no-misused-promises -- the others can't wait for a row */
import { Readable } from "stream"
import { readJsonDetail } from "../../src/hub/stream/json_reader"

type OnRow = (row: unknown) => void | Promise<void>

/** One way to get the rows of a `json_detail` document out of a stream. */
export type Parser = (readable: Readable, onRow: OnRow) => Promise<void>

export const PARSERS: { [name: string]: Parser } = {
  "this reader": async (readable, onRow) => readJsonDetail(readable, { onRow, onFields: () => undefined }),
  "this reader, keeping the texts of numbers": async (readable, onRow) =>
    readJsonDetail(readable, { onRow, onFields: () => undefined, keepNumberTexts: true }),
  "collect, then JSON.parse": async (readable, onRow) => {
    const chunks: Buffer[] = []
    for await (const chunk of readable) {
      chunks.push(chunk as Buffer)
    }
    const document = JSON.parse(Buffer.concat(chunks).toString()) as { data: unknown[] }
    document.data.forEach(onRow)
  },
  "oboe": async (readable, onRow) => {
    const oboe = require("oboe")
    await new Promise<void>((resolve, reject) => {
      oboe(readable)
        .node("!.data.*", (row: unknown) => {
          onRow(row)
          return oboe.drop
        })
        .done(() => { resolve() })
        .fail((failure: { thrown?: Error }) => { reject(failure.thrown ?? new Error("oboe failed")) })
    })
  },
  "@streamparser/json": async (readable, onRow) => {
    const { JSONParser } = require("@streamparser/json")
    const parser = new JSONParser({ paths: ["$.data.*"], keepStack: false, stringBufferSize: 65536 })
    parser.onValue = ({ value }: { value: unknown }) => { onRow(value) }
    for await (const chunk of readable) {
      parser.write(chunk)
    }
  },
  "stream-json": async (readable, onRow) => {
    const { default: parser } = require("stream-json/parser.js")
    const { pick } = require("stream-json/filters/pick.js")
    const { streamArray } = require("stream-json/streamers/stream-array.js")
    const { default: chain, none } = require("stream-chain")
    const pipeline = chain([
      readable,
      parser({ packValues: true, streamValues: false }),
      pick({ filter: "data" }),
      streamArray(),
      ({ value }: { value: unknown }) => {
        onRow(value)
        return none
      },
    ])
    pipeline.resume()
    await new Promise<void>((resolve, reject) => {
      pipeline.on("end", resolve)
      pipeline.on("error", reject)
    })
  },
}
