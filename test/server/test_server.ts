import { expect } from "chai"
import * as net from "net"

import { SettingsError } from "../../src/hub/settings"
import Server from "../../src/server/server"
import { HubUnderTest, ScriptedAction, eventually } from "./hub_under_test"

describe("A server", () => {
  const hub = new HubUnderTest()
  const odd = new ScriptedAction({ name: "odd/näme" })

  beforeEach(async () => hub.start([odd], { socketTimeoutMs: 123_000 }))
  afterEach(async () => hub.stop())

  it("gives actions absolute addresses below the base URL, as it is at the time", () => {
    const base = "https://hub.example.com/actions/odd%2Fn%C3%A4me"
    expect(hub.server.actionUrl(odd)).to.equal(`${base}/execute`)
    expect(hub.server.formUrl(odd)).to.equal(`${base}/form`)
    expect(hub.server.tokenUrl(odd)).to.equal(`${base}/oauth_token`)
    process.env.ACTION_HUB_BASE_URL = "https://other.example.com"
    expect(hub.server.actionUrl(odd)).to.match(/^https:\/\/other\.example\.com\/actions\//)
  })

  it("waits for a slow body for hours, and keeps idle connections longer than load balancers do", async () => {
    const listening = await new Server({ settings: { ...settings(), socketTimeoutMs: 123_000 } }).start()
    const { requestTimeout, keepAliveTimeout, headersTimeout, timeout } = listening
    await new Promise((resolve) => listening.close(resolve))
    expect(requestTimeout).to.be.at.least(3_600_000)
    expect(keepAliveTimeout).to.be.greaterThan(60_000)
    expect(headersTimeout).to.be.greaterThan(keepAliveTimeout)
    expect(timeout).to.equal(123_000)
  })

  it("rejects to start on a port that is taken", async () => {
    const failure = await new Server({ settings: { ...settings(), port: hub.port } }).start()
      .catch(({ code }: { code: string }) => code)
    expect(failure).to.equal("EADDRINUSE")
  })

  it("cannot be made with malformed variables", () => {
    process.env.ACTION_HUB_JSON_KEEPALIVE_SEC = "0"
    expect(() => new Server()).to.throw(SettingsError, "ACTION_HUB_JSON_KEEPALIVE_SEC")
  })

  it("goes on when a sender breaks off in the middle of a body", async () => {
    const headers = Object.entries(hub.lookerHeaders).map(([name, value]) => `${name}: ${String(value)}`)
    const half = ["POST / HTTP/1.1", "host: hub", "content-length: 1000", ...headers, "", "{\"type\":"].join("\r\n")
    const sender = net.connect(hub.port, "127.0.0.1")
    sender.write(half, () => sender.destroy())
    await eventually(() => hub.logText.includes("400"))
    expect((await hub.post("/")).status).to.equal(200)
  })

  it("goes on after bytes that are no HTTP", async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = net.connect(hub.port, "127.0.0.1", () => socket.write("\u0000\u0001 nonsense\r\n\r\n"))
      let received = ""
      socket.on("data", (chunk) => { received += chunk.toString() })
      socket.on("error", reject)
      socket.on("close", () => resolve(received))
    })
    expect(answer).to.match(/^HTTP\/1\.1 400 /)
    expect((await hub.post("/")).status).to.equal(200)
  })

  function settings() {
    return {
      port: 0, host: "127.0.0.1", socketTimeoutMs: 0, keepAliveIntervalMs: 1000, bodyLimitMb: 1,
      bodiesLimitMb: 2, shutdownGraceMs: 0,
    }
  }
})
