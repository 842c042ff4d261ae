import { expect } from "chai"
import { SEEDED } from "../../../../sandbox/marketo"
import { SandboxClient, outcome } from "../sandbox_client"

const { newsletter, empty, customersEmea } = SEEDED.lists
const LEADS = `/rest/v1/lists/${empty}/leads.json`

describe("Marketo sandbox: list membership", () => {
  let client: SandboxClient
  const members = (listId: number = empty) => [...client.sandbox.lists.get(listId)?.members ?? []]

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("adds ids from the body, repeated in the query, or in a comma list, in the order sent", async () => {
    const byBody = await client.post(LEADS, { input: [{ id: 50003 }, { id: 50001 }] })
    expect(byBody.result).to.deep.equal([{ id: 50003, status: "added" }, { id: 50001, status: "added" }])
    await client.call("POST", `${LEADS}?id=50004&id=50005`)
    await client.call("POST", `${LEADS}?id=50006,50007`)
    expect(members()).to.deep.equal([50003, 50001, 50004, 50005, 50006, 50007])
  })

  it("removes ids given in all three ways", async () => {
    const path = `/rest/v1/lists/${newsletter}/leads.json`
    expect((await client.call("DELETE", `${path}?id=50001&id=50002`)).result.map(outcome))
      .to.deep.equal(["removed", "removed"])
    await client.call("DELETE", `${path}?id=50003,50004`)
    await client.call("DELETE", path, { json: { input: [{ id: 50005 }] } })
    expect(members(newsletter)).to.deep.equal([50006, 50007, 50008, 50009, 50010])
    expect(client.sandbox.ledger.listRemoves).to.equal(5)
  })

  it("answers added to a second add, 1015 to removing a non-member, 1004 to unknown leads, each with id", async () => {
    await client.post(LEADS, { input: [{ id: 50001 }] })
    const again = await client.post(LEADS, { input: [{ id: 50001 }, { id: 9 }] })
    expect(again.result).to.deep.equal([{ id: 50001, status: "added" },
      { id: 9, status: "skipped", reasons: [{ code: "1004", message: "Lead not found" }] }])
    const removed = await client.call("DELETE", `${LEADS}?id=50002&id=9`)
    expect(removed.result).to.deep.equal([
      { id: 50002, status: "skipped", reasons: [{ code: "1015", message: "Lead not in list" }] },
      { id: 9, status: "skipped", reasons: [{ code: "1004", message: "Lead not found" }] }])
    expect(client.sandbox.ledger.listChanges.map(({ changed }) => changed)).to.deep.equal([true, false])
  })

  it("refuses no ids, ids that are no numbers, 301 ids, and unknown lists, as a whole", async () => {
    expect((await client.post(LEADS, { input: [] })).errors)
      .to.deep.equal([{ code: "1003", message: "Lead ids not specified" }])
    expect((await client.post(LEADS, { input: [{ id: null }] })).errors)
      .to.deep.equal([{ code: "1001", message: 'For input string: "null" failed to convert to a number' }])
    const many = Array.from({ length: 301 }, (_, index) => ({ id: 50001 + index }))
    expect((await client.post(LEADS, { input: many })).code).to.equal("1003")
    expect((await client.post("/rest/v1/lists/77/leads.json", { input: [{ id: 50001 }] })).code).to.equal("1013")
    expect(members()).to.deep.equal([])
  })

  it("tells members by GET and by POST with _method=GET", async () => {
    const path = `/rest/v1/lists/${newsletter}/leads/ismember.json`
    const expected = [{ id: 50001, status: "memberof" }, { id: 50020, status: "notmemberof" }]
    expect((await client.get(`${path}?id=50001&id=50020`)).result).to.deep.equal(expected)
    expect((await client.post(`${path}?_method=GET`, { input: [{ id: 50001 }, { id: 50020 }] })).result)
      .to.deep.equal(expected)
    expect((await client.get(`${path}?id=9`)).result.map(outcome)).to.deep.equal(["1004"])
  })

  it("answers 1019 while an import into the list runs", async () => {
    client.sandbox.store.addStaticList({ id: 1900, name: "Importing", importRunning: true })
    expect((await client.post("/rest/v1/lists/1900/leads.json", { input: [{ id: 50001 }] })).errors)
      .to.deep.equal([{ code: "1019", message: "Import in progress" }])
  })

  it("lists the members, in the newer and the older path", async () => {
    for (const path of ["lists", "list"]) {
      const { result, nextPageToken, moreResult } = await client.get(
        `/rest/v1/${path}/${newsletter}/leads.json?batchSize=4&fields=email`)
      expect(result[0]).to.deep.equal({ id: 50001, email: "ana@example.com" })
      expect(result).to.have.length(4)
      expect(nextPageToken).to.be.a("string")
      expect(moreResult).to.equal(undefined)
    }
    expect((await client.get(`/rest/v1/lists/${empty}/leads.json`)).result).to.deep.equal([])
  })

  it("forgets the memberships of a deleted lead", async () => {
    const answer = await client.post("/rest/v1/leads/delete.json", { input: [{ id: 50001 }, { id: 9 }] })
    expect(answer.result.map(outcome)).to.deep.equal(["deleted", "1004"])
    expect(members(newsletter)).not.to.include(50001)
    const byMethod = await client.call("POST", "/rest/v1/leads.json?_method=DELETE&id=50002,50001")
    expect(byMethod.result.map(outcome)).to.deep.equal(["deleted", "1004"])
  })
})

describe("Marketo sandbox: browsing lists", () => {
  let client: SandboxClient

  before(async () => {
    client = await SandboxClient.start({ staticListCount: 10_000, rateLimit: 1000 })
  })

  after(async () => client.stop())

  it("shows a list with description and program only when set", async () => {
    expect((await client.get("/rest/v1/lists/1001.json")).result).to.deep.equal([{
      id: 1001, name: "Newsletter", description: "Monthly newsletter readers", workspaceId: 1, workspaceName: "Default",
      createdAt: "2026-01-05T09:00:00Z", updatedAt: "2026-01-05T09:00:00Z" }])
    expect((await client.get("/rest/v1/lists/1002.json")).result[0].programName).to.equal("Spring Webinar")
    expect((await client.get("/rest/v1/lists/7.json")).code).to.equal("1013")
  })

  it("filters by id, name, program and workspace, and ignores empty filters", async () => {
    const ids = async (query: string) => (await client.get(`/rest/v1/lists.json?${query}`)).result.map(({ id }) => id)
    expect(await ids("id=1001,1003")).to.deep.equal([1001, 1003])
    expect(await ids("name=Newsletter&programName=")).to.deep.equal([1001])
    expect(await ids("programName=Spring%20Webinar")).to.deep.equal([1002])
    expect(await ids("workspaceName=EMEA")).to.deep.equal([customersEmea])
  })

  it("pages through ten thousand lists with a token that comes only when there is more", async () => {
    const seen = new Set<number>()
    let token = ""
    let pages = 0
    do {
      const query = token ? `?nextPageToken=${encodeURIComponent(token)}` : ""
      const page = await client.get(`/rest/v1/lists.json${query}`)
      expect(page.moreResult).to.equal(undefined)
      page.result.forEach(({ id }) => seen.add(id))
      token = page.nextPageToken ?? ""
      expect(token).to.match(/^[A-Z2-7]*=*$/)
      pages++
    } while (token)
    expect(seen.size).to.equal(10_000)
    expect(pages).to.equal(34)
  })

  it("can tell moreResult beside every token", async () => {
    client.sandbox.knobs.moreResult = "everywhere"
    expect((await client.get("/rest/v1/lists.json")).moreResult).to.equal(true)
    expect((await client.get("/rest/v1/lists/1001/leads.json?batchSize=4")).moreResult).to.equal(true)
    expect((await client.get("/rest/v1/lists/1001/leads.json")).moreResult).to.equal(undefined)
    client.sandbox.knobs.moreResult = "documented"
    expect((await client.get("/rest/v1/lists/1001/leads.json?batchSize=4")).moreResult).to.equal(undefined)
    expect((await client.get("/rest/v1/campaigns.json?batchSize=4")).moreResult).to.equal(true)
  })

  it("rejects an altered token", async () => {
    const { nextPageToken = "" } = await client.get("/rest/v1/lists.json")
    const altered = (nextPageToken.startsWith("A") ? "B" : "A") + nextPageToken.slice(1)
    expect((await client.get(`/rest/v1/lists.json?nextPageToken=${altered}`)).code).to.equal("1003")
    expect((await client.get(`/rest/v1/lists.json?batchSize=5&nextPageToken=${nextPageToken}`)).code).to.equal("1003")
  })

  it("browses assets by offset, 20 by default and 200 at most", async () => {
    const count = async (query: string) =>
      (await client.get(`/rest/asset/v1/staticLists.json${query}`)).result?.length
    expect(await count("")).to.equal(20)
    expect(await count("?maxReturn=500")).to.equal(200)
    expect(await count("?offset=9990&maxReturn=200")).to.equal(10)
    expect(await count(`?folder=${encodeURIComponent('{"id":21,"type":"Folder"}')}`)).to.equal(1)
    const past = await client.get("/rest/asset/v1/staticLists.json?offset=10000")
    expect(past.json).not.to.have.property("result")
    expect(past).to.deep.include({ success: true, warnings: ["No assets found for the given search criteria."] })
  })

  it("finds an asset by exact name or by id, each with its own way of not finding", async () => {
    expect((await client.get("/rest/asset/v1/staticList/byName.json?name=Newsletter")).result[0]).to.deep.include({
      id: 1001, folder: { id: 13, type: "Folder" }, workspace: "Default" })
    const none = await client.get("/rest/asset/v1/staticList/byName.json?name=newslette")
    expect(none.success).to.equal(true)
    expect(none.json).not.to.have.property("result")
    expect((await client.get("/rest/asset/v1/staticList/7.json")).errors)
      .to.deep.equal([{ code: "702", message: "Static List not found or it has been deleted" }])
  })

  it("creates, renames and deletes a list by form; a taken name is 709", async () => {
    const folder = JSON.stringify({ id: 13, type: "Folder" })
    const created = await client.postForm("/rest/asset/v1/staticLists.json", { name: "Made by API", folder })
    const { id } = created.result[0]
    expect((await client.postForm("/rest/asset/v1/staticLists.json", { name: "Made by API", folder })).errors)
      .to.deep.equal([{ code: "709", message: "Static List with the same name already exists" }])
    expect((await client.postForm("/rest/asset/v1/staticLists.json", { folder })).code).to.equal("701")
    expect((await client.postForm("/rest/asset/v1/staticLists.json", { name: "x", folder: "{\"id\":99}" })).code)
      .to.equal("710")
    expect((await client.postForm(`/rest/asset/v1/staticList/${id}.json`, { name: "Renamed" })).result[0].name)
      .to.equal("Renamed")
    expect((await client.postForm(`/rest/asset/v1/staticList/${id}/delete.json`, {})).result).to.deep.equal([{ id }])
    expect(client.sandbox.lists.has(id)).to.equal(false)
  })
})
