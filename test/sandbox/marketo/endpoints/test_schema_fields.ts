import { expect } from "chai"
import { SandboxClient, outcome } from "../sandbox_client"

describe("Marketo sandbox: schema fields", () => {
  let client: SandboxClient

  afterEach(async () => client.stop())

  it("shows one field by its name", async () => {
    client = await SandboxClient.start()
    expect((await client.get("/rest/v1/leads/schema/fields/email.json")).result).to.deep.equal([{
      displayName: "Email Address", name: "email", description: null, dataType: "email", length: 255, isHidden: false,
      isHtmlEncodingInEmail: true, isSensitive: false, isCustom: false, isApiCreated: false }])
    expect((await client.get("/rest/v1/leads/schema/fields/isVip.json")).result[0])
      .to.include({ dataType: "boolean", isCustom: true }).and.not.to.have.property("length")
    expect((await client.get("/rest/v1/leads/schema/fields/shoeSize.json")).code).to.equal("1006")
  })

  it("shows standard and custom fields by permission, and on every page whether there are more", async () => {
    client = await SandboxClient.start({ customServices: [{ permissions: ["Read-Write Schema Custom Field"] }] })
    const { result, moreResult } = await client.get("/rest/v1/leads/schema/fields.json")
    expect(moreResult).to.equal(false)
    expect(result.map(({ isCustom }) => isCustom)).not.to.include(false)
    expect((await client.get("/rest/v1/leads/schema/fields/email.json")).code).to.equal("1006")
  })

  it("takes a field of a type that nobody knows for text, everywhere", async () => {
    client = await SandboxClient.start({ extraFields: [{ restName: "shape", displayName: "Shape", dataType: "geometry",
      length: 10, searchable: true }] })
    const { result } = await client.sync([{ email: "x@y.zz", shape: "POINT(1 2)" },
      { email: "z@y.zz", shape: "x".repeat(11) }, { email: "w@y.zz", shape: 5 }, { email: "v@y.zz", shape: null }])
    expect(result.map(outcome)).to.deep.equal(["created", "1003", "created", "created"])
    expect((await client.get("/rest/v1/leads.json?filterType=shape&filterValues=5&fields=shape")).result[0].shape)
      .to.equal("5")
    const job = await client.importFile("/bulk/v1/leads.json", "email,shape\nx@y.zz,POINT\n")
    expect(job.success).to.equal(true)
    expect((await client.get("/rest/v1/leads/schema/fields/shape.json")).result[0].dataType).to.equal("geometry")
  })
})
