import { expect } from "chai"
import * as http from "node:http"
import * as zlib from "node:zlib"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: transport", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

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

  it("sends no rate-limit headers and says that it is not Marketo", async () => {
    const { headers } = await client.get("/rest/v1/stats/usage.json")
    expect([...headers.keys()].filter((name) => /limit|retry/i.test(name))).to.deep.equal([])
    expect(headers.get("server")).to.contain("not Marketo")
    expect(headers.get("content-type")).to.equal("application/json;charset=UTF-8")
  })
})
