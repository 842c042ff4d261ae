import { expect } from "chai"
import { Answer, SandboxClient, outcome } from "../sandbox_client"

const outcomes = (answer: Answer) => answer.result.map(outcome)

describe("Marketo sandbox: the key race", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start({ latency: { sync: 40 } })
  })

  afterEach(async () => client.stop())

  it("makes two leads of two overlapping upserts of one new key, and answers 1007 from then on", async () => {
    const record = [{ email: "race@example.com" }]
    const both = await Promise.all([client.sync(record), client.sync(record)])
    expect(both.flatMap(outcomes)).to.deep.equal(["created", "created"])
    expect(outcomes(await client.sync(record))).to.deep.equal(["1007"])
    const { duplicates, overlappingUpserts } = client.sandbox.ledger
    expect(duplicates).to.have.length(1)
    expect(duplicates[0]).to.include({ lookupField: "email", lookupValue: "race@example.com" })
    expect(overlappingUpserts.map(({ action, lookupValue, isKnown }) => [action, lookupValue, isKnown]))
      .to.deep.equal([["createOrUpdate", "race@example.com", false]])
  })

  it("tells overlapping upserts of a lead that is there, of which no harm can come", async () => {
    await client.sync([{ email: "known@example.com" }])
    const record = [{ email: "KNOWN@example.com" }]
    const both = await Promise.all([client.sync(record), client.sync(record)])
    expect(both.flatMap(outcomes)).to.deep.equal(["updated", "updated"])
    expect(client.sandbox.ledger.overlappingUpserts.map(({ isKnown }) => isKnown)).to.deep.equal([true])
    expect(client.sandbox.ledger.duplicates).to.deep.equal([])
  })

  it("does no harm to calls one after the other", async () => {
    await client.sync([{ email: "calm@example.com" }])
    await client.sync([{ email: "calm@example.com" }])
    expect(client.sandbox.ledger.duplicates).to.deep.equal([])
    expect(client.sandbox.ledger.overlappingUpserts).to.deep.equal([])
  })

  it("is closed by a window of 0, though the overlap is still told", async () => {
    client.sandbox.knobs.keyRaceWindowMs = 0
    const record = [{ email: "race@example.com" }]
    const both = await Promise.all([client.sync(record), client.sync(record)])
    expect(both.flatMap(outcomes).sort()).to.deep.equal(["created", "updated"])
    expect(client.sandbox.ledger.duplicates).to.deep.equal([])
    expect(client.sandbox.ledger.overlappingUpserts).to.have.length(1)
  })
})
