import { expect } from "chai"
import { FaultEffect } from "../../../../sandbox/marketo"
import { SandboxClient, outcome } from "../sandbox_client"

describe("Marketo sandbox: faults", () => {
  let client: SandboxClient
  const upsert = async (email = "fault@example.com") => client.sync([{ email }])
  const exists = () => client.sandbox.leads.find("email", "fault@example.com").length
  const trigger = async () => client.post("/rest/v1/campaigns/2001/trigger.json", { input: { leads: [{ id: 50001 }] } })

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("answers any response-level code in place of executing", async () => {
    for (const code of ["604", "606", "607", "608", "611", "614", "615", "713"]) {
      client.sandbox.failNext("syncLeads", { kind: "error", code })
      const answer = await upsert()
      expect(answer).to.deep.include({ httpStatus: 200, success: false, code })
    }
    expect(exists()).to.equal(0)
    expect((await upsert()).success).to.equal(true)
  })

  it("executes and then answers 604, 611 or HTTP 502: the ambiguous case", async () => {
    client.sandbox.failNext("requestCampaign", { kind: "error", code: "604", executes: true })
    expect((await trigger()).code).to.equal("604")
    client.sandbox.failNext("requestCampaign", { kind: "http", status: 502, executes: true })
    const answer = await trigger()
    expect(answer.httpStatus).to.equal(502)
    expect(answer.text).to.match(/^<html>/)
    expect(client.sandbox.ledger.campaignRequestCount(2001, 50001)).to.equal(2)
    expect(client.sandbox.ledger.calls.map(({ executed, counted }) => [executed, counted]))
      .to.deep.equal([[true, false], [true, true]])
  })

  it("resets the connection before or after executing", async () => {
    const failure = async () => upsert().then(() => "answered", (error: Error) => String(error.cause))
    client.sandbox.failNext("syncLeads", { kind: "reset", when: "before" })
    expect(await failure()).to.contain("ECONNRESET")
    expect(exists()).to.equal(0)
    client.sandbox.failNext("syncLeads", { kind: "reset", when: "after" })
    expect(await failure()).to.contain("ECONNRESET")
    expect(exists()).to.equal(1)
    expect(client.sandbox.ledger.calls.map(({ fault, httpStatus }) => [fault, httpStatus]))
      .to.deep.equal([["reset", 0], ["reset", 0]])
    expect(client.sandbox.limits.concurrency).to.equal(0)
  })

  it("breaks answers off, and sends malformed, empty, longer and shorter ones", async () => {
    const once = async (effect: FaultEffect) => {
      client.sandbox.failNext("syncLeads", effect)
      return client.sync([{ email: "one@example.com" }, { email: "two@example.com" }])
    }
    await once({ kind: "truncate" }).then(() => expect.fail("answered"),
      (error: Error) => expect(error.message).to.equal("terminated"))
    expect((await once({ kind: "malformed" })).json).to.deep.equal({})
    expect((await once({ kind: "malformed", text: "[]" })).text).to.equal("[]")
    expect((await once({ kind: "emptyBody" })).text).to.equal("")
    expect((await once({ kind: "resultLength", difference: 2 })).result).to.have.length(4)
    expect((await once({ kind: "resultLength", difference: -1 })).result).to.have.length(1)
  })

  it("drips an answer slowly, in whole, and adds up delays", async () => {
    client.sandbox.addFault({ effect: { kind: "delay", ms: 5 } })
    client.sandbox.addFault({ effect: { kind: "slowDrip", bytes: 20, everyMs: 1 } })
    expect((await upsert()).result.map(outcome)).to.deep.equal(["created"])
  })

  it("widens the key race of a delayed upsert", async () => {
    client.sandbox.failNext("syncLeads", { kind: "delay", ms: 40 })
    const slow = upsert()
    while (client.sandbox.ledger.calls[0]?.operation !== "syncLeads") {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const fast = await upsert()
    expect([...fast.result, ...(await slow).result].map(outcome)).to.deep.equal(["created", "created"])
    expect(client.sandbox.ledger.duplicates).to.have.length(1)
    expect(client.sandbox.ledger.overlappingUpserts).to.have.length(1)
  })

  it("never answers a hanging call, and keeps its slot until the client gives up", async () => {
    client.sandbox.failNext("dailyUsage", { kind: "hang" })
    const controller = new AbortController()
    const headers = { Authorization: `Bearer ${client.sandbox.identity.issue()}` }
    const call = fetch(`${client.sandbox.url}/rest/v1/stats/usage.json`, { headers, signal: controller.signal })
      .then(() => "answered", () => "aborted")
    while (client.sandbox.ledger.calls[0]?.executed !== true) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(client.sandbox.limits.concurrency).to.equal(1)
    controller.abort()
    expect(await call).to.equal("aborted")
    while (client.sandbox.limits.concurrency > 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

  it("skips single records by position or by lookup value, without writing them", async () => {
    client.sandbox.addFault({ match: { operation: "syncLeads" }, effect: { kind: "record", code: "1021",
      message: "Company update not allowed", positions: [0], lookupValue: "fault@example.com" } })
    const answer = await client.sync([{ email: "a@example.com" }, { email: "b@example.com" },
      { email: "FAULT@example.com" }])
    expect(answer.result.map(outcome)).to.deep.equal(["1021", "created", "1021"])
    expect(exists()).to.equal(0)
  })

  it("expires the token and uses up the daily quota in the middle of a run", async () => {
    const token = client.sandbox.identity.issue()
    client.sandbox.addFault({ match: { operation: "syncLeads" }, nth: 2, effect: { kind: "expireToken" } })
    const code = async () => (await client.post("/rest/v1/leads.json", { input: [{ email: "a@b.c" }] }, { token })).code
    expect([await code(), await code(), await code()]).to.deep.equal([undefined, "602", "602"])
    client.sandbox.failNext("syncLeads", { kind: "dailyQuotaReached" })
    expect([(await upsert()).code, (await upsert()).code]).to.deep.equal(["607", "607"])
  })

  it("matches by path, nth and every call, number of times, and lookup value in the batch", async () => {
    const codes = async (count: number) => {
      const all: (string | undefined)[] = []
      for (let call = 0; call < count; call++) {
        all.push((await upsert()).code)
      }
      return all
    }
    const effect: FaultEffect = { kind: "error", code: "608" }
    client.sandbox.addFault({ match: { path: /leads\.json$/ }, nth: [2, 3], effect })
    expect(await codes(4)).to.deep.equal([undefined, "608", "608", undefined])
    client.sandbox.faults.clear()
    client.sandbox.addFault({ match: { path: "/rest/v1/leads.json", method: "POST" }, every: 2, times: 1, effect })
    expect(await codes(4)).to.deep.equal([undefined, "608", undefined, undefined])
    client.sandbox.faults.clear()
    const remove = client.sandbox.addFault({ match: { lookupValue: "FAULT@example.com" }, effect })
    expect((await upsert("other@example.com")).code).to.equal(undefined)
    expect(await codes(1)).to.deep.equal(["608"])
    remove()
    expect(await codes(1)).to.deep.equal([undefined])
  })

  it("replays random faults exactly for one seed", async () => {
    const run = async (randomSeed: number) => {
      await client.stop()
      client = await SandboxClient.start({ randomSeed })
      client.sandbox.addFault({ probability: 0.5, effect: [{ kind: "error", code: "611" },
        { kind: "error", code: "713" }] })
      const codes: string[] = []
      for (let call = 0; call < 20; call++) {
        codes.push((await upsert()).code ?? "ok")
      }
      return codes.join(" ")
    }
    const first = await run(7)
    expect(first).to.contain("611").and.to.contain("713").and.to.contain("ok")
    expect(await run(7)).to.equal(first)
    expect(await run(8)).not.to.equal(first)
  })
})
