import { expect } from "chai"
import type { ClientRequest, IncomingMessage } from "http"
import * as Hub from "../../src/hub"
import { deferred, HubUnderTest, ScriptedAction } from "../server/hub_under_test"
import { leaveOut } from "../support/left_out"
import { isInstalled, PROXIES, ProxyKind, ProxyUnderTest } from "./proxy_under_test"

/** The newlines of an hour, which take 12 seconds here, six of the proxy's time-outs. */
const HOUR_OF_NEWLINES = 120
const NEWLINE_MS = 100

/** What time-outs of 120 s are here. */
const TIMEOUT_MS = 2000

const MB = 1024 * 1024

describe("The proxies' recipes", function() {
  this.timeout(120_000)

  for (const kind of PROXIES) {
    if (isInstalled(kind)) {
      describe(kind.name, () => behindProxy(kind))
    } else {
      leaveOut(`The proxies' recipes: ${kind.name}`,
        `${kind.program} is not on this machine; to run them: apt-get install ${kind.program}`)
    }
  }
})

function behindProxy(kind: ProxyKind): void {
  let hub: HubUnderTest
  let proxy: ProxyUnderTest

  beforeEach(() => {
    hub = new HubUnderTest()
    proxy = new ProxyUnderTest()
  })
  afterEach(async () => {
    await proxy.stop()
    await hub.stop()
  })

  function execute(): ClientRequest {
    return proxy.request("POST", "/actions/scripted/execute", hub.lookerHeaders as Record<string, string>)
  }

  it("lets a body of 250 MB through, in pieces of unknown number, and refuses a larger one", async () => {
    let received = 0
    await hub.start([new ScriptedAction({
      supportedFormats: [Hub.ActionFormat.Csv], execute: async (request) => {
        received = (request.attachment?.dataBuffer ?? Buffer.alloc(0)).length
        return new Hub.ActionResponse({ success: true })
      },
    })])
    await proxy.start(kind, hub.port, 120_000)
    const beginning = "{\"type\":\"query\",\"attachment\":{\"mimetype\":\"text/csv\",\"extension\":\"csv\",\"data\":\""
    const end = "\"}}"
    const bytes = 250 * MB - beginning.length - end.length
    const request = execute()
    const answer = answered(request)
    await write(request, beginning)
    for (let left = bytes; left > 0; left -= MB) {
      await write(request, "x".repeat(Math.min(MB, left)))
    }
    request.end(end)
    expect(await answer).to.include({ status: 200 })
    expect(received).to.equal(bytes)

    const tooLarge = proxy.request("POST", "/actions/scripted/execute",
      { ...hub.lookerHeaders as Record<string, string>, "content-length": String(250 * MB + 1) })
    const refusal = answered(tooLarge)
    tooLarge.write("{")
    expect((await refusal).status).to.equal(413)
    tooLarge.destroy()
  })

  it("holds the answer of a run of an hour, and passes each newline on", async () => {
    const { promise: hourIsOver, resolve: endHour } = deferred<void>()
    await hub.start([new ScriptedAction({ execute: async () => {
      await hourIsOver
      return new Hub.ActionResponse({ success: true, message: "an hour later" })
    } })], { keepAliveIntervalMs: NEWLINE_MS })
    await proxy.start(kind, hub.port, TIMEOUT_MS)
    const request = execute()
    // The run ends because its newlines arrive: a proxy that keeps them to itself would wait for ever.
    const answer = answered(request, (text) => {
      if (text.length >= HOUR_OF_NEWLINES) {
        endHour()
      }
    })
    request.end("{\"type\":\"query\"}")
    const { status, body } = await answer
    expect(status).to.equal(200)
    expect(body).to.match(/^\n{120,}\{"looker":.*an hour later/)
  })

  it("gives up on a hub that is silent for longer than it may be", async () => {
    const { promise: never, resolve: release } = deferred<void>()
    await hub.start([new ScriptedAction({ execute: async () => {
      await never
      return new Hub.ActionResponse({ success: true })
    } })], { keepAliveIntervalMs: 3_600_000 })
    await proxy.start(kind, hub.port, TIMEOUT_MS)
    const request = execute()
    const answer = answered(request)
    request.end("{\"type\":\"query\"}")
    const { status } = await answer.catch(() => ({ status: 0 }))
    expect(status).to.be.oneOf([0, 502, 504])
    release()
  })

  it("keeps the hub's figures from the outside", async () => {
    await hub.start([])
    await proxy.start(kind, hub.port, 120_000)
    // The hub takes all of these for the same.
    for (const path of ["/metrics", "/metrics/", "/METRICS", "/Metrics/", "/metrics?name=1"]) {
      const request = proxy.request("GET", path, {})
      const answer = answered(request)
      request.end()
      const { status, headers } = await answer
      expect(status, path).to.equal(404)
      // The hub's own 404 has this header.
      expect(headers, path).not.to.have.property("referrer-policy")
    }
  })
}

async function answered(request: ClientRequest, onText: (text: string) => void = () => undefined) {
  return new Promise<{ status: number, body: string, headers: IncomingMessage["headers"] }>((resolve, reject) => {
    request.on("error", reject)
    request.on("response", (response) => {
      let body = ""
      response.setEncoding("utf8")
      response.on("data", (text: string) => {
        body += text
        onText(body)
      })
      response.on("error", reject)
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
  })
}

async function write(request: ClientRequest, text: string): Promise<void> {
  if (!request.write(text)) {
    await new Promise((resolve) => request.once("drain", resolve))
  }
}
