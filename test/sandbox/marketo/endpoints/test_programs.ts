import { expect } from "chai"
import { SEEDED } from "../../../../sandbox/marketo"
import { Element, SandboxClient, outcome } from "../sandbox_client"

const { webinar } = SEEDED.programs
const MEMBERS = `/rest/v1/programs/${webinar}/members`

describe("Marketo sandbox: programs, channels, folders", () => {
  let client: SandboxClient

  before(async () => {
    client = await SandboxClient.start()
  })

  after(async () => client.stop())

  it("shows programs with their channel and folder", async () => {
    const { result: [program] } = await client.get(`/rest/asset/v1/program/${webinar}.json`)
    expect(program).to.deep.include({ name: "Spring Webinar", type: "Event", channel: "Webinar",
      folder: { type: "Folder", value: 21, folderName: "Events" }, tags: [], costs: [], headStart: false })
    expect((await client.get("/rest/asset/v1/program/7.json")).code).to.equal("702")
    expect((await client.get("/rest/asset/v1/program/byName.json?name=Data%20Care")).result[0].id).to.equal(3003)
    const ids = async (query: string) =>
      (await client.get(`/rest/asset/v1/programs.json?${query}`)).result.map(({ id }) => id)
    expect(await ids("filterType=id&filterValues=3001,3004")).to.deep.equal([3001, 3004])
    expect(await ids("filterType=workspace&filterValues=EMEA")).to.deep.equal([3005])
    expect(await ids("offset=3&maxReturn=1")).to.deep.equal([3004])
  })

  it("shows channels with steps, success flags and a hidden status", async () => {
    const { result: [channel] } = await client.get("/rest/asset/v1/channel/byName.json?name=Webinar")
    const statuses = channel.progressionStatuses as Element[]
    expect(statuses.map(({ name, step }) => [name, step])).to.deep.equal([["Not in Program", 0], ["Invited", 10],
      ["Registered", 20], ["Waitlisted", 30], ["No Show", 40], ["Attended", 50]])
    expect(statuses.filter(({ hidden }) => hidden).map(({ name }) => name)).to.deep.equal(["Waitlisted"])
    expect(statuses.filter(({ success }) => success).map(({ name }) => name)).to.deep.equal(["Attended"])
    expect((await client.get("/rest/asset/v1/channels.json")).result).to.have.length(4)
  })

  it("finds folders, Group Lists among them", async () => {
    const { result } = await client.get("/rest/asset/v1/folder/byName.json?name=Group%20Lists")
    expect(result[0].folderId).to.deep.equal({ id: 13, type: "Folder" })
    expect((await client.get("/rest/asset/v1/folder/21.json")).result[0].name).to.equal("Events")
  })

  it("shows and moves partitions", async () => {
    expect((await client.get("/rest/v1/leads/partitions.json")).result).to.deep.equal([
      { id: 1, name: "Default", description: "Main partition" },
      { id: 2, name: "EMEA", description: "People of the EMEA region" }])
    const input = [{ id: 50001, partitionName: "EMEA" }, { id: 9, partitionName: "EMEA" },
      { id: 50002, partitionName: "Mars" }]
    expect((await client.post("/rest/v1/leads/partitions.json", { input })).result.map(outcome))
      .to.deep.equal(["updated", "1004", "1008"])
    expect(client.sandbox.leads.get(50001)?.partitionId).to.equal(2)
  })
})

describe("Marketo sandbox: program members", () => {
  let client: SandboxClient
  const leads = (...ids: number[]) => ids.map((leadId) => ({ leadId }))

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("makes members and moves them forward only", async () => {
    const invite = await client.post(`${MEMBERS}/status.json`, { statusName: "Attended",
      input: leads(50001, 50002, 9) })
    expect(invite.result).to.deep.equal([{ seq: 0, status: "updated", leadId: 50001 },
      { seq: 1, status: "created", leadId: 50002 },
      { seq: 2, status: "skipped", reasons: [{ code: "1004", message: "Lead not found" }] }])
    const back = await client.post(`${MEMBERS}/status.json`, { statusName: "Registered", input: leads(50002) })
    expect(back.result).to.deep.equal([{ seq: 0, status: "skipped", reasons: [
      { code: "1037", message: "Lead skipped because it is already in or past this status" }] }])
    expect(client.sandbox.programs.get(webinar)?.members.get(50001))
      .to.include({ statusName: "Attended", reachedSuccess: true })
    expect(client.sandbox.ledger.programChanges).to.have.length(2)
  })

  it("answers 1025 to an unknown status, of the call or of the record, and 1013 to an unknown program", async () => {
    const body = { statusName: "Married", input: leads(50001) }
    expect((await client.post(`${MEMBERS}/status.json`, body)).code).to.equal("1025")
    client.sandbox.knobs.unknownStatusLevel = "record"
    expect((await client.post(`${MEMBERS}/status.json`, body)).result.map(outcome)).to.deep.equal(["1025"])
    expect((await client.post("/rest/v1/programs/7/members/status.json", body)).code).to.equal("1013")
    expect((await client.post(`${MEMBERS}/status.json`, { input: leads(1) })).code).to.equal("1002")
  })

  it("writes member data of members only, and only what can be written", async () => {
    const answer = await client.post(`${MEMBERS}.json`, { input: [
      { leadId: 50001, registrationCode: "R-118" }, { leadId: 50002, registrationCode: "R-119" },
      { leadId: 50001, membershipDate: "2026-01-01T00:00:00Z" }, { leadId: 50001, shoeSize: 1 }] })
    expect(answer.result.map(outcome)).to.deep.equal(["updated", "1013", "1011", "1006"])
    expect(answer.result[1].reasons[0].message).to.equal("Membership not found")
    expect(client.sandbox.programs.get(webinar)?.members.get(50001)?.values)
      .to.deep.equal({ registrationCode: "R-118" })
    const { result: [describe] } = await client.get("/rest/v1/programs/members/describe.json")
    expect((describe.fields as Element[]).filter(({ updateable }) => updateable).map(({ name }) => name))
      .to.deep.equal(["registrationCode", "seatNumber", "joinedLive", "joinedAt", "invoiceDate", "ticketPrice",
        "badgeName", "feedback", "billingContact"])
    expect((describe.fields as Element[])[0]).to.deep.equal({ name: "acquiredBy", displayName: "Acquired By",
      dataType: "boolean", updateable: false, crmManaged: false })
  })

  it("checks member data by type, clears by null and the empty text, and writes nothing of a bad record", async () => {
    const values = () => client.sandbox.programs.get(webinar)?.members.get(50001)?.values
    const write = async (record: object) =>
      (await client.post(`${MEMBERS}.json`, { input: [{ leadId: 50001, ...record }] })).result[0]
    expect(outcome(await write({ seatNumber: "12", joinedLive: "TRUE", joinedAt: "2026-03-01T10:00:00+02:00" })))
      .to.equal("updated")
    expect(values()).to.deep.equal({ seatNumber: 12, joinedLive: true, joinedAt: "2026-03-01T08:00:00Z" })
    const bad = await write({ seatNumber: 7, badgeName: "x".repeat(41) })
    expect(bad.reasons).to.deep.equal([{ code: "1003",
      message: `Invalid value for field 'badgeName' and value '${"x".repeat(41)}'` }])
    await write({ joinedAt: null, joinedLive: "" })
    expect(values()).to.deep.equal({ seatNumber: 12, joinedLive: false, joinedAt: null })
  })

  it("refuses a call of member data with an unknown field, if told so, and one of more than 300", async () => {
    client.sandbox.knobs.unknownField = "response"
    const input = [{ leadId: 50001, seatNumber: 1 }, { leadId: 50001, shoeSize: 1 }]
    expect((await client.post(`${MEMBERS}.json`, { input })).code).to.equal("1006")
    expect(client.sandbox.ledger.programChanges).to.deep.equal([])
    expect((await client.post(`${MEMBERS}.json`, { input: leads(...Array<number>(301).fill(50001)) })).code)
      .to.equal("1003")
  })

  it("deletes members; a non-member is 1037 Lead not in program", async () => {
    const { result } = await client.post(`${MEMBERS}/delete.json`, { input: leads(50001, 50002) })
    expect(result).to.deep.equal([{ seq: 0, status: "deleted", leadId: 50001 },
      { seq: 1, status: "skipped", reasons: [{ code: "1037", message: "Lead not in program" }] }])
  })

  it("reads members by filter and always says whether there is more", async () => {
    await client.post(`${MEMBERS}/status.json`, { statusName: "Invited", input: leads(50002, 50003) })
    const read = await client.get(`${MEMBERS}.json?filterType=leadId&filterValues=50001`)
    expect(read.moreResult).to.equal(false)
    expect(read.result).to.deep.equal([{ seq: 0, acquiredBy: false, leadId: 50001,
      membershipDate: "2026-01-05T09:00:00Z", programId: webinar, reachedSuccess: false }])
    const page = await client.get(
      `${MEMBERS}.json?filterType=statusName&filterValues=Invited&fields=leadId,statusName&batchSize=1`)
    expect(page).to.deep.include({ moreResult: true, result: [{ seq: 0, leadId: 50002, statusName: "Invited" }] })
    expect((await client.get(`${MEMBERS}.json`)).code).to.equal("1003")
    const week = "filterType=updatedAt&startAt=2026-01-01T00:00:00Z&endAt="
    expect((await client.get(`${MEMBERS}.json?${week}2026-01-07T00:00:00Z`)).result).to.have.length(1)
    expect((await client.get(`${MEMBERS}.json?${week}2026-02-07T00:00:00Z`)).code).to.equal("1003")
  })
})
