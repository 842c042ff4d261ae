import { expect } from "chai"
import { SEEDED } from "../../../../sandbox/marketo"
import { SandboxClient } from "../sandbox_client"

const { welcome, inactive, notRequestable, batch } = SEEDED.campaigns

describe("Marketo sandbox: campaigns", () => {
  let client: SandboxClient

  const request = async (campaignId: number, ids: unknown[], tokens?: unknown) =>
    client.post(`/rest/v1/campaigns/${campaignId}/trigger.json`,
      { input: { leads: ids.map((id) => ({ id })), tokens } })

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("lists only active requestable ones as triggerable", async () => {
    const ids = async (query: string) =>
      (await client.get(`/rest/v1/campaigns.json${query}`)).result.map(({ id }) => id)
    expect(await ids("")).to.have.length(7)
    expect(await ids("?isTriggerable=true")).to.deep.equal([2001, 2002, 2006, 2007])
    expect(await ids("?isTriggerable=true&programName=Spring%20Webinar")).to.deep.equal([2002])
    expect((await client.get("/rest/v1/campaigns/2001.json")).result[0]).to.include({ name: "Welcome", type: "trigger",
      active: true, programId: 3002, programName: "Nurture Stream", workspaceName: "Default" })
    expect((await client.get("/rest/v1/campaigns/7.json")).errors)
      .to.deep.equal([{ code: "1013", message: "Campaign not found" }])
  })

  it("shows the asset's state, and activates and deactivates it", async () => {
    const item = async (id: number) => (await client.get(`/rest/asset/v1/smartCampaign/${id}.json`)).result[0]
    expect(await item(welcome)).to.include({ isActive: true, isRequestable: true, status: "Active", type: "trigger" })
    expect(await item(notRequestable)).to.include({ isActive: true, isRequestable: false })
    await client.postForm(`/rest/asset/v1/smartCampaign/${welcome}/deactivate.json`, {})
    expect(await item(welcome)).to.include({ isActive: false, isRequestable: false, status: "Inactive" })
    expect((await client.get("/rest/v1/campaigns.json?isTriggerable=true")).result.map(({ id }) => id))
      .not.to.include(welcome)
    expect((await request(welcome, [50001])).code).to.equal("1003")
    await client.postForm(`/rest/asset/v1/smartCampaign/${welcome}/activate.json`, {})
    expect(await item(welcome)).to.include({ isActive: true, isRequestable: true })
    expect(await item(inactive)).to.include({ isActive: false, isRequestable: false })
    expect((await client.get("/rest/asset/v1/smartCampaigns.json?isActive=false")).result.map(({ id }) => id))
      .to.deep.equal([inactive, batch])
    expect((await client.get("/rest/asset/v1/smartCampaign/byName.json?name=Welcome")).result[0].id).to.equal(welcome)
    expect((await client.get("/rest/asset/v1/smartCampaign/7.json")).code).to.equal("702")
  })

  it("answers an accepted request with the campaign id alone, and records each lead", async () => {
    const answer = await request(welcome, [50001, 50002], [{ name: "{{my.offer}}", value: "Spring" }])
    expect(answer.result).to.deep.equal([{ id: welcome }])
    await request(welcome, [50002])
    expect(client.sandbox.ledger.campaignRequests(welcome).map(({ leadId, call }) => [leadId, call]))
      .to.deep.equal([[50001, 1], [50002, 1], [50002, 2]])
    expect(client.sandbox.ledger.repeatedCampaignRequests())
      .to.deep.equal([{ campaignId: welcome, leadId: 50002, count: 2 }])
  })

  it("triggers nobody when any lead is unknown", async () => {
    const answer = await request(welcome, [50001, 501, 502])
    expect(answer.errors).to.deep.equal([{ code: "1004", message: "Lead [501, 502] not found" }])
    expect(client.sandbox.ledger.campaignRequestCount(welcome)).to.equal(0)
    expect(client.sandbox.ledger.calls[0].executed).to.equal(false)
  })

  it("refuses 101 leads, no leads, and campaigns that cannot be requested", async () => {
    expect((await request(welcome, Array.from({ length: 101 }, () => 50001))).code).to.equal("1003")
    expect((await request(welcome, [])).code).to.equal("1003")
    for (const campaign of [inactive, notRequestable, batch]) {
      expect((await request(campaign, [50001])).code).to.equal("1003")
    }
    expect((await request(7, [50001])).errors).to.deep.equal([{ code: "1013", message: "Campaign not found" }])
    expect((await request(welcome, ["x"])).code).to.equal("1001")
    expect(client.sandbox.ledger.campaignRequests()).to.deep.equal([])
  })

  it("refuses malformed tokens", async () => {
    expect((await request(welcome, [50001], [{ name: "{{my.x}}", value: ["a", "b"] }])).errors)
      .to.deep.equal([{ code: "1003", message: 'Invalid token value: ["a","b"]' }])
    expect((await request(welcome, [50001], [{ name: "offer", value: "a" }])).code).to.equal("1003")
  })

  it("needs Execute Campaign", async () => {
    await client.stop()
    client = await SandboxClient.start({ customServices: [{ permissions: ["Read-Write Campaign"] }] })
    expect((await request(welcome, [50001])).code).to.equal("603")
  })
})
