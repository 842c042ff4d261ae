import { expect } from "chai"
import * as http from "node:http"
import { FaultEffect } from "../../../../sandbox/marketo"
import { SandboxClient, outcome } from "../sandbox_client"

/** Lets the event loop turn until the condition holds, within reason. */
async function until(condition: () => boolean) {
  const givesUpAt = Date.now() + 5_000
  while (!condition()) {
    if (Date.now() > givesUpAt) {
      throw new Error("What was waited for never came about.")
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe("Marketo sandbox: connections that a fault breaks", () => {
  let client: SandboxClient
  const record = [{ email: "fault@example.com" }]
  const exists = () => client.sandbox.leads.find("email", "fault@example.com").length
  const failure = async () => client.sync(record).then(() => "answered", (error: Error) => String(error.cause))
  const next = async (effect: FaultEffect) => {
    client.sandbox.failNext("syncLeads", effect)
    return failure()
  }

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("closes its half of the connection without an answer, before and after execution", async () => {
    expect(await next({ kind: "halfClose" })).to.contain("other side closed")
    expect(exists()).to.equal(0)
    expect(await next({ kind: "halfClose", executes: true })).to.contain("other side closed")
    expect(exists()).to.equal(1)
  })

  it("cuts an answer by a reset, and lets one fall silent in the middle", async () => {
    client.sandbox.failNext("syncLeads", { kind: "truncate", share: 0.2, then: "reset" })
    await client.sync(record).then(() => expect.fail("answered"), (error: Error) => {
      expect(`${error.message} ${String(error.cause)}`).to.match(/ECONNRESET|terminated/)
    })
    client.sandbox.failNext("syncLeads", { kind: "truncate", share: 0.5, then: "silence" })
    const pieces: Buffer[] = []
    const request = http.request(`${client.sandbox.url}/rest/v1/leads.json`, { method: "POST", headers: {
      "Authorization": `Bearer ${client.sandbox.identity.issue()}`, "Content-Type": "application/json" } })
    const closed = new Promise<void>((resolve) => request.once("close", resolve))
    request.on("error", () => undefined)
    request.on("response", (response) => response.on("error", () => undefined)
      .on("data", (piece: Buffer) => pieces.push(piece)))
    request.end(JSON.stringify({ input: record }))
    await until(() => pieces.length > 0)
    expect(client.sandbox.limits.concurrency).to.equal(1)
    expect(Buffer.concat(pieces).toString()).to.match(/^\{"requestId":/).and.not.match(/\}$/)
    request.destroy()
    await closed
    await until(() => client.sandbox.limits.concurrency === 0)
  })

  it("can hang without executing", async () => {
    client.sandbox.failNext("syncLeads", { kind: "hang", executes: false })
    const controller = new AbortController()
    const call = fetch(`${client.sandbox.url}/rest/v1/leads.json`, { method: "POST", signal: controller.signal,
      headers: { "Authorization": `Bearer ${client.sandbox.identity.issue()}`, "Content-Type": "application/json" },
      body: JSON.stringify({ input: record }) }).then(() => "answered", () => "aborted")
    await until(() => client.sandbox.ledger.calls[0]?.fault === "hang")
    controller.abort()
    expect(await call).to.equal("aborted")
    expect(exists()).to.equal(0)
  })

  for (const effect of [
    { kind: "error", code: "604", commitsAfterMs: 30 },
    { kind: "http", status: 504, commitsAfterMs: 30 },
    { kind: "reset", when: "before", commitsAfterMs: 30 },
    { kind: "halfClose", commitsAfterMs: 30 },
    { kind: "outage", ms: 1, commitsAfterMs: 30 },
  ] satisfies FaultEffect[]) {
    it(`goes on running after ${effect.kind}, and commits later`, async () => {
      client.sandbox.failNext("syncLeads", effect)
      await client.sync(record).catch(() => undefined)
      expect(exists()).to.equal(0)
      await until(() => client.sandbox.ledger.calls[0].executed)
      expect(exists()).to.equal(1)
    })
  }

  it("takes part in the key race while it goes on running", async () => {
    client.sandbox.failNext("syncLeads", { kind: "error", code: "604", commitsAfterMs: 40 })
    expect((await client.sync(record)).code).to.equal("604")
    expect((await client.sync(record)).result.map(outcome)).to.deep.equal(["created"])
    await until(() => exists() === 2)
    expect(client.sandbox.ledger.duplicates).to.have.length(1)
    expect(client.sandbox.ledger.overlappingUpserts).to.have.length(1)
  })

  it("hits identity as well", async () => {
    const identity = async () => fetch(`${client.sandbox.url}/identity/oauth/token?grant_type=client_credentials`
      + `&client_id=${client.sandbox.clientId}&client_secret=${client.sandbox.clientSecret}`)
    client.sandbox.failNext("identity", { kind: "http", status: 403, body: "" })
    expect((await identity()).status).to.equal(403)
    client.sandbox.failNext("identity", { kind: "halfClose" })
    expect(await identity().catch((error: Error) => String(error.cause))).to.contain("other side closed")
    client.sandbox.failNext("identity", { kind: "envelope", set: { expires_in: 0 } })
    expect(await (await identity()).json()).to.include({ expires_in: 0 })
  })
})

describe("Marketo sandbox: outages", () => {
  let client: SandboxClient
  const ping = async () => client.get("/rest/v1/stats/usage.json")
    .then(({ httpStatus }) => String(httpStatus), (error: Error) => String(error.cause))

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("refuses connections until it comes back on the same port", async () => {
    const { url } = client.sandbox
    expect(await ping()).to.equal("200")
    const end = await client.sandbox.beginOutage()
    expect([await ping(), await ping()].join()).to.match(/ECONNREFUSED.*ECONNREFUSED/)
    await end()
    expect(await ping()).to.equal("200")
    expect(client.sandbox.url).to.equal(url)
    expect(client.sandbox.ledger.callsOf("dailyUsage")).to.have.length(2)
  })

  it("resets every connection, or leaves requests in silence", async () => {
    const end = await client.sandbox.beginOutage("reset")
    expect(await ping()).to.contain("ECONNRESET")
    await end()
    await client.sandbox.beginOutage("silent")
    const waiting = ping()
    const endSilence = await client.sandbox.beginOutage("silent")
    await endSilence()
    expect(await waiting).to.match(/ECONNRESET|200/)
    expect(await ping()).to.equal("200")
  })

  it("goes away for a while because of a call, executed or not", async () => {
    const email = "outage@example.com"
    client.sandbox.failNext("syncLeads", { kind: "outage", ms: 20, executes: true })
    expect(await client.sync([{ email }]).catch((error: Error) => String(error.cause))).to.contain("ECONNRESET")
    expect(client.sandbox.leads.find("email", email)).to.have.length(1)
    const givesUpAt = Date.now() + 5_000
    let answer = await ping()
    while (answer !== "200" && Date.now() < givesUpAt) {
      expect(answer).to.match(/ECONNREFUSED|ECONNRESET/)
      answer = await ping()
    }
    expect(answer).to.equal("200")
  })

  it("can be stopped during an outage", async () => {
    await client.sandbox.beginOutage()
    await client.stop()
  })

  it("resets idle connections on demand", async () => {
    expect(await ping()).to.equal("200")
    client.sandbox.resetConnections()
    expect(await ping()).to.match(/200|ECONNRESET/)
  })
})
