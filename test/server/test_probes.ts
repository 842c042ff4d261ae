import { expect } from "chai"
import * as fs from "fs"
import { tmpdir } from "os"
import * as path from "path"

import * as Hub from "../../src/hub"
import { HubUnderTest, ScriptedAction, ScriptedQueue, deferred } from "./hub_under_test"

const PATH = "/actions/scripted/execute"

describe("Probes", () => {
  let hub: HubUnderTest

  beforeEach(() => { hub = new HubUnderTest() })
  afterEach(async () => hub.stop())

  const readiness = async () => {
    const { status, headers, body } = await hub.get("/readyz")
    expect(headers["cache-control"]).to.equal("no-store")
    return { status, ...JSON.parse(body) as { ready: boolean, checks: object, reasons: string[] } }
  }

  it("say without a key that the hub serves and is ready, and leave no line in the log", async () => {
    await hub.start([new ScriptedAction()])
    expect(await hub.get("/livez")).to.include({ status: 200, body: "{\"live\":true}" })
    expect(await readiness()).to.deep.equal({
      status: 200, ready: true, reasons: [],
      checks: {
        running: true, configuration: true, executeProcess: true, coordination: true, spool: true, state: true,
      },
    })
    expect((await hub.ask("HEAD", "/readyz")).status).to.equal(200)
    expect(hub.logLines.filter((line) => line.includes("z\"") && !line.includes("\"debug\""))).to.deep.equal([])
  })

  it("give the reasons of a hub that is not ready, and the log has them once", async () => {
    const counts = { wanted: 1, ready: 0, starting: 0, ending: 0, runs: 0 }
    const executeQueue = Object.assign(new ScriptedQueue(), { processes: () => counts })
    const directory = path.join(tmpdir(), "not-there-for-probes")
    process.env.ACTION_HUB_SPOOL_DIRECTORY = directory
    await hub.start([new ScriptedAction()], {}, { executeQueue })
    const reasons = [
      "No execute process is up.", "The directory of ACTION_HUB_SPOOL_DIRECTORY cannot be written to (ENOENT).",
    ]
    for (const time of ["at first", "again"]) {
      const report = await readiness()
      expect(report, time).to.deep.include({ status: 503, ready: false, reasons })
      expect(report.checks).to.include({ running: true, executeProcess: false, spool: false })
    }
    expect((await hub.get("/livez")).status).to.equal(200)
    const lines = hub.logLines.filter((line) => line.includes("not ready"))
    expect(lines).to.have.length(1)
    expect(hub.logText).to.not.include(directory)
    expect(fs.existsSync(directory)).to.equal(false)
  })

  it("say while runs end that the process lives and is not ready", async () => {
    const begun = deferred<void>()
    const ended = deferred<Hub.ActionResponse>()
    await hub.start([new ScriptedAction({
      execute: async () => {
        begun.resolve()
        return ended.promise
      },
    })], { shutdownGraceMs: 60_000 })
    const answer = hub.post(PATH)
    await begun.promise
    const stopped = hub.server.stop()
    expect(await readiness()).to.deep.include({ status: 503, reasons: ["The hub is shutting down."] })
    expect((await hub.get("/livez")).status).to.equal(200)
    expect((await hub.post(PATH)).status).to.equal(503)
    ended.resolve(new Hub.ActionResponse({ message: "done" }))
    expect((await answer).status).to.equal(200)
    await stopped
  })

  it("are not ready during the delay before a shutdown, while executions still begin", async () => {
    await hub.start([new ScriptedAction()], { shutdownDelayMs: 60_000, shutdownGraceMs: 60_000 })
    const stopped = hub.server.stop()
    expect(await readiness()).to.deep.include({ status: 503, reasons: ["The hub is shutting down."] })
    expect((await hub.get("/status")).status).to.equal(503)
    const answer = await hub.post(PATH)
    expect(answer).to.include({ status: 200 })
    expect(answer.body).to.include("done")
    expect(answer.headers.connection).to.equal("close")
    // A second signal ends the delay.
    void hub.server.stop()
    await stopped
  })

  it("have no delay for a hub that should not go on", async () => {
    await hub.start([new ScriptedAction()], { shutdownDelayMs: 60_000 })
    await hub.server.stop({ skipsDelay: true })
    expect(await hub.get("/livez").catch(({ code }: { code: string }) => code)).to.equal("ECONNREFUSED")
  })

  it("find runs that wait, and processes, in /status", async () => {
    const executeQueue = Object.assign(new ScriptedQueue(), {
      processes: () => ({ wanted: 2, ready: 1, starting: 1, ending: 0, runs: 20 }),
    })
    await hub.start([new ScriptedAction()], {}, { executeQueue })
    executeQueue.queue.concurrency = 1
    const ended = deferred<void>()
    const work = [1, 2, 3].map(async () => executeQueue.queue.add(async () => ended.promise))
    const status = JSON.parse((await hub.get("/status")).body) as object
    expect(status).to.deep.include({
      runsInFlight: 0, runsWaiting: 2,
      processes: { execute: { wanted: 2, ready: 1, starting: 1, ending: 0, runs: 20 } },
    })
    ended.resolve()
    await Promise.all(work)
  })
})

describe("The client's address in the log", () => {
  let hub: HubUnderTest

  beforeEach(() => { hub = new HubUnderTest() })
  afterEach(async () => hub.stop())

  for (const [given, trustProxy, expected] of [
    ["nobody is trusted", false, "127.0.0.1"],
    ["one proxy is trusted", 1, "198.51.100.7"],
    ["proxies of an address are trusted", ["loopback", "198.51.100.0/24"], "203.0.113.5"],
    ["proxies of another address are trusted", ["10.0.0.0/8"], "127.0.0.1"],
  ] as const) {
    it(`is ${expected} if ${given}`, async () => {
      await hub.start([new ScriptedAction()], { trustProxy: trustProxy as false | number | string[] })
      await hub.get("/", { "x-forwarded-for": "203.0.113.5, 198.51.100.7" })
      const line = hub.logLines.find((entry) => entry.includes("\"GET /\""))
      expect(JSON.parse(line ?? "{}")).to.include({ client: expected })
    })
  }
})
