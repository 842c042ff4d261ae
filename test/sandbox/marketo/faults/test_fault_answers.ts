import { expect } from "chai"
import * as http from "node:http"
import { FaultEffect } from "../../../../sandbox/marketo"
import { SandboxClient, outcome } from "../sandbox_client"

/** A Sync Leads call without fetch, which follows redirects and makes an error of HTTP 407. */
async function plainRequest(client: SandboxClient, body: string) {
  return new Promise<{ status: number | undefined, headers: http.IncomingHttpHeaders, text: string }>(
    (resolve, reject) => {
      const headers = { "Authorization": `Bearer ${client.sandbox.identity.issue()}`,
        "Content-Type": "application/json" }
      http.request(`${client.sandbox.url}/rest/v1/leads.json`, { method: "POST", headers }, (response) => {
        const pieces: Buffer[] = []
        response.on("data", (piece: Buffer) => pieces.push(piece)).on("end", () => resolve(
          { status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() }))
      }).on("error", reject).end(body)
    })
}

const PAIR = [{ email: "one@example.com" }, { email: "two@example.com" }]

describe("Marketo sandbox: answers that a fault makes up", () => {
  let client: SandboxClient
  const once = async (effect: FaultEffect) => {
    client.sandbox.failNext("syncLeads", effect)
    return client.sync(PAIR)
  }
  const created = () => client.sandbox.ledger.leadsCreated

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("gives any response-level code, known to a table or not, as a text or a number", async () => {
    for (const code of ["500", 502, "611", 1234, "E-77", ""]) {
      const answer = await once({ kind: "error", code })
      expect(answer).to.include({ httpStatus: 200, success: false })
      expect(answer.json.errors).to.deep.equal([{ code, message: answer.errors[0].message }])
    }
    expect(created()).to.equal(0)
    expect(client.sandbox.ledger.rejectedByCode()).to.include({ 500: 1, 502: 1, 1234: 1, "E-77": 1 })
    expect((await once({ kind: "error", code: 502, executes: true })).errors)
      .to.deep.equal([{ code: 502, message: "Bad Gateway" }])
    expect(created()).to.equal(2)
  })

  it("gives several errors at once", async () => {
    const errors = [{ code: "1003", message: "one" }, { code: 606, message: "two" }]
    expect((await once({ kind: "error", code: "1003", errors })).errors).to.deep.equal(errors)
    expect((await once({ kind: "error", code: "1003", errors: [] })).errors).to.deep.equal([])
  })

  it("answers outside the envelope with any status, body and headers, before and after execution", async () => {
    const call = async (effect: FaultEffect) => {
      client.sandbox.failNext("syncLeads", effect)
      return plainRequest(client, JSON.stringify({ input: PAIR }))
    }
    for (const status of [200, 202, 302, 401, 403, 404, 407, 429, 500, 502, 503]) {
      const page = await call({ kind: "http", status, headers: { Location: "https://login.example.com/" } })
      expect([page.status, page.headers.location, page.headers["content-type"]])
        .to.deep.equal([status, "https://login.example.com/", "text/html"])
      expect(page.text).to.match(/^<html>/)
    }
    expect(created()).to.equal(0)
    const empty = await call({ kind: "http", status: 403, body: "", contentType: "", executes: true })
    expect([empty.status, empty.headers["content-type"], empty.text]).to.deep.equal([403, undefined, ""])
    expect(created()).to.equal(2)
    const json = await call({ kind: "http", status: 404, body: '{"message":"no route"}',
      contentType: "application/json" })
    expect(JSON.parse(json.text)).to.deep.equal({ message: "no route" })
  })

  it("tells elements otherwise: unknown words, no reasons, no ids, null", async () => {
    const elements = async (effect: Omit<Extract<FaultEffect, { kind: "elements" }>, "kind">) =>
      (await once({ kind: "elements", ...effect })).json.result
    expect(await elements({ positions: [-1], set: { status: "deferred" } })).to.deep.equal(
      [{ id: 50033, status: "created" }, { id: 50034, status: "deferred" }])
    expect(await elements({ set: { status: "skipped" }, remove: ["id"] }))
      .to.deep.equal([{ status: "skipped" }, { status: "skipped" }])
    expect(await elements({ positions: [0], replaceWith: null }))
      .to.deep.equal([null, { id: 50034, status: "updated" }])
    expect(created()).to.equal(2)
  })

  it("tells the envelope otherwise", async () => {
    expect((await once({ kind: "envelope", remove: ["result"] })).json).to.have.keys("requestId", "success")
    expect((await once({ kind: "envelope", set: { success: "true", result: {} } })).json)
      .to.deep.include({ success: "true", result: {} })
  })

  it("keeps single records from being written and tells them in any way", async () => {
    const match = { operation: "removeFromList" }
    client.sandbox.addFault({ match, effect: { kind: "record", lookupValue: 50002, answer: { id: 50002,
      status: "skipped" } } })
    const answer = await client.call("DELETE", "/rest/v1/lists/1001/leads.json?id=50001&id=50002")
    expect(answer.json.result).to.deep.equal([{ id: 50001, status: "removed" }, { id: 50002, status: "skipped" }])
    expect(client.sandbox.lists.get(1001)?.members.has(50002)).to.equal(true)
    client.sandbox.faults.clear()
    client.sandbox.addFault({ effect: { kind: "record", code: "1008", positions: [1] } })
    expect((await client.sync(PAIR)).result.map(outcome)).to.deep.equal(["created", "1008"])
  })
})

describe("Marketo sandbox: faults of some calls only", () => {
  let client: SandboxClient
  const refused: FaultEffect = { kind: "error", code: "1008" }

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("refuses whole membership calls that hold a certain lead, wherever the call keeps its ids", async () => {
    client.sandbox.addFault({ match: { leadId: [50002, 50003] }, effect: refused })
    const input = (...ids: number[]) => ({ input: ids.map((id) => ({ id })) })
    const calls: ((...ids: number[]) => Promise<{ code: string | undefined }>)[] = [
      async (...ids) => client.post("/rest/v1/lists/1002/leads.json", input(...ids)),
      async (...ids) => client.call("DELETE", `/rest/v1/lists/1001/leads.json?id=${ids.join("&id=")}`),
      async (...ids) => client.call("DELETE", `/rest/v1/lists/1001/leads.json?id=${ids.join(",")}`),
      async (...ids) => client.post("/rest/v1/campaigns/2001/trigger.json", { input: { leads: input(...ids).input } }),
      async (...ids) => client.post("/rest/v1/programs/3001/members/status.json",
        { statusName: "Invited", input: ids.map((leadId) => ({ leadId })) }),
    ]
    for (const call of calls) {
      expect((await call(50001, 50002)).code).to.equal("1008")
      expect((await call(50001, 50003)).code).to.equal("1008")
      expect((await call(50001, 50004)).code).to.equal(undefined)
    }
  })

  it("matches the values that a filter asks for, large batches and large bodies", async () => {
    const code = async (filter: string) => (await client.get(`/rest/v1/leads.json?${filter}`)).code
    client.sandbox.addFault({ match: { lookupValue: "ANA@example.com" }, effect: refused })
    expect(await code("filterType=email&filterValues=bo@example.com,ana@example.com")).to.equal("1008")
    expect(await code("filterType=email&filterValues=bo@example.com")).to.equal(undefined)
    client.sandbox.faults.clear()
    client.sandbox.addFault({ match: { batchOver: 2 }, effect: { kind: "error", code: "604" } })
    expect(await code("filterType=id&filterValues=1,2,3")).to.equal("604")
    const records = (count: number) => Array.from({ length: count }, (_, index) => ({ email: `r${index}@example.com` }))
    expect((await client.sync(records(3))).code).to.equal("604")
    expect((await client.sync(records(2))).code).to.equal(undefined)
    client.sandbox.faults.clear()
    client.sandbox.addFault({ match: { bodyBytesOver: 100 }, effect: { kind: "http", status: 413 } })
    expect((await client.sync(records(4))).httpStatus).to.equal(413)
    expect((await client.sync(records(2))).httpStatus).to.equal(200)
  })

  it("ends a rule by the sandbox's clock", async () => {
    await client.stop()
    let time = Date.parse("2026-08-17T12:00:00Z")
    client = await SandboxClient.start({ now: () => time })
    client.sandbox.addFault({ effect: { kind: "http", status: 503 }, forMs: 45_000 })
    const status = async () => (await client.get("/rest/v1/stats/usage.json")).httpStatus
    time += 44_999
    expect(await status()).to.equal(503)
    time += 1
    expect(await status()).to.equal(200)
  })

  it("does not find new leads in a stale look-up, by rule or by knob", async () => {
    await client.stop()
    let time = Date.parse("2026-08-17T12:00:00Z")
    client = await SandboxClient.start({ now: () => time })
    await client.sync([{ email: "new@example.com" }])
    const filter = "filterType=email&filterValues=ana@example.com,new@example.com"
    const found = async () => (await client.get(`/rest/v1/leads.json?${filter}`)).result.length
    client.sandbox.failNext("filterLeads", { kind: "stale", ms: 5000 })
    expect([await found(), await found()]).to.deep.equal([1, 2])
    client.sandbox.knobs.filterLagMs = 3000
    expect(await found()).to.equal(1)
    time += 3000
    expect(await found()).to.equal(2)
  })
})
