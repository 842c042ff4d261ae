import { expect } from "chai"
import * as http from "node:http"
import * as zlib from "node:zlib"
import { SandboxClient } from "./sandbox_client"

describe("Marketo sandbox: envelope and transport", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("names each answer by hexadecimal digits, #, and the hexadecimal moment", async () => {
    const before = Date.now()
    const ids = new Set<string>()
    for (let call = 0; call < 10; call++) {
      const { requestId } = await client.get("/rest/v1/stats/usage.json")
      const [, moment] = /^[0-9a-f]{1,5}#([0-9a-f]+)$/.exec(requestId) ?? []
      expect(parseInt(moment, 16)).to.be.within(before, Date.now())
      ids.add(requestId)
    }
    expect(ids.size).to.equal(10)
  })

  it("answers failures with HTTP 200, a string code and no result", async () => {
    const answer = await client.get("/rest/v1/lists/77.json")
    expect(answer.httpStatus).to.equal(200)
    expect(answer.json).to.have.keys("requestId", "success", "errors")
    expect(answer.errors).to.deep.equal([{ code: "1013", message: "List not found" }])
  })

  it("has errors and warnings in asset answers only", async () => {
    expect((await client.get("/rest/v1/lists/1001.json")).json).to.have.keys("requestId", "result", "success")
    expect((await client.get("/rest/asset/v1/staticList/1001.json")).json)
      .to.have.keys("success", "errors", "requestId", "warnings", "result")
    expect((await client.get("/rest/asset/v1/staticList/77.json")).json)
      .to.have.keys("success", "errors", "requestId", "warnings")
  })

  it("answers 610 to unknown paths, doubled slashes and paths without .json", async () => {
    for (const path of ["/rest/v1/nothing.json", "/rest//v1/leads.json", "/rest/v1/lists/1001"]) {
      expect((await client.get(path)).errors, path)
        .to.deep.equal([{ code: "610", message: "Requested resource not found" }])
    }
  })

  it("answers 605 to a wrong verb, uncounted", async () => {
    const answer = await client.call("PUT", "/rest/v1/leads.json")
    expect(answer.errors).to.deep.equal([{ code: "605", message: "Request method 'PUT' not supported" }])
    expect((await client.post("/rest/v1/leads/describe.json", {})).code).to.equal("605")
    expect(client.sandbox.limits.callsInWindow).to.equal(0)
  })

  it("answers HTTP 404 with HTML outside the API", async () => {
    const answer = await client.get("/admin")
    expect(answer.httpStatus).to.equal(404)
    expect(answer.headers.get("content-type")).to.equal("text/html")
  })

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

  it("compresses answers of 1,024 bytes or more, for those who accept it", async () => {
    const fetchRaw = async (path: string, encoding?: string) => new Promise<[string | undefined, Buffer]>((resolve) => {
      const headers = { "Authorization": `Bearer ${client.sandbox.identity.issue()}`,
        ...(encoding ? { "Accept-Encoding": encoding } : {}) }
      http.get(client.sandbox.url + path, { headers }, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => resolve([response.headers["content-encoding"], Buffer.concat(chunks)]))
      })
    })
    const [encoding, packed] = await fetchRaw("/rest/v1/leads/describe.json", "gzip, deflate")
    expect(encoding).to.equal("gzip")
    expect(JSON.parse(zlib.gunzipSync(packed).toString())).to.include({ success: true })
    expect((await fetchRaw("/rest/v1/leads/describe.json"))[0]).to.equal(undefined)
    expect((await fetchRaw("/rest/v1/stats/usage.json", "gzip"))[0]).to.equal(undefined)
  })

  it("prints lead database moments with Z and asset moments with Z+0000", async () => {
    const [list] = (await client.get("/rest/v1/lists/1001.json")).result
    const [item] = (await client.get("/rest/asset/v1/staticList/1001.json")).result
    expect(list.createdAt).to.equal("2026-01-05T09:00:00Z")
    expect(item.createdAt).to.equal("2026-01-05T09:00:00Z+0000")
  })

  it("sends no rate-limit headers and says that it is not Marketo", async () => {
    const { headers } = await client.get("/rest/v1/stats/usage.json")
    expect([...headers.keys()].filter((name) => /limit|retry/i.test(name))).to.deep.equal([])
    expect(headers.get("server")).to.contain("not Marketo")
    expect(headers.get("content-type")).to.equal("application/json;charset=UTF-8")
  })
})
