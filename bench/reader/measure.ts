import * as fs from "fs"
import { PassThrough, Readable } from "stream"
import { streamRequest } from "../../src/hub/stream/request_stream"
import { PARSERS } from "./parsers"

/** What one process found out about itself. */
export interface Measurement {
  rows: number
  wallMs: number
  cpuMs: number
  peakBytes: number
}

/** How many rows are sent off together, as the Marketo action does. */
const BATCH_ROWS = 300

/**
 * `measure parse <parser> <file>` reads a document from a file; `measure json <file>` parses text that is in memory
 * already; `measure slow <parser> <url> <ms>` downloads as the hub does, and each batch of rows takes `ms` to send.
 * Prints a Measurement.
 */
async function main() {
  const [task, ...rest] = process.argv.slice(2)
  let rows = 0
  const count = () => { rows++ }
  const text = task === "json" ? fs.readFileSync(rest[0], "utf8") : ""
  const cpuBefore = process.cpuUsage()
  const begun = process.hrtime.bigint()
  if (task === "json") {
    (JSON.parse(text) as { data: unknown[] }).data.forEach(count)
  } else if (task === "parse") {
    const source = fs.createReadStream(rest[1]).pipe(new PassThrough())
    await PARSERS[rest[0]](source, count)
  } else {
    await streamRequest({ downloadUrl: rest[1] }, async (readable) => {
      rows = await readSlowly(rest[0], readable, Number(rest[2]))
    })
  }
  const cpu = process.cpuUsage(cpuBefore)
  const measurement: Measurement = {
    rows,
    wallMs: Number(process.hrtime.bigint() - begun) / 1e6,
    cpuMs: (cpu.user + cpu.system) / 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
  console.log(JSON.stringify(measurement))
}

/** One batch at a time: a parser that can't wait leaves its rows in a queue, as it does in a real action. */
async function readSlowly(parser: string, readable: Readable, batchMs: number): Promise<number> {
  let rows = 0
  let batch: unknown[] = []
  let sending = Promise.resolve()
  const send = async (full: unknown[]) => {
    await new Promise((resolve) => setTimeout(resolve, batchMs))
    rows += full.length
  }
  await PARSERS[parser](readable, async (row) => {
    batch.push(row)
    if (batch.length < BATCH_ROWS) {
      return undefined
    }
    const full = batch
    batch = []
    sending = sending.then(async () => send(full))
    return sending
  })
  await sending
  return rows + batch.length
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
