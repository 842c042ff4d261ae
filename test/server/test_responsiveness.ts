import { expect } from "chai"
import * as http from "http"
import type { AddressInfo } from "net"
import * as path from "path"

import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import { HubUnderTest, ScriptedAction } from "./hub_under_test"

const PROGRAM = path.resolve(__dirname, "..", "xpc", "probe_process.ts")
const ROWS = 500_000
const ROWS_PER_PIECE = 1000
/** Far above what a hub needs that is free to answer, far below the seconds that half a million rows take to read. */
const PROMPT_MS = 1000

describe("A hub while a run of 500,000 rows proceeds", function () {
  this.timeout(120_000)

  const hub = new HubUnderTest()
  const queue = new ExecuteProcessQueue({ program: PROGRAM })
  let looker: http.Server

  before(async () => {
    looker = http.createServer((_request, response) => sendRows(response))
    await new Promise<void>((resolve) => looker.listen(0, "127.0.0.1", resolve))
    await hub.start([new ScriptedAction({ name: "probe", executeInOwnProcess: true })], {}, { executeQueue: queue })
  })
  after(async () => {
    await queue.close()
    await hub.stop()
    looker.close()
  })

  it("answers GET /status promptly: 99 times of 100", async () => {
    let isRunning = true
    const run = hub.post("/actions/probe/execute", {
      type: "query",
      form_params: { behaviour: "countRows" },
      scheduled_plan: { download_url: `http://127.0.0.1:${(looker.address() as AddressInfo).port}/` },
    }).finally(() => { isRunning = false })
    const delaysMs: number[] = []
    while (isRunning) {
      const askedAt = performance.now()
      expect((await hub.get("/status")).status).to.equal(200)
      delaysMs.push(performance.now() - askedAt)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect((await run).body).to.include(`"message":"${ROWS}"`).and.include("\"success\":true")
    delaysMs.sort((one, other) => one - other)
    expect(delaysMs[Math.ceil(delaysMs.length * 0.99) - 1]).to.be.lessThan(PROMPT_MS)
  })
})

/** Writes a result of so many rows, the same piece over and over: making them must not keep this process busy. */
function sendRows(response: http.ServerResponse): void {
  const row = JSON.stringify({ "users.email": { value: "jo@example.com" }, "users.name": { value: "Jo" } })
  const piece = Buffer.from(`${row},`.repeat(ROWS_PER_PIECE - 1) + row)
  response.write("{\"fields\":{\"dimensions\":[]},\"data\":[")
  let sent = 0
  const send = () => {
    while (sent < ROWS) {
      sent += ROWS_PER_PIECE
      response.write(sent === ROWS_PER_PIECE ? "" : ",")
      if (!response.write(piece)) {
        response.once("drain", send)
        return
      }
    }
    response.end("]}")
  }
  send()
}
