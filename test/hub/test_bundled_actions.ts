import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as http from "http"
import { AddressInfo } from "net"
import * as httpRequest from "request-promise-native"
import * as sinon from "sinon"
import { PassThrough, Readable } from "stream"
import * as winston from "winston"
import { DebugAction, registerDebugAction } from "../../src/actions/debug/debug"
import { QueueTestAction } from "../../src/actions/queueaction/queue_action_for_testing"
import { WebhookAction } from "../../src/actions/webhook/webhook"
import * as Hub from "../../src/hub"
import { fetchForm, receivedRequest, runAction } from "../support/run_action"

chai.use(chaiAsPromised)
const { expect } = chai

function keepTheLogQuiet() {
  beforeEach(() => {
    sinon.stub(winston, "info")
    sinon.stub(winston, "error")
  })

  afterEach(() => sinon.restore())
}

describe("DebugAction", () => {
  keepTheLogQuiet()

  it("takes every type of request and says how long it slept", async () => {
    for (const type of ["cell", "query", "dashboard"]) {
      const { looker } = await runAction(new DebugAction(), { type, form_params: { sleep: "1" } })
      expect(looker).to.include({
        success: true,
        message: "Completed debug action successfully by doing sleep 1 ms....",
      })
    }
  })

  it("sleeps a second unless told otherwise", async () => {
    const clock = sinon.useFakeTimers()
    const answer = runAction(new DebugAction(), { type: "query" })
    await clock.tickAsync(1000)
    expect((await answer).looker.message).to.contain("sleep 1000 ms")
  })

  it("points at its form field when the sleep is no number", async () => {
    const { looker } = await runAction(new DebugAction(), { type: "query", form_params: { sleep: "long" } })
    expect(looker.success).to.equal(false)
    expect(looker.validation_errors).to.have.all.keys("sleep")
  })

  it("ends its sleep when the run must wind up", async () => {
    const request = receivedRequest({ type: "query", form_params: { sleep: "3600000" } })
    const stop = new AbortController()
    Hub.attachStopSignal(request, stop.signal)
    const response = new DebugAction().validateAndExecute(request)
    stop.abort()
    await expect(response).to.eventually.include({ success: false })
  })

  it("asks for the sleep and for a download URL", async () => {
    const { fields } = await fetchForm(new DebugAction(), {})
    expect(fields?.map((field) => field.name)).to.deep.equal(["sleep", "simulated_download_url"])
  })
})

describe("registerDebugAction", () => {
  let registered: Hub.Action[]
  let endpoint: string | undefined

  beforeEach(() => {
    registered = Hub.actions.splice(0)
    endpoint = process.env.ACTION_HUB_DEBUG_ENDPOINT
  })

  afterEach(() => {
    Hub.actions.splice(0, Hub.actions.length, ...registered)
    if (endpoint === undefined) {
      delete process.env.ACTION_HUB_DEBUG_ENDPOINT
    } else {
      process.env.ACTION_HUB_DEBUG_ENDPOINT = endpoint
    }
  })

  it("adds the action only when ACTION_HUB_DEBUG_ENDPOINT is set", () => {
    delete process.env.ACTION_HUB_DEBUG_ENDPOINT
    registerDebugAction()
    expect(Hub.actions).to.deep.equal([])
    process.env.ACTION_HUB_DEBUG_ENDPOINT = "yes"
    registerDebugAction()
    expect(Hub.actions.map((action) => action.name)).to.deep.equal(["debug"])
  })
})

describe("QueueTestAction", () => {
  for (const success of [true, false]) {
    it(`answers success ${success} when its attachment says so`, async () => {
      const { looker } = await runAction(new QueueTestAction(), {
        type: "query",
        attachment: { mimetype: "application/json", extension: "json", data: { success } },
      })
      expect(looker.success).to.equal(success)
    })
  }

  it("wants a process of its own", () => {
    expect(new QueueTestAction().executeInOwnProcess).to.equal(true)
  })
})

describe("WebhookAction", () => {
  keepTheLogQuiet()

  class LocalWebhookAction extends WebhookAction {

    name = "local_webhook"
    label = "Local Webhook"
    description = ""

    constructor(public domain = "127.0.0.1") {
      super()
    }

    async form() {
      const form = new Hub.ActionForm()
      form.fields = [{ label: "Webhook URL", name: "url", required: true, type: "string" }]
      return form
    }

  }

  let receiver: http.Server
  let received: { method?: string, text: string }[]
  let answerStatus: number

  beforeEach(async () => {
    received = []
    answerStatus = 200
    receiver = http.createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        received.push({ method: request.method, text: Buffer.concat(chunks).toString("utf8") })
        response.writeHead(answerStatus).end("ok")
      })
    })
    await new Promise<void>((resolve) => { receiver.listen(0, "127.0.0.1", resolve) })
  })

  afterEach(async () => {
    receiver.closeAllConnections()
    await new Promise((resolve) => { receiver.close(resolve) })
  })

  const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  const attachment = { mimetype: "text/csv", extension: "csv", data: "a,b\n1,2\n" }

  it("posts the data as it is", async () => {
    const { looker } = await runAction(new LocalWebhookAction(), {
      type: "query", attachment, form_params: { url: address() },
    })
    expect(looker.success).to.equal(true)
    expect(received).to.deep.equal([{ method: "POST", text: "a,b\n1,2\n" }])
  })

  it("answers that it failed, and with which status, when the receiver refuses", async () => {
    answerStatus = 503
    const { looker } = await runAction(new LocalWebhookAction(), {
      type: "query", attachment, form_params: { url: address() },
    })
    expect(looker.success).to.equal(false)
    expect(looker.message).to.contain("503")
  })

  it("posts through the client's namespace, where tests replace it, and takes the callback's word", async () => {
    const post = sinon.stub(httpRequest, "post").callsFake(((options: { body: Readable }, done: () => void) => {
      options.body.resume().once("end", done)
    }) as unknown as typeof httpRequest.post)
    const { looker } = await runAction(new LocalWebhookAction(), {
      type: "query", attachment, form_params: { url: address() },
    })
    expect(looker.success).to.equal(true)
    expect(post.calledOnceWith(sinon.match({ url: address() }))).to.equal(true)
    expect(received).to.deep.equal([])
  })

  it("leaves no complete body with the receiver when the data breaks off", async () => {
    const request = receivedRequest({ type: "query", attachment, form_params: { url: address() } })
    const source = new PassThrough()
    sinon.stub(request, "stream").callsFake(async (callback) => callback(source))
    const response = new LocalWebhookAction().validateAndExecute(request)
    receiver.once("request", () => source.destroy(new Error("The download broke off.")))
    source.write("a,b\n")
    await expect(response).to.eventually.include({ success: false, message: "The download broke off." })
    expect(received).to.deep.equal([])
  })

  it("answers that it failed when there is nothing to post", async () => {
    const { looker } = await runAction(new LocalWebhookAction(), {
      type: "query", attachment: { extension: "csv" }, form_params: { url: address() },
    })
    expect(looker.success).to.equal(false)
    expect(looker.message).to.match(/^startStream was called/)
  })

  it("answers that it failed when nobody listens", async () => {
    const url = address()
    await new Promise((resolve) => { receiver.close(resolve) })
    const { looker } = await runAction(new LocalWebhookAction(), { type: "query", attachment, form_params: { url } })
    expect(looker.success).to.equal(false)
    expect(looker.message).to.contain("ECONNREFUSED")
    receiver = http.createServer().listen(0, "127.0.0.1")
  })

  const refusals: [string, string | undefined, string][] = [
    ["no address", undefined, "Missing url."],
    ["an address elsewhere", "http://abc.com/", "Incorrect domain for url."],
    ["an address that only ends like the domain", "http://badexample.com/", "Incorrect domain for url."],
    ["an address that has the domain in its path", "http://abc.com/example.com", "Incorrect domain for url."],
    ["an address that is none", "example.com", "Incorrect domain for url."],
  ]
  for (const [situation, url, text] of refusals) {
    it(`rejects ${situation} with a text`, async () => {
      const reason: unknown = await runAction(new LocalWebhookAction("example.com"), {
        type: "query", attachment, form_params: { url },
      }).then(() => expect.fail("it resolved"), (caught: unknown) => caught)
      expect(reason).to.equal(text)
    })
  }

  it("asks for what its subclass asks for", async () => {
    await expect(fetchForm(new LocalWebhookAction(), {})).to.eventually.deep.equal({
      fields: [{ label: "Webhook URL", name: "url", required: true, type: "string" }],
    })
  })
})
