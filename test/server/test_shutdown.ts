import { expect } from "chai"

import * as Hub from "../../src/hub"
import { Answer, HubUnderTest, ScriptedAction, ScriptedQueue, deferred, eventually, failureMessage } from
  "./hub_under_test"

const PATH = "/actions/scripted/execute"
const FAR = 60_000

describe("Shutting down", () => {
  let hub: HubUnderTest
  let executeQueue: ScriptedQueue

  beforeEach(() => {
    hub = new HubUnderTest()
    executeQueue = new ScriptedQueue()
  })
  afterEach(async () => hub.stop())

  /** Starts a hub with one run in flight; gives back what that run will be answered with. */
  async function withRun(
    execute: (request: Hub.ActionRequest) => Promise<Hub.ActionResponse>, shutdownGraceMs: number, stopGraceMs = FAR,
  ): Promise<{ answer: Promise<Answer> }> {
    const begun = deferred<void>()
    await hub.start([new ScriptedAction({
      execute: async (request) => {
        begun.resolve()
        return execute(request)
      },
    })], { shutdownGraceMs }, { executeQueue, stopGraceMs })
    const answer = hub.post(PATH)
    await begun.promise
    return { answer }
  }

  /** A run that works until it is told to stop, and then reports. */
  async function reportWhenStopped(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    return new Promise((resolve) => {
      request.stopSignal?.addEventListener("abort", () => {
        const { message } = request.stopSignal?.reason as Error
        resolve(new Hub.ActionResponse({ success: false, message: `Stopped at row 12: ${message}` }))
      })
    })
  }

  it("is over at once when nothing is under way, and frees the port", async () => {
    await hub.start([new ScriptedAction()], { shutdownGraceMs: FAR }, { executeQueue })
    await hub.server.stop()
    const failure = await hub.get("/status").catch(({ code }: { code: string }) => code)
    expect(failure).to.equal("ECONNREFUSED")
    expect(executeQueue.calls).to.deep.equal(["close"])
  })

  it("lets a run end within the grace, and meanwhile takes no new one and is not ready", async () => {
    const ended = deferred<Hub.ActionResponse>()
    const { answer } = await withRun(async () => ended.promise, FAR)
    expect(JSON.parse((await hub.get("/status")).body)).to.include({ ready: true, runsInFlight: 1 })
    const stopped = hub.server.stop()

    const status = await hub.get("/status")
    expect(status.status).to.equal(503)
    expect(JSON.parse(status.body)).to.include({ ready: false, runsInFlight: 1 })
    const refused = await hub.post(PATH)
    expect(refused.status).to.equal(503)
    expect(failureMessage(refused)).to.match(/^The action hub is shutting down/)
    expect((JSON.parse(refused.body) as { error: string }).error).to.match(/^The action hub is shutting down/)
    expect(refused.headers.connection).to.equal("close")
    expect((await hub.post("/")).status).to.equal(200)

    ended.resolve(new Hub.ActionResponse({ message: "all rows sent" }))
    expect((await answer).body).to.include("all rows sent")
    await stopped
    expect(executeQueue.calls).to.deep.equal(["close"])
  })

  it("tells runs to stop after the grace and delivers their partial reports", async () => {
    const { answer } = await withRun(reportWhenStopped, 0)
    await hub.server.stop()
    expect(failureMessage(await answer)).to.equal("Stopped at row 12: The action hub is shutting down")
    expect(executeQueue.calls).to.deep.equal(["stopRuns", "close"])
  })

  it("cuts the grace short when asked again", async () => {
    const { answer } = await withRun(reportWhenStopped, FAR)
    const stopped = hub.server.stop()
    await hub.server.stop()
    await stopped
    expect(failureMessage(await answer)).to.match(/^Stopped at row 12/)
  })

  it("answers for a run that does not stop", async () => {
    const { answer } = await withRun(async () => new Promise(() => undefined), 0, 10)
    await hub.server.stop()
    expect(failureMessage(await answer)).to.match(/^The action hub was shut down before the run could report\./)
  })

  it("waits for work that goes on after an answer, as far as the grace reaches", async () => {
    const background = deferred<void>()
    const extendedQueue = new ScriptedQueue()
    await hub.start([new ScriptedAction()], { shutdownGraceMs: FAR }, { executeQueue, extendedQueue })
    void extendedQueue.queue.add(async () => background.promise)
    let isStopped = false
    const stopped = hub.server.stop().then(() => { isStopped = true })
    expect((await hub.get("/status")).status).to.equal(503)
    expect(isStopped).to.equal(false)
    background.resolve()
    await stopped
  })

  it("is over even if a queue fails to end", async () => {
    const stubborn = Object.assign(new ScriptedQueue(), { close: async () => { throw new Error("no") } })
    await hub.start([new ScriptedAction()], {}, { executeQueue, extendedQueue: stubborn })
    await hub.server.stop()
    await eventually(() => hub.logText.includes("The hub has shut down."))
    expect(hub.logText).to.include("The execute processes could not be ended properly.")
  })
})
