import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: request bodies", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("answers 612 to a missing or wrong content type and 609 to what is not JSON", async () => {
    const raw = "{}"
    const typed = async (type: string, text = raw) =>
      (await client.call("POST", "/rest/v1/leads.json", { raw: text, headers: { "Content-Type": type } })).code
    expect(await typed("text/plain")).to.equal("612")
    expect(await typed("application/json;charset=UTF-8", "{\"input\":")).to.equal("609")
    expect((await client.call("POST", "/rest/v1/leads.json")).code).to.equal("612")
    expect((await client.call("POST", "/rest/v1/leads.json", { form: { input: "[]" } })).code).to.equal("612")
  })

  it("takes a body of exactly 1 MB and answers HTTP 413 to one more byte, without JSON", async () => {
    const sized = async (bytes: number) => {
      const start = "{\"input\":[{\"email\":\"ü@example.com\"}]}"
      const raw = Buffer.from(start + " ".repeat(bytes - Buffer.byteLength(start)))
      return client.call("POST", "/rest/v1/leads.json", { raw, headers: { "Content-Type": "application/json" } })
    }
    expect((await sized(1_048_576)).success).to.equal(true)
    const tooLarge = await sized(1_048_577)
    expect(tooLarge.httpStatus).to.equal(413)
    expect(tooLarge.text).to.match(/^<html>/)
    expect(client.sandbox.ledger.rejectedByCode()).to.deep.equal({ "HTTP 413": 1 })
  })

  it("answers HTTP 414 to a URI over 8 KB, and takes the same as POST with _method=GET", async () => {
    const filterValues = Array.from({ length: 290 }, (_, index) => `someone-quite-long-${index}@example.com`).join(",")
    const query = new URLSearchParams({ filterType: "email", filterValues }).toString()
    expect((await client.get(`/rest/v1/leads.json?${query}`)).httpStatus).to.equal(414)
    const byQuery = await client.postForm("/rest/v1/leads.json?_method=GET", { filterType: "email", filterValues })
    const byForm = await client.postForm("/rest/v1/leads.json", { _method: "GET", filterType: "email", filterValues })
    expect(byQuery.result).to.deep.equal([])
    expect(byForm.result).to.deep.equal([])
    expect(client.sandbox.ledger.callsOf("filterLeads")).to.have.length(2)
  })
})
