import { expect } from "chai"
import { Element, SandboxClient } from "../sandbox_client"

const filter = (type: string, values: string, more = "") =>
  `/rest/v1/leads.json?filterType=${type}&filterValues=${encodeURIComponent(values)}${more}`

describe("Marketo sandbox: reading leads", () => {
  let client: SandboxClient

  before(async () => {
    client = await SandboxClient.start({ rateLimit: 1000 })
  })

  after(async () => client.stop())

  it("filters by id, e-mail and custom fields, with the default fields in their order", async () => {
    const { result, nextPageToken, moreResult } = await client.get(filter("email", "ANA@example.com,none@example.com"))
    expect(Object.keys(result[0])).to.deep.equal(["id", "firstName", "lastName", "email", "updatedAt", "createdAt"])
    expect(result).to.have.length(1)
    expect([nextPageToken, moreResult]).to.deep.equal([undefined, undefined])
    expect((await client.get(filter("id", "50002,50001"))).result.map(({ id }) => id)).to.deep.equal([50001, 50002])
    expect((await client.get(filter("customerNumber", "C-1003"))).result[0].id).to.equal(50004)
    expect((await client.get(filter("legacyId", "9004"))).result[0].id).to.equal(50005)
  })

  it("returns all duplicates by ascending id, explicit nulls, and always the id", async () => {
    const { result } = await client.get(filter("email", "twin@example.com", "&fields=email,city,isVip"))
    expect(result).to.deep.equal([
      { id: 50027, email: "twin@example.com", city: null, isVip: false },
      { id: 50028, email: "twin@example.com", city: null, isVip: false }])
    expect((await client.get(filter("email", "none@example.com"))).result).to.deep.equal([])
  })

  it("refuses missing values, unsupported and unknown fields, and 301 values", async () => {
    expect((await client.get("/rest/v1/leads.json?filterType=email")).errors)
      .to.deep.equal([{ code: "1003", message: "filterValues not specified" }])
    expect((await client.get(filter("firstName", "Ana"))).code).to.equal("1011")
    expect((await client.get(filter("shoeSize", "1"))).code).to.equal("1006")
    expect((await client.get(filter("email", "a@b.c", "&fields=shoeSize"))).code).to.equal("1006")
    const values = Array.from({ length: 301 }, (_, index) => index).join(",")
    expect((await client.get(filter("id", values))).code).to.equal("1003")
  })

  it("refuses a filter with more than 1,000 matches and pages through 1,000", async () => {
    for (let lead = 0; lead < 1001; lead++) {
      client.sandbox.store.addLead({ Account__c: "A1", email: `a${lead}@example.com` })
    }
    expect((await client.get(filter("Account__c", "A1"))).errors)
      .to.deep.equal([{ code: "1003", message: "Too many results match the filter" }])
    client.sandbox.store.deleteLead(client.sandbox.leads.find("Account__c", "A1")[0])
    const first = await client.get(filter("Account__c", "A1"))
    expect(first.result).to.have.length(300)
    expect(first.moreResult).to.equal(true)
    const second = await client.get(filter("Account__c", "A1", `&nextPageToken=${first.nextPageToken}`))
    expect(second.result[0].id).to.equal(first.result[299].id + 1)
  })

  it("reads one lead by id", async () => {
    expect((await client.get("/rest/v1/lead/50001.json?fields=mktoName,leadPartitionId")).result)
      .to.deep.equal([{ id: 50001, mktoName: "Ana Seed", leadPartitionId: 1 }])
    expect((await client.get("/rest/v1/lead/999.json")).errors)
      .to.deep.equal([{ code: "1004", message: "Lead '999' not found" }])
  })
})

describe("Marketo sandbox: describe", () => {
  let client: SandboxClient

  before(async () => {
    client = await SandboxClient.start({ extraFields: [{ restName: "shoeSize", displayName: "Shoe Size",
      dataType: "integer", searchable: true }] })
  })

  after(async () => client.stop())

  it("describes standard fields, a custom field of each type, and an entry without rest", async () => {
    const { result } = await client.get("/rest/v1/leads/describe.json")
    const byName = new Map(result.map((entry) => [(entry.rest as Element | undefined)?.name, entry]))
    expect(byName.get("email")).to.deep.equal({ id: 56, displayName: "Email Address", dataType: "email", length: 255,
      rest: { name: "email", readOnly: false }, soap: { name: "Email", readOnly: false } })
    expect(byName.get("inferredCity")?.rest).to.deep.equal({ name: "inferredCity", readOnly: true })
    expect(byName.get("fitScore")).to.include({ dataType: "integer" }).and.not.to.have.property("soap")
    expect(result.filter((entry) => entry.rest === undefined)).to.have.length(1)
    const types = new Set(result.map(({ dataType }) => dataType))
    for (const type of ["string", "text", "email", "phone", "url", "integer", "percent", "float", "currency",
      "boolean", "date", "datetime", "reference", "formula"]) {
      expect(types.has(type), type).to.equal(true)
    }
    expect(byName.has("shoeSize")).to.equal(true)
  })

  it("describes searchable fields as arrays of one name, and flags as updateable", async () => {
    const { result: [lead] } = await client.get("/rest/v1/leads/describe2.json")
    expect(lead.name).to.equal("API Lead")
    expect(lead.searchableFields).to.deep.include.members([["email"], ["id"], ["customerNumber"], ["shoeSize"]])
    const fields = lead.fields as Element[]
    expect(fields.find(({ name }) => name === "email")).to.deep.equal({ name: "email", displayName: "Email Address",
      dataType: "email", length: 255, updateable: true, crmManaged: false })
    expect(fields.find(({ name }) => name === "sfdcLeadId")?.crmManaged).to.equal(true)
    expect(fields.find(({ name }) => name === "createdAt")?.updateable).to.equal(false)
  })

  it("pages through the full schema", async () => {
    const first = await client.get("/rest/v1/leads/schema/fields.json?batchSize=50")
    expect(first.result).to.have.length(50)
    expect(first.moreResult).to.equal(true)
  })
})
