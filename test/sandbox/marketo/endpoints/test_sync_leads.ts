import { expect } from "chai"
import * as fc from "fast-check"
import { Answer, SandboxClient, outcome } from "../sandbox_client"

const outcomes = (answer: Answer) => answer.result.map(outcome)

describe("Marketo sandbox: sync leads", () => {
  let client: SandboxClient

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("creates or updates by e-mail unless told otherwise, one element per record in order", async () => {
    const answer = await client.sync([{ email: "new@example.com" }, { email: "ana@example.com" },
      { email: "twin@example.com" }, { email: "newer@example.com" }])
    expect(outcomes(answer)).to.deep.equal(["created", "updated", "1007", "created"])
    expect(answer.result[1].id).to.equal(50001)
    expect(answer.result[2]).to.deep.equal({ status: "skipped",
      reasons: [{ code: "1007", message: "Multiple lead match lookup criteria" }] })
    expect(answer.success).to.equal(true)
  })

  it("refuses an unknown action, 301 records, and an empty or missing input, as a whole", async () => {
    expect((await client.sync([{ email: "a@b.c" }], { action: "upsert" })).code).to.equal("1003")
    expect((await client.sync(Array.from({ length: 301 }, () => ({ email: "a@b.c" })))).code).to.equal("1003")
    expect((await client.sync([])).code).to.equal("1003")
    expect((await client.sync(undefined)).code).to.equal("1002")
    expect(client.sandbox.ledger.leadsCreated).to.equal(0)
    expect(outcomes(await client.sync(Array.from({ length: 300 }, (_, n) => ({ email: `${n}@b.c` })))))
      .to.have.length(300)
  })

  it("answers 1005 to createOnly of a known lead and 1004 to updateOnly of an unknown one", async () => {
    const input = [{ email: "ana@example.com" }, { email: "new@example.com" }, { email: "twin@example.com" }]
    expect(outcomes(await client.sync(input, { action: "updateOnly" }))).to.deep.equal(["updated", "1004", "1007"])
    const createOnly = await client.sync(input.slice(0, 2), { action: "createOnly" })
    expect(outcomes(createOnly)).to.deep.equal(["1005", "created"])
    expect(createOnly.result[0].reasons[0].message).to.equal("Lead already exists")
  })

  it("always creates with createDuplicate, and does not call that a race", async () => {
    const answer = await client.sync([{ email: "ana@example.com" }], { action: "createDuplicate" })
    expect(outcomes(answer)).to.deep.equal(["created"])
    expect(client.sandbox.leads.find("email", "ana@example.com")).to.have.length(2)
    expect(client.sandbox.ledger.duplicates).to.deep.equal([])
  })

  it("refuses an unknown lookup field with 1006 and one that is no key with 1011", async () => {
    expect((await client.sync([{ userId: 1 }], { lookupField: "userId" })).errors)
      .to.deep.equal([{ code: "1006", message: "Lookup field 'userId' not found" }])
    expect((await client.sync([{ firstName: "A" }], { lookupField: "firstName" })).errors)
      .to.deep.equal([{ code: "1011", message: "Field 'firstName' not supported" }])
  })

  it("skips bad records (no lookup value, unknown field, bad value) and executes their neighbours", async () => {
    const answer = await client.sync([{ firstName: "A" }, { email: "" }, { email: null },
      { email: "x@y.z", shoeSize: 1 }, { email: "x@y.z", leadScore: 14.1 }, 7, { email: "x@y.z", city: "Oslo" }])
    expect(outcomes(answer)).to.deep.equal(["1003", "1003", "1003", "1006", "1003", "1003", "created"])
    expect(answer.result[0].reasons[0].message).to.equal("Value for lookup field 'email' not found")
    expect(answer.result[3].reasons[0].message).to.equal("Field 'shoeSize' not found")
    expect(answer.result[4].reasons[0].message).to.equal("Invalid value for field 'leadScore' and value '14.1'")
    expect(answer.result[4]).not.to.have.property("id")
  })

  it("can refuse the whole call for an unknown field", async () => {
    client.sandbox.knobs.unknownField = "response"
    expect((await client.sync([{ email: "x@y.z" }, { email: "x@y.z", shoeSize: 1 }])).errors)
      .to.deep.equal([{ code: "1006", message: "Field 'shoeSize' not found" }])
    expect(client.sandbox.ledger.leadsCreated).to.equal(0)
  })

  it("skips read-only fields with 1003, or ignores them, and can refuse company fields", async () => {
    const read = { email: "x@y.z", inferredCity: "Oslo" }
    expect(outcomes(await client.sync([read]))).to.deep.equal(["1003"])
    client.sandbox.knobs.readOnlyField = "ignore"
    expect(outcomes(await client.sync([read]))).to.deep.equal(["created"])
    expect(outcomes(await client.sync([{ email: "x@y.z", company: "Acme" }]))).to.deep.equal(["updated"])
    client.sandbox.knobs.companyFields = "refuse"
    expect(outcomes(await client.sync([{ email: "x@y.z", company: "Acme" }]))).to.deep.equal(["1021"])
  })

  it("clears with null and with an empty text, sets cleared booleans false, leaves absent members", async () => {
    const { result: [{ id }] } = await client.sync([{ email: "x@y.z", city: "Oslo", title: "CEO", isVip: true,
      state: "kept" }])
    await client.sync([{ email: "x@y.z", city: null, title: "", isVip: null }])
    const [lead] = (await client.get(`/rest/v1/lead/${id}.json?fields=city,title,isVip,state`)).result
    expect(lead).to.deep.equal({ id, city: null, title: null, isVip: false, state: "kept" })
  })

  it("answers updated to an update that changes nothing, and leaves updatedAt alone", async () => {
    await client.stop()
    let time = Date.parse("2026-08-17T12:00:00Z")
    client = await SandboxClient.start({ now: () => time })
    const { result: [{ id }] } = await client.sync([{ email: "x@y.z", city: "Oslo" }])
    time += 5000
    expect(outcomes(await client.sync([{ email: "x@y.z", city: "Oslo" }]))).to.deep.equal(["updated"])
    expect(client.sandbox.leads.get(id)?.updatedAt).to.equal(time - 5000)
    await client.sync([{ email: "x@y.z", city: "Rome" }])
    expect(client.sandbox.leads.get(id)?.updatedAt).to.equal(time)
  })

  it("updates by id, the e-mail included, and refuses id with createOnly", async () => {
    const byId = { lookupField: "id", action: "updateOnly" }
    expect(outcomes(await client.sync([{ id: 50001, email: "moved@example.com" }, { id: 1 }, { id: "x" }], byId)))
      .to.deep.equal(["updated", "1004", "1003"])
    expect(client.sandbox.leads.find("email", "moved@example.com")).to.deep.equal([50001])
    expect(client.sandbox.leads.find("email", "ana@example.com")).to.deep.equal([])
    expect((await client.sync([{ id: 50001 }], { lookupField: "id", action: "createOnly" })).code).to.equal("1003")
    expect(outcomes(await client.sync([{ email: "x@y.z", id: 50001 }], { action: "createOnly" })))
      .to.deep.equal(["1003"])
  })

  it("takes the id with updateOnly alone, or with createOrUpdate where recordings are believed", async () => {
    const byId = { lookupField: "id", action: "createOrUpdate" }
    expect((await client.sync([{ id: 50001, city: "Oslo" }], byId)).code).to.equal("1003")
    expect(outcomes(await client.sync([{ id: 50001, email: "ana@example.com" }]))).to.deep.equal(["1003"])
    client.sandbox.knobs.idWithCreateOrUpdate = "update"
    expect(outcomes(await client.sync([{ id: 50001, city: "Oslo" }, { id: 9 }], byId)))
      .to.deep.equal(["updated", "1004"])
    expect(client.sandbox.ledger.leadsCreated).to.equal(0)
  })

  it("gives a partition no meaning with updateOnly and createDuplicate", async () => {
    for (const partitionName of ["EMEA", "Mars"]) {
      expect(outcomes(await client.sync([{ email: "ana@example.com" }, { email: "zeno@example.com" }],
        { action: "updateOnly", partitionName }))).to.deep.equal(["updated", "updated"])
      const { result: [{ id }] } = await client.sync([{ email: "d@example.com" }],
        { action: "createDuplicate", partitionName })
      expect(client.sandbox.leads.get(id)?.partitionId).to.equal(1)
    }
    expect((await client.sync([{ email: "c@example.com" }], { action: "createOnly", partitionName: "Mars" })).code)
      .to.equal("1003")
  })

  it("compares keys without regard to case, keeps them as sent, and can be strict", async () => {
    expect(outcomes(await client.sync([{ email: "ANA@Example.com" }]))).to.deep.equal(["updated"])
    expect(client.sandbox.leads.get(50001)?.values.email).to.equal("ANA@Example.com")
    await client.stop()
    client = await SandboxClient.start({ caseInsensitiveKeys: false })
    expect(outcomes(await client.sync([{ email: "ANA@example.com" }]))).to.deep.equal(["created"])
  })

  it("looks up by custom text, e-mail and integer fields", async () => {
    expect(outcomes(await client.sync([{ customerNumber: "c-1000", city: "Oslo" }], { lookupField: "customerNumber" })))
      .to.deep.equal(["updated"])
    expect(outcomes(await client.sync([{ legacyId: "09000" }, { legacyId: 5 }], { lookupField: "legacyId" })))
      .to.deep.equal(["updated", "created"])
  })

  it("creates then updates one new key sent twice in a call, or creates twice", async () => {
    const twice = (email: string) => [{ email, city: "Oslo" }, { email, city: "Rome" }]
    expect(outcomes(await client.sync(twice("one@example.com")))).to.deep.equal(["created", "updated"])
    client.sandbox.knobs.sameKeyInCall = "createTwice"
    expect(outcomes(await client.sync(twice("two@example.com")))).to.deep.equal(["created", "created"])
    expect(client.sandbox.ledger.duplicates).to.have.length(1)
  })

  it("refuses an unknown partition, and a lead of another one with 1010", async () => {
    expect((await client.sync([{ email: "x@y.z" }], { partitionName: "Mars" })).code).to.equal("1003")
    expect(outcomes(await client.sync([{ email: "zeno@example.com" }, { email: "ana@example.com" }],
      { partitionName: "EMEA" }))).to.deep.equal(["updated", "1010"])
    expect(outcomes(await client.sync([{ email: "n@example.com" }], { partitionName: "EMEA" })))
      .to.deep.equal(["created"])
  })
})

describe("Marketo sandbox: sync leads accounts for every record", () => {
  it("answers as many elements as records, and creates as many leads as it says", async () => {
    const client = await SandboxClient.start({ rateLimit: Infinity, seed: "empty" })
    const record = fc.record({ email: fc.constantFrom("a@x.y", "B@x.y", "b@x.y", "", "c d"),
      leadScore: fc.constantFrom<unknown>(1, "2", "x", null) }, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
      const before = client.sandbox.leads.size
      const { result } = await client.sync(records)
      expect(result).to.have.length(records.length)
      expect(client.sandbox.leads.size - before).to.equal(result.filter(({ status }) => status === "created").length)
      for (const { id, status, reasons } of result) {
        expect(status === "skipped").to.equal(id === undefined)
        expect(status === "skipped").to.equal(reasons !== undefined)
      }
    }), { numRuns: 40 })
    expect(client.sandbox.ledger.duplicates).to.deep.equal([])
    await client.stop()
  })
})
