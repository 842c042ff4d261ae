import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

const USAGE = "/rest/v1/stats/usage.json"

describe("Marketo sandbox: limits", () => {
  let client: SandboxClient
  let time: number
  const code = async () => (await client.get(USAGE)).code

  beforeEach(async () => {
    time = Date.parse("2026-08-17T05:00:00Z")
    client = await SandboxClient.start({ now: () => time })
  })

  afterEach(async () => client.stop())

  it("answers 606 to the 101st call in any 20 seconds, and counts it", async () => {
    for (let call = 0; call < 100; call++) {
      expect(await code()).to.equal(undefined)
      time += 10
    }
    expect((await client.get(USAGE)).errors)
      .to.deep.equal([{ code: "606", message: "Max rate limit '100' exceeded with in '20' secs" }])
    expect(client.sandbox.limits.callsInWindow).to.equal(101)
    expect(client.sandbox.ledger.highestCallsInWindow()).to.equal(101)
    time += 18_999
    expect(await code()).to.equal("606")
    time += 100
    expect(await code()).to.equal(undefined)
  })

  it("does not count answers with an exempt code", async () => {
    for (const exempt of ["604", "608", "611"]) {
      client.sandbox.failNext("dailyUsage", { kind: "error", code: exempt })
      expect(await code()).to.equal(exempt)
    }
    await client.get(USAGE, { token: "unknown" })
    expect(client.sandbox.limits.callsInWindow).to.equal(0)
    expect(client.sandbox.limits.dailyUsed).to.equal(0)
    expect(client.sandbox.ledger.calls.map(({ counted }) => counted)).to.deep.equal([false, false, false, false])
    await client.get("/rest/v1/nothing.json")
    expect(client.sandbox.limits.callsInWindow).to.equal(1)
  })

  it("answers 615 at once to the 11th simultaneous call and frees a slot with each answer", async () => {
    client.sandbox.knobs.latency.read = 60
    const codes = await Promise.all(Array.from({ length: 11 }, code))
    expect(codes.filter((one) => one === "615")).to.have.length(1)
    expect(codes.filter((one) => one === undefined)).to.have.length(10)
    expect(client.sandbox.ledger.highestConcurrency).to.equal(10)
    expect(client.sandbox.limits.callsInWindow).to.equal(11)
    expect(await code()).to.equal(undefined)
    expect(client.sandbox.limits.concurrency).to.equal(0)
  })

  it("answers 607 past the daily quota, until 06:00 UTC", async () => {
    client.sandbox.knobs.dailyQuota = 2
    expect([await code(), await code()]).to.deep.equal([undefined, undefined])
    expect((await client.get(USAGE)).errors).to.deep.equal([{ code: "607", message: "Daily quota reached" }])
    time = Date.parse("2026-08-17T05:59:59Z")
    expect(await code()).to.equal("607")
    time = Date.parse("2026-08-17T06:00:00Z")
    expect(await code()).to.equal(undefined)
    expect(client.sandbox.limits.dailyUsed).to.equal(1)
  })

  it("shares the limits among all clients of the instance", async () => {
    await client.stop()
    client = await SandboxClient.start({ rateLimit: 2, customServices: [{}, {}] })
    const [one, other] = client.sandbox.services.map(({ clientId }) => client.sandbox.identity.issue(clientId))
    await client.get(USAGE, { token: one })
    await client.get(USAGE, { token: other })
    expect((await client.get(USAGE, { token: one })).code).to.equal("606")
  })

  it("lets another tenant eat rate, slots and quota", async () => {
    client.sandbox.knobs.backgroundTenant = { callsPerWindow: 99, slots: 0 }
    expect([await code(), await code()]).to.deep.equal([undefined, "606"])
    client.sandbox.knobs.backgroundTenant = { callsPerWindow: 0, slots: 10 }
    expect(await code()).to.equal("615")
    client.sandbox.knobs.backgroundTenant = { callsPerWindow: 50, slots: 0 }
    const used = client.sandbox.limits.dailyUsed
    time += 40_000
    expect(client.sandbox.limits.dailyUsed).to.equal(used + 100)
  })

  it("runs Marketo's time faster when asked to", async () => {
    await client.stop()
    client = await SandboxClient.start({ speed: 20, latency: "marketo" })
    expect(client.sandbox.knobs).to.include({ rateWindowMs: 1000 })
    expect(client.sandbox.knobs.latency).to.include({ sync: 60, read: 20 })
  })
})
