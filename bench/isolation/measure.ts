/** Time from handing a run over, or from its POST, to the first line of its action's code. */
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import * as winston from "winston"

import "./first_line_action"

import { ActionRequest } from "../../src/hub"
import { readSettings } from "../../src/hub/settings"
import { fromNonce } from "../../src/server/api_key"
import Server from "../../src/server/server"
import { serverSettings } from "../../src/server/server_settings"
import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import type { RunReply } from "../../src/xpc/process_messages"

const PROGRAM = path.join(__dirname, "first_line_process.js")
const COLD_ROUNDS = 7
const WARM_ROUNDS = 200
const LARGE_ROUNDS = 7
const MEGABYTE = 1024 * 1024

type Send = () => Promise<RunReply>

interface Row {
  what: string
  /** One for each round. */
  ms: number[]
}

function newQueue(): ExecuteProcessQueue {
  return new ExecuteProcessQueue({ program: PROGRAM })
}

function requestWith(attachmentBytes: number): ActionRequest {
  const request = new ActionRequest()
  request.actionId = "first_line"
  if (attachmentBytes > 0) {
    request.attachment = { dataBuffer: Buffer.alloc(attachmentBytes, "row,") }
  }
  return request
}

/** Milliseconds from now until the action that `send` reaches has begun. */
async function toFirstLine(send: Send): Promise<number> {
  const sentAt = process.hrtime.bigint()
  const reply = await send()
  if (!reply.success) {
    throw new Error(reply.message)
  }
  const [begunAt] = (reply.message ?? "").split(" ")
  return Number(BigInt(begunAt) - sentAt) / 1e6
}

async function repeat(rounds: number, measure: () => Promise<number>): Promise<number[]> {
  const ms: number[] = []
  for (let round = 0; round < rounds; round++) {
    ms.push(await measure())
  }
  return ms
}

/** Serves on a free port while `use` runs, and gives it a way to post one execution. */
async function serving<T>(use: (post: Send) => Promise<T>): Promise<T> {
  const queue = newQueue()
  const settings = { ...readSettings(serverSettings), port: 0, host: "127.0.0.1" }
  const server = new Server({ settings, executeQueue: queue })
  const { port } = (await server.start()).address() as AddressInfo
  const body = JSON.stringify({ type: "query", form_params: {}, data: {} })
  const headers = { "authorization": `Token token="${fromNonce("bench")}"`, "content-type": "application/json" }
  try {
    return await use(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/actions/first_line/execute`, {
        method: "POST", headers, body,
      })
      return (await response.json() as { looker: RunReply }).looker
    })
  } finally {
    await server.stop()
  }
}

async function coldQueue(): Promise<number> {
  const queue = newQueue()
  const ms = await toFirstLine(async () => queue.execute(requestWith(0)))
  await queue.close()
  return ms
}

async function afterKill(queue: ExecuteProcessQueue): Promise<number> {
  const { message } = await queue.execute(requestWith(0))
  const [, processId] = (message ?? "").split(" ")
  process.kill(Number(processId), "SIGKILL")
  return toFirstLine(async () => {
    let reply = await queue.execute(requestWith(0))
    while (!reply.success) {
      // handed over before the death was noticed
      reply = await queue.execute(requestWith(0))
    }
    return reply
  })
}

/** Until the last of `count` runs sent at once has begun. */
async function atOnce(queue: ExecuteProcessQueue, count: number): Promise<number> {
  const send = async () => queue.execute(requestWith(0))
  return Math.max(...await Promise.all(Array.from({ length: count }, async () => toFirstLine(send))))
}

async function measureAll(): Promise<Row[]> {
  const rows: Row[] = []
  rows.push({
    what: "POST, cold: no process yet",
    ms: await repeat(COLD_ROUNDS, async () => serving(toFirstLine)),
  })
  rows.push({
    what: "POST, warm",
    ms: await serving(async (post) => {
      await repeat(20, async () => toFirstLine(post))
      return repeat(WARM_ROUNDS, async () => toFirstLine(post))
    }),
  })
  rows.push({ what: "`execute()`, cold: no process yet", ms: await repeat(COLD_ROUNDS, coldQueue) })

  const queue = newQueue()
  await repeat(20, async () => toFirstLine(async () => queue.execute(requestWith(0))))
  rows.push({
    what: "`execute()`, warm",
    ms: await repeat(WARM_ROUNDS, async () => toFirstLine(async () => queue.execute(requestWith(0)))),
  })
  for (const megabytes of [1, 20, 100]) {
    const request = requestWith(megabytes * MEGABYTE)
    rows.push({
      what: `\`execute()\`, attachment of ${megabytes} MB`,
      ms: await repeat(LARGE_ROUNDS, async () => toFirstLine(async () => queue.execute(request))),
    })
  }
  for (const megabytes of [1, 20]) {
    const request = requestWith(megabytes * MEGABYTE)
    rows.push({
      what: `\`run()\`, attachment of ${megabytes} MB as JSON, written and read`,
      ms: await repeat(LARGE_ROUNDS, async () =>
        toFirstLine(async () => await queue.run(JSON.stringify(request)) as unknown as RunReply)),
    })
  }
  rows.push({ what: "20 at once, warm: the last one", ms: await repeat(LARGE_ROUNDS, async () => atOnce(queue, 20)) })
  rows.push({
    what: "`execute()` right after `kill -9` of the process",
    ms: await repeat(COLD_ROUNDS, async () => afterKill(queue)),
  })
  await queue.close()
  return rows
}

function table(rows: Row[]): string {
  const rounded = (ms: number) => ms < 100 ? ms.toFixed(1) : ms.toFixed(0)
  const lines = rows.map(({ what, ms }) => {
    const sorted = [...ms].sort((one, other) => one - other)
    const quantile = (share: number) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))])
    return `| ${what} | ${ms.length} | ${quantile(0)} | ${quantile(0.5)} | ${quantile(0.95)} |`
  })
  return ["| to the first line of the action | rounds | min ms | median ms | p95 ms |",
    "| --- | ---: | ---: | ---: | ---: |", ...lines].join("\n")
}

async function main(): Promise<void> {
  winston.remove(winston.transports.Console)
  const rows = await measureAll()
  console.log(`Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}\n\n${table(rows)}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
