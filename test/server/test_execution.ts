import { expect } from "chai"
import * as fc from "fast-check"
import * as http from "http"

import * as Hub from "../../src/hub"
import { readSettings } from "../../src/hub/settings"
import { executionSettings } from "../../src/xpc/execution_settings"
import {
  HubUnderTest, ScriptedAction, ScriptedQueue, deferred, eventually, failureMessage, rejecting,
} from "./hub_under_test"

const PATH = "/actions/scripted/execute"

describe("An execution", () => {
  let hub: HubUnderTest

  beforeEach(() => { hub = new HubUnderTest() })
  afterEach(async () => hub.stop())

  async function serve(
    execute: (request: Hub.ActionRequest) => Promise<unknown>, settings = {}, options = {},
  ): Promise<void> {
    await hub.start([new ScriptedAction({ execute: execute as Hub.Action["execute"] })], settings, options)
  }

  it("answers with the response, chunked, as JSON without a charset", async () => {
    await serve(async () => new Hub.ActionResponse({
      message: "Saved", refreshQuery: true, validationErrors: [{ field: "email", message: "is required" }],
    }))
    const answer = await hub.post(PATH)
    expect(answer.status).to.equal(200)
    expect(answer.headers["content-type"]).to.equal("application/json")
    expect(answer.headers["transfer-encoding"]).to.equal("chunked")
    expect(JSON.parse(answer.body)).to.deep.equal({
      looker: {
        message: "Saved", refresh_query: true, success: true, validation_errors: { email: "is required" },
      },
    })
  })

  it("gets what Looker said in headers and body, and a signal to stop", async () => {
    let received: Hub.ActionRequest | undefined
    await serve(async (request) => {
      received = request
      return new Hub.ActionResponse()
    })
    await hub.post(PATH, { type: "query", data: { key: "k" }, form_params: { a: "b" } })
    expect(received).to.include({
      instanceId: "instance-1", webhookId: "webhook-1", lookerVersion: "24.2.0", type: "query",
    })
    expect(received?.params).to.deep.equal({ key: "k" })
    expect(received?.formParams).to.deep.equal({ a: "b" })
    expect(received?.stopSignal?.aborted).to.equal(false)
  })

  it("is told to stop at its time limit, and reports", async () => {
    await serve(async (request) => new Promise((resolve) => {
      request.stopSignal?.addEventListener("abort", () => {
        resolve(new Hub.ActionResponse({ success: false, message: (request.stopSignal?.reason as Error).message }))
      })
    }), {}, { execution: { ...readSettings(executionSettings, {}), timeLimitMs: 5 } })
    expect(failureMessage(await hub.post(PATH))).to.equal("The run reached its time limit of 0.005 seconds")
  })

  describe("that fails", () => {
    const circular: { self?: unknown } = {}
    circular.self = circular

    for (const [what, thrown, message] of [
      ["a text", "No such list.", "No such list."],
      ["an Error", new Error("No such list."), "No such list."],
      ["an Error without a message", new RangeError(""), "RangeError"],
      ["an object with a message", { message: "No such list." }, "No such list."],
      ["another object", { a: 1 }, "{\"a\":1}"],
      ["a number", 42, "42"],
      ["null", null, "null"],
      ["undefined", undefined, "undefined"],
      ["an empty text", "", "The action failed without saying why."],
      ["a response", new Hub.ActionResponse({ success: false, message: "No such list." }), "No such list."],
      ["a response that claims success", new Hub.ActionResponse({ message: "No such list." }), "No such list."],
      ["the text \"route\", which Express gives a meaning", "route", "route"],
    ] as const) {
      it(`by throwing ${what} tells so in the ordinary shape`, async () => {
        await serve(async () => rejecting(thrown))
        const answer = await hub.post(PATH)
        expect(answer.status).to.equal(200)
        expect(failureMessage(answer)).to.equal(message)
      })
    }

    for (const [what, value] of [
      ["nothing", undefined], ["a plain object", { success: true }], ["null", null], ["a text", "done"],
    ] as const) {
      it(`by giving back ${what} says that there is no answer`, async () => {
        await serve(async () => value)
        expect(failureMessage(await hub.post(PATH))).to.equal("The action ended without an answer.")
      })
    }

    it("because its response cannot be written as JSON tells why", async () => {
      await serve(async () => {
        const response = new Hub.ActionResponse({ message: "done" })
        response.error = circular as unknown as Hub.ActionResponse["error"]
        return response
      })
      expect(failureMessage(await hub.post(PATH))).to.match(/circular/i)
    })

    it("before its first await tells why", async () => {
      await serve(() => { throw new Error("at once") })
      expect(failureMessage(await hub.post(PATH))).to.equal("at once")
    })

    it("for a request that cannot be read tells why, in the ordinary shape", async () => {
      await serve(async () => new Hub.ActionResponse())
      expect(failureMessage(await hub.post(PATH, { type: null }))).to.equal("Action did not specify a \"type\".")
      expect(failureMessage(await hub.post(PATH, {}))).to.match(/^No request type specified\./)
      expect(failureMessage(await hub.post(PATH, {
        type: "query", attachment: { mimetype: "application/json", extension: "json", data: "{broken" },
      }))).to.match(/JSON/)
    })

    it("keeps what it said out of the log, which tells where it happened", async () => {
      await serve(async () => { throw new TypeError("jo@example.com has no\n    at score 17") })
      await hub.post(PATH)
      expect(hub.logText).to.match(/"level": "error",\s+"message": "The run of scripted failed/).and.include("TypeError")
        .and.include("test_execution").and.include("webhook-1")
      expect(hub.logText).to.not.include("jo@example.com").and.not.include("score 17")
    })
  })

  it("answers any JSON body with one document and status 200", async () => {
    await serve(async () => new Hub.ActionResponse())
    const section = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined))
    const body = fc.record({
      type: fc.oneof(fc.constant("query"), section), attachment: section, scheduled_plan: section, data: section,
      form_params: section, state: section,
    })
    await fc.assert(fc.asyncProperty(body, async (sent) => {
      const answer = await hub.post(PATH, sent)
      expect(answer.status).to.equal(200)
      expect(JSON.parse(answer.body)).to.have.nested.property("looker.success")
    }), { numRuns: 60 })
  })

  describe("that takes its time", () => {
    const keepAlive = { keepAliveIntervalMs: 5 }

    /** Posts, waits for the first newline, lets the run end, and gives back the whole body. */
    async function bodyAfterNewline(end: () => void): Promise<string> {
      return new Promise((resolve, reject) => {
        const request = http.request({
          host: "127.0.0.1", port: hub.port, method: "POST", path: PATH, headers: hub.lookerHeaders,
        }, (response) => {
          expect(response.statusCode).to.equal(200)
          let body = ""
          response.once("data", end)
          response.on("data", (chunk: Buffer) => { body += chunk.toString() })
          response.on("end", () => resolve(body))
        })
        request.on("error", reject)
        request.end("{\"type\":\"query\"}")
      })
    }

    it("sends newlines and then exactly one document", async () => {
      const ended = deferred<Hub.ActionResponse>()
      await serve(async () => ended.promise, keepAlive)
      const body = await bodyAfterNewline(() => ended.resolve(new Hub.ActionResponse({ message: "late" })))
      expect(body).to.match(/^\n+\{[^\n]*\}$/)
      expect(JSON.parse(body)).to.have.nested.property("looker.message", "late")
    })

    for (const [what, thrown] of [["a text", "too late"], ["an Error", new Error("too late")]] as const) {
      it(`and then throws ${what} ends with one document that says so`, async () => {
        const ended = deferred<void>()
        await serve(async () => {
          await ended.promise
          await rejecting(thrown)
        }, keepAlive)
        const body = await bodyAfterNewline(ended.resolve)
        expect(body).to.match(/^\n+\{[^\n]*\}$/)
        expect(failureMessage({ status: 200, headers: {}, body })).to.equal("too late")
      })
    }

    it("goes on when Looker hangs up, and its outcome is logged", async () => {
      const begun = deferred<void>()
      const ended = deferred<Hub.ActionResponse>()
      let hasEnded = false
      await serve(async () => {
        begun.resolve()
        const response = await ended.promise
        hasEnded = true
        return response
      }, keepAlive)
      const request = http.request({
        host: "127.0.0.1", port: hub.port, method: "POST", path: PATH, headers: hub.lookerHeaders,
      })
      request.on("error", () => undefined)
      request.end("{\"type\":\"query\"}")
      await begun.promise
      request.destroy()
      await eventually(() => hub.logText.includes("hungUp"))

      ended.resolve(new Hub.ActionResponse({ message: "for jo@example.com" }))

      await eventually(() => hub.logText.includes("Looker hung up before the run of scripted ended."))
      expect(hasEnded).to.equal(true)
      expect(hub.logText).to.match(/"outcome": ?"success"/).and.not.include("jo@example.com")
      expect((await hub.get("/status")).status).to.equal(200)
    })
  })

  describe("in a process of its own", () => {
    it("goes through the queue for executions, one of an extended action through the other", async () => {
      const executeQueue = new ScriptedQueue(async () => ({ success: true, message: "ordinary" }))
      const extendedQueue = new ScriptedQueue(async () => ({ success: true, message: "extended" }))
      await hub.start([
        new ScriptedAction({ executeInOwnProcess: true }),
        new ScriptedAction({ name: "long", executeInOwnProcess: true, extendedAction: true }),
      ], {}, { executeQueue, extendedQueue })
      expect((await hub.post(PATH)).body).to.include("ordinary")
      expect((await hub.post("/actions/long/execute")).body).to.include("extended")
      expect(JSON.parse(executeQueue.received[0])).to.include({ actionId: "scripted", webhookId: "webhook-1" })
      expect(extendedQueue.received).to.have.length(1)
    })

    it("tells what the queue says of its failure", async () => {
      const executeQueue = new ScriptedQueue(async () => ({ success: false, message: "No such list." }))
      await hub.start([new ScriptedAction({ executeInOwnProcess: true })], {}, { executeQueue })
      expect(failureMessage(await hub.post(PATH))).to.equal("No such list.")
    })

    it("is answered when the queue rejects", async () => {
      const executeQueue = new ScriptedQueue(async () => { throw new Error("Out of memory.") })
      await hub.start([new ScriptedAction({ executeInOwnProcess: true })], {}, { executeQueue })
      expect(failureMessage(await hub.post(PATH))).to.equal("Out of memory.")
    })
  })

  it("leaves one line in the log, with the outcome and without parameters", async () => {
    await serve(async () => new Hub.ActionResponse({ success: false, message: "jo@example.com is unknown" }))
    await hub.post(`${PATH}?token=hush`, { type: "query", data: { key: "hush-hush" } })
    const lines = hub.logLines.map((line) => JSON.parse(line) as object)
    expect(lines, hub.logText).to.have.length(1)
    expect(lines[0]).to.include({
      message: `POST ${PATH}`, status: 200, webhookId: "webhook-1", outcome: "failure",
    }).and.to.have.property("durationMs").that.is.a("number")
    expect(hub.logText).to.not.include("hush").and.not.include("jo@example.com")
  })
})
