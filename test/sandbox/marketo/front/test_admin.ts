import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: admin endpoints", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("shows state and ledger without a token, uncounted and unrecorded", async () => {
    await client.sync([{ email: "a@example.com" }])
    const state = await client.get("/sandbox/state", { headers: { Authorization: "" } })
    expect(state.json).to.include({ leads: 33, callsInWindow: 1, dailyUsed: 1 })
    expect(state.json.notice).to.contain("not Marketo")
    expect((await client.get("/sandbox/ledger")).json).to.include({ calls: 1, leadsCreated: 1 })
    expect((await client.get("/sandbox/nothing")).httpStatus).to.equal(404)
    expect(client.sandbox.ledger.calls).to.have.length(1)
  })

  it("takes and clears fault rules, and resets to the seed", async () => {
    await client.post("/sandbox/faults", { effect: { kind: "error", code: "606" } })
    expect((await client.sync([{ email: "a@example.com" }])).code).to.equal("606")
    expect((await client.post("/sandbox/faults", { effect: "606" })).httpStatus).to.equal(400)
    await client.call("DELETE", "/sandbox/faults")
    expect((await client.sync([{ email: "a@example.com" }])).success).to.equal(true)
    const reset = await client.call("POST", "/sandbox/reset")
    expect(reset.json).to.include({ leads: 32, callsInWindow: 0 })
    expect(client.sandbox.ledger.calls).to.deep.equal([])
  })
})
