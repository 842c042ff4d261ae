import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

const USAGE = "/rest/v1/stats/usage.json"

describe("Marketo sandbox: ledger", () => {
  let client: SandboxClient

  afterEach(async () => client.stop())

  it("tells of each call and of each write to a lead", async () => {
    client = await SandboxClient.start()
    const { result: [{ id }] } = await client.sync([{ email: "new@example.com" }, { email: "twin@example.com" }])
    await client.sync([{ email: "new@example.com", city: "Oslo" }])
    const [first] = client.sandbox.ledger.callsOf("syncLeads")
    expect(first).to.include({ method: "POST", path: "/rest/v1/leads.json", clientId: "sandbox-client-id",
      counted: true, batchSize: 2, httpStatus: 200, executed: true, errorCode: undefined })
    expect(first.recordErrors).to.deep.equal({ 1007: 1 })
    expect(first.requestBytes).to.be.greaterThan(50)
    expect(client.sandbox.ledger.leadWrites(id).map(({ kind, call }) => [kind, call]))
      .to.deep.equal([["created", 1], ["updated", 2]])
    expect(client.sandbox.ledger.countByOperation()).to.deep.equal({ syncLeads: 2 })
    expect(client.sandbox.ledger.leadsCreated).to.equal(1)
  })

  it("keeps sums only when asked to be small", async () => {
    client = await SandboxClient.start({ ledgerDetail: "counts", keepValues: false })
    const { result: [{ id }] } = await client.sync([{ email: "new@example.com", city: "Oslo" }])
    await client.post("/rest/v1/campaigns/2001/trigger.json", { input: { leads: [{ id }] } })
    expect(client.sandbox.ledger.leadWrites()).to.deep.equal([])
    expect(client.sandbox.ledger.leadsCreated).to.equal(1)
    expect(client.sandbox.ledger.campaignRequestCount(2001, id)).to.equal(1)
    expect(client.sandbox.leads.get(id)?.values).to.deep.equal({ email: "new@example.com" })
  })

  it("reports today's and the week's usage per user, and errors per code", async () => {
    let time = Date.parse("2026-08-16T12:00:00Z")
    client = await SandboxClient.start({ now: () => time })
    await client.get("/rest/v1/nothing.json")
    time += 86_400_000
    await client.get("/rest/v1/nothing.json")
    const users = (count: number) => [{ userId: "looker-hub@example.com", count }]
    expect((await client.get(USAGE)).result).to.deep.equal([{ date: "2026-08-17", total: 2, users: users(2) }])
    const week = (await client.get("/rest/v1/stats/usage/last7days.json")).result
    expect(week).to.have.length(7)
    expect(week[1]).to.deep.equal({ date: "2026-08-16", total: 1, users: users(1) })
    expect((await client.get("/rest/v1/stats/errors.json")).result)
      .to.deep.equal([{ date: "2026-08-17", total: 1, errors: [{ errorCode: "610", count: 1 }] }])
    expect((await client.get("/rest/v1/stats/errors/last7days.json")).result).to.have.length(7)
  })
})
