/** Loads the compiled hub as hostile or clumsy clients do, and measures what others notice of it. Linux only. */
import { execFile } from "child_process"
import { randomBytes } from "crypto"
import * as http from "http"
import { cpus } from "os"
import * as path from "path"
import { setTimeout as wait } from "timers/promises"
import { promisify } from "util"

import { HubProcess } from "../../sandbox/demo/hub_process"
import { fromNonce } from "../../src/server/api_key"
import { BenchHub } from "../runs/bench_hub"
import { processTree } from "../runs/process_figures"
import { LargeRows, peakOfLargeRows } from "./large_rows"

const SENDER = path.join(__dirname, "sender.ts")
const STATUS_EVERY_MS = 10
const MEGABYTE = 1024 * 1024

/** A load: its name for people and for the sender, and its size in megabytes or requests. */
interface Load {
  what: string
  name: string
  size: number
}

interface Measured {
  what: string
  seconds: number
  statusMs: number[]
  /** Peak resident memory, the hub's first. */
  peakBytes: number[]
  outcome: string
}

const FULL: Load[] = [
  { what: "nothing", name: "pipeline", size: 1 },
  { what: "a push of 49 MB of JSON", name: "pushText", size: 49 },
  { what: "a push of 241 MB of JSON", name: "pushText", size: 241 },
  { what: "a push of 241 MB of base64", name: "pushBase64", size: 241 },
  { what: "a gzip that unpacks to 200 MB of brackets", name: "bomb", size: 200 },
  { what: "10 connections, 5,000 pipelined GET /status on each", name: "pipeline", size: 5000 },
  { what: "10 connections, 2,000 pipelined GET / on each", name: "pipelinePage", size: 2000 },
  { what: "100 bodies of 20 MB without a key, connections that close", name: "refused", size: 20 },
]

const QUICK: Load[] = [
  { what: "a push of 49 MB of JSON", name: "pushText", size: 49 },
  { what: "a gzip that unpacks to 200 MB of brackets", name: "bomb", size: 200 },
  { what: "10 connections, 500 pipelined GET /status on each", name: "pipeline", size: 500 },
]

const LARGE_ROWS: Omit<LargeRows, "textBytes">[] = [
  { runs: 1, rowsEach: 600 }, { runs: 5, rowsEach: 600 }, { runs: 20, rowsEach: 600 },
  { runs: 20, rowsEach: 600, memoryMb: 96 }, { runs: 1, rowsEach: 3000, memoryMb: 96 },
]

const QUICK_ROWS = LARGE_ROWS.slice(0, 1)

async function main(isQuick: boolean) {
  const day = new Date().toISOString().slice(0, 10)
  console.log(`${day}, Node ${process.version}, ${cpus().length} x ${cpus()[0].model}\n`)
  const rows: Measured[] = []
  for (const load of isQuick ? QUICK : FULL) {
    rows.push(await measure(load))
  }
  rows.push(await measureRuns(isQuick ? 500 : 2500, isQuick ? 49 : 241))
  console.log(table(rows))
  rows.forEach(({ what, outcome }) => console.log(`- ${what}: ${outcome}`))
  console.log("\n| runs at once | rows each, of 25 KB | ceiling of the heap, MB | execute process, peak MB |\n" +
    "| ---: | ---: | ---: | ---: |")
  for (const rows of isQuick ? QUICK_ROWS : LARGE_ROWS) {
    const peak = await peakOfLargeRows({ ...rows, textBytes: 25_000 })
    console.log(`| ${rows.runs} | ${rows.rowsEach} | ${rows.memoryMb ?? "none"} | ${(peak / MEGABYTE).toFixed(0)} |`)
  }
}

/** One load upon a fresh hub. */
async function measure({ what, name, size }: Load): Promise<Measured> {
  const secret = randomBytes(32).toString("hex")
  process.env.ACTION_HUB_SECRET = secret
  const hub = await HubProcess.start({ ACTION_HUB_SECRET: secret })
  try {
    return { what, ...await observed(hub.url, async () => sent(hub.url, name, size)), peakBytes: peaks(hub.processId) }
  } finally {
    await hub.stop()
  }
}

/** Twenty sends at once, and a push, bombs and pipelined requests on top. */
async function measureRuns(rowsEach: number, megabytes: number): Promise<Measured> {
  const hub = await BenchHub.start(20)
  const url = hub.statusUrl.replace(/\/status$/, "")
  try {
    const result = await observed(url, async () => {
      const [, push, bomb] = await Promise.all([
        hub.send(Array.from({ length: 20 }, () => rowsEach), "none"), sent(url, "pushText", megabytes),
        sent(url, "bomb", 200), sent(url, "pipeline", 1000),
      ])
      return `every row applied; push ${push.slice(0, 40)}...; bomb ${bomb.slice(0, 40)}...`
    })
    return { what: `20 sends of ${rowsEach} rows, a push of ${megabytes} MB, a bomb, pipelined requests`, ...result,
      peakBytes: hub.processes().map(({ peakBytes }) => peakBytes) }
  } finally {
    await hub.stop()
  }
}

/** Asks for the status, again and again, while the work goes on. */
async function observed(url: string, work: () => Promise<string>): Promise<Omit<Measured, "what" | "peakBytes">> {
  const agent = new http.Agent({ keepAlive: true })
  const statusMs: number[] = []
  let isOver = false
  const startedAt = performance.now()
  const outcome = work().finally(() => { isOver = true })
  while (!isOver) {
    statusMs.push(await statusTime(url, agent))
    await wait(STATUS_EVERY_MS)
  }
  agent.destroy()
  return { outcome: await outcome, seconds: (performance.now() - startedAt) / 1000, statusMs }
}

async function statusTime(url: string, agent: http.Agent): Promise<number> {
  const askedAt = performance.now()
  return new Promise((resolve, reject) => {
    http.get(`${url}/status`, { agent }, (response) => {
      response.resume().on("end", () => resolve(performance.now() - askedAt))
    }).on("error", reject)
  })
}

async function sent(url: string, name: string, size: number): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath,
    [...process.execArgv, SENDER, url, fromNonce("bench"), name, String(size)])
  return stdout
}

function peaks(processId: number | undefined): number[] {
  return processId === undefined ? [] : processTree(processId).map(({ peakBytes }) => peakBytes)
}

function table(rows: Measured[]): string {
  const megabytes = (bytes: number | undefined) => bytes === undefined ? "" : (bytes / MEGABYTE).toFixed(0)
  return [
    "| while | s | status asked | median ms | 99th percentile | longest | hub, peak MB | execute process, peak MB |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows.map(({ what, seconds, statusMs, peakBytes }) => {
      const sorted = [...statusMs].sort((one, other) => one - other)
      const last = sorted.length - 1
      const quantile = (share: number) => sorted[Math.min(last, Math.floor(sorted.length * share))].toFixed(1)
      return `| ${what} | ${seconds.toFixed(1)} | ${sorted.length} | ${quantile(0.5)} | ${quantile(0.99)} | ` +
        `${quantile(1)} | ${megabytes(peakBytes[0])} | ${megabytes(peakBytes[1])} |`
    }),
    "",
  ].join("\n")
}

main(process.argv.includes("--quick")).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
