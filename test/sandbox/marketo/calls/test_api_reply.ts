import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: envelope", () => {
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

  it("prints lead database moments with Z and asset moments with Z+0000", async () => {
    const [list] = (await client.get("/rest/v1/lists/1001.json")).result
    const [item] = (await client.get("/rest/asset/v1/staticList/1001.json")).result
    expect(list.createdAt).to.equal("2026-01-05T09:00:00Z")
    expect(item.createdAt).to.equal("2026-01-05T09:00:00Z+0000")
  })
})
