import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: permissions and scope", () => {
  let client: SandboxClient

  afterEach(async () => client.stop())

  it("answers 603, counted, where a custom service lacks the permission", async () => {
    client = await SandboxClient.start({ customServices: [{ permissions: ["Read-Only Lead"] }] })
    expect((await client.get("/rest/v1/leads/describe.json")).success).to.equal(true)
    const refused = await client.sync([{ email: "a@example.com" }])
    expect(refused).to.deep.include({ httpStatus: 200, success: false })
    expect(refused.errors).to.deep.equal([{ code: "603", message: "Access denied" }])
    expect((await client.get("/rest/asset/v1/programs.json")).code).to.equal("603")
    expect((await client.get("/rest/v1/stats/usage.json")).success).to.equal(true)
    expect(client.sandbox.ledger.calls[1]).to.include({ errorCode: "603", counted: true, executed: false })
  })

  it("answers 603 to addresses that are not on the allow list", async () => {
    client = await SandboxClient.start({ ipAllowList: ["10.1.2.3"] })
    expect((await client.get("/rest/v1/stats/usage.json")).code).to.equal("603")
    client.sandbox.knobs.ipAllowList = ["127.0.0.1"]
    expect((await client.get("/rest/v1/stats/usage.json")).success).to.equal(true)
  })

  it("shows an API user only the assets of its workspaces and the leads of its partitions", async () => {
    client = await SandboxClient.start({ customServices: [{ workspaces: ["EMEA"], partitions: ["EMEA"] }] })
    const lists = await client.get("/rest/v1/lists.json")
    expect(lists.result.map(({ name }) => name)).to.deep.equal(["Customers EMEA"])
    expect((await client.get("/rest/v1/lists/1001.json")).code).to.equal("1013")
    expect((await client.get("/rest/asset/v1/staticList/1001.json")).code).to.equal("702")
    const leads = await client.get("/rest/v1/leads.json?filterType=email&filterValues=ana@example.com,zeno@example.com")
    expect(leads.result.map(({ email }) => email)).to.deep.equal(["zeno@example.com"])
    const upsert = await client.sync([{ email: "ana@example.com" }])
    expect(upsert.result[0].reasons).to.deep.equal([
      { code: "1008", message: "Access denied to partition 'Default'" }])
  })
})
