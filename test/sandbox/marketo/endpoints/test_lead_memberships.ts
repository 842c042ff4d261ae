import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: memberships of one lead", () => {
  let client: SandboxClient
  const read = async (leadId: number, what: string) => client.get(`/rest/v1/leads/${leadId}/${what}`)

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("lists its lists, with a token and moreResult when there are more", async () => {
    const seeded = { createdAt: "2026-01-05T09:00:00Z", updatedAt: "2026-01-05T09:00:00Z" }
    const all = await read(50006, "listMembership.json")
    expect(all.json).to.have.keys("requestId", "result", "success")
    expect(all.result).to.deep.equal([{ listId: 1001, ...seeded }, { listId: 1003, ...seeded }])
    const first = await read(50006, "listMembership.json?batchSize=1")
    expect([first.moreResult, first.result.length]).to.deep.equal([true, 1])
    const next = await read(50006, `listMembership.json?batchSize=1&nextPageToken=${first.nextPageToken}`)
    expect([next.moreResult, next.result[0].listId]).to.deep.equal([undefined, 1003])
  })

  it("lists its programs, all or those asked for, and always tells whether there are more", async () => {
    await client.post("/rest/v1/programs/3003/members/status.json", { statusName: "Member",
      input: [{ leadId: 50001 }] })
    const all = await read(50001, "programMembership.json")
    expect(all.moreResult).to.equal(false)
    expect(all.result[0]).to.deep.equal({ id: 3001, progressionStatus: "Registered", isExhausted: false,
      acquiredBy: false, reachedSuccess: false, membershipDate: "2026-01-05T09:00:00Z",
      updatedAt: "2026-01-05T09:00:00Z" })
    expect(all.result[1]).to.include({ id: 3003, progressionStatus: "Member", reachedSuccess: true })
    const one = await read(50001, "programMembership.json?filterType=programId&filterValues=3003,3004")
    expect(one.result.map(({ id }) => id)).to.deep.equal([3003])
    expect((await read(50001, "programMembership.json?filterType=name&filterValues=x")).code).to.equal("1003")
    expect((await read(50001, "programMembership.json?latestUpdatedAt=2025-01-01T00:00:00Z")).result)
      .to.deep.equal([])
  })

  it("lists the smart campaigns that were requested for it", async () => {
    expect((await read(50001, "smartCampaignMembership.json")).result).to.deep.equal([])
    await client.post("/rest/v1/campaigns/2001/trigger.json", { input: { leads: [{ id: 50001 }] } })
    expect((await read(50001, "smartCampaignMembership.json")).result.map(({ smartCampaignId }) => smartCampaignId))
      .to.deep.equal([2001])
  })

  it("answers 1004 for an unknown lead, and needs Read-Only Assets", async () => {
    for (const what of ["listMembership", "programMembership", "smartCampaignMembership"]) {
      expect((await read(9, `${what}.json`)).code, what).to.equal("1004")
    }
    await client.stop()
    client = await SandboxClient.start({ customServices: [{ permissions: ["Read-Write Lead"] }] })
    expect((await read(50001, "listMembership.json")).code).to.equal("603")
  })
})
