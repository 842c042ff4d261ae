import { expect } from "chai"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const NONE = { lookupField: "email", subaction: "none" }
const NEWSLETTER = String(SEEDED.lists.newsletter)
const EMPTY_LIST = String(SEEDED.lists.empty)
const WELCOME = String(SEEDED.campaigns.welcome)

function people(count: number): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({
    email: `person${index}@example.org`, firstName: `Zoë ${index}`, leadScore: index,
  }))
}

describe("A run against the Marketo sandbox", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<MarketoSandbox> {
    sandbox = await startSandbox(options)
    return sandbox
  }

  it("creates and updates leads, and says so", async () => {
    await start()
    const rows = [...people(600), { email: "ana@example.com", firstName: "Anna", leadScore: 1 }]
    const response = await runAgainst(sandbox, { rows, formParams: NONE })
    expect(response.success).to.equal(true)
    expect(response.message).to.equal("601 rows received: 600 leads created, 1 updated.")
    expect(sandbox.ledger.callsOf("syncLeads").map((call) => call.batchSize)).to.deep.equal([300, 300, 1])
  })

  it("fills list calls across upsert calls", async () => {
    await start()
    const rows = people(1000).concat(SEEDED.duplicateEmails.map((email) => ({ email, firstName: "x", leadScore: 1 })))
    const response = await runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "addList", campaignId: EMPTY_LIST },
    })
    expect(failureOf(response)).to.deep.include({
      skipped: { "Multiple lead match lookup criteria": [...SEEDED.duplicateEmails] },
    })
    expect(sandbox.lists.get(SEEDED.lists.empty)?.members.size).to.equal(1000)
    const sizes = sandbox.ledger.callsOf("addToList").map((call) => call.batchSize)
    expect(sizes.sort()).to.deep.equal([100, 300, 300, 300])
  })

  it("requests a campaign in calls of a hundred, once for each lead", async () => {
    await start()
    const response = await runAgainst(sandbox, {
      rows: people(250), formParams: { lookupField: "email", subaction: "addCampaign", campaignId: WELCOME },
    })
    expect(response.message).to.equal(
      `250 rows received: 250 leads created, 0 updated. Campaign ${WELCOME}: requested for 250 leads.`)
    expect(sandbox.ledger.campaignRequestCount(SEEDED.campaigns.welcome)).to.equal(250)
    expect(sandbox.ledger.repeatedCampaignRequests()).to.deep.equal([])
  })

  it("removes leads from a list; those that are not in it are no failure", async () => {
    await start()
    const rows = ["ana@example.com", "bo@example.com", "zeno@example.com"].map((email) => ({ email, firstName: "x" }))
    const response = await runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "removeList", campaignId: NEWSLETTER },
    })
    expect(response.message).to.equal(
      `3 rows received: 0 leads created, 3 updated. List ${NEWSLETTER}: 2 leads removed, 1 needed no change.`)
  })

  it("changes several lists at once", async () => {
    await start()
    const response = await runAgainst(sandbox, {
      rows: people(3), formParams: { lookupField: "email", subaction: "addList", campaignId: "1002, 1005" },
    })
    expect(response.success).to.equal(true)
    expect(sandbox.lists.get(1002)?.members.size).to.equal(3)
    expect(sandbox.lists.get(1005)?.members.size).to.equal(3)
  })

  it("updates by id without creating", async () => {
    await start()
    const response = await runAgainst(sandbox, {
      rows: [{ id: 50001, firstName: "By id" }, { id: "50002", firstName: "By text" }, { id: 999, firstName: "x" }],
      formParams: { lookupField: "id", subaction: "none" },
    })
    expect(failureOf(response)).to.deep.include({ skipped: { "Lead not found": ["999"] } })
    expect(sandbox.leads.get(50001)?.values.firstName).to.equal("By id")
    expect(sandbox.leads.get(50002)?.values.firstName).to.equal("By text")
  })

  it("merges rows with one lookup value, whatever its case and blanks, later cells winning", async () => {
    await start()
    const response = await runAgainst(sandbox, {
      rows: [
        { email: "new@example.org", firstName: "First", lastName: "Kept" },
        { email: " NEW@example.org ", firstName: "Last", lastName: undefined },
      ],
      formParams: NONE,
    })
    expect(response.message).to.equal(
      "2 rows received: 1 lead created, 0 updated, 1 row merged into another row with the same lookup value.")
    const [id] = sandbox.leads.find("email", "new@example.org")
    expect(sandbox.leads.get(id)?.values).to.include({ firstName: "Last", lastName: "Kept" })
  })

  it("names rows without a lookup value by their number", async () => {
    await start()
    const rows = [{ email: null, firstName: "a" }, { email: "  ", firstName: "b" }, { firstName: "c" }, ...people(1)]
    const failure = failureOf(await runAgainst(sandbox, { rows, formParams: NONE }))
    expect(failure.skipped).to.deep.equal({ "No value for the lookup field email": ["rows 1-3"] })
    expect(failure.rows).to.include({ received: 4, created: 1, skipped: 3 })
  })

  it("sends nothing for a result without rows, and says so", async () => {
    await start()
    const document = JSON.stringify({ fields: { dimensions: [{ name: "e", tags: ["marketo:email"] }] }, data: [] })
    const response = await runAgainst(sandbox, { rows: [], document, formParams: NONE })
    expect(response.success).to.equal(true)
    expect(response.message).to.equal("The query result has no rows, so nothing was sent to Marketo.")
    expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
  })

  it("reports what was delivered when the download breaks off", async () => {
    await start()
    const document = JSON.stringify({
      fields: { dimensions: [{ name: "e", tags: ["marketo:email"] }] },
      data: [{ e: { value: "one@example.org" } }, { e: { value: "two@example.org" } }],
    })
    const response = await runAgainst(sandbox, { rows: [], document: document.slice(0, -5), formParams: NONE })
    const failure = failureOf(response)
    expect(failure.requestErrors?.[0].message).to.match(/^The query result could not be read to its end: /)
    expect(failure.rows.created).to.equal(failure.rows.received)
  })

  describe("when the settings cannot work", () => {
    async function refusal(formParams: { [name: string]: string }, params: { [name: string]: string } = {}) {
      const outcome = runAgainst(sandbox, { rows: people(2), formParams, params })
      try {
        const response = await outcome
        return response.message ?? ""
      } catch (failure) {
        return (failure as Error).message
      } finally {
        expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
      }
    }

    it("names an unknown list", async () => {
      await start()
      const message = await refusal({ lookupField: "email", subaction: "addList", campaignId: "1001,987" })
      expect(message).to.match(/^Marketo has no static list with the ID 987 /)
    })

    it("names an unknown campaign", async () => {
      await start()
      const message = await refusal({ lookupField: "email", subaction: "addCampaign", campaignId: "987" })
      expect(message).to.match(/^Marketo has no smart campaign with the ID 987 /)
    })

    it("says why a campaign cannot be requested", async () => {
      await start()
      const ids: [number, RegExp][] = [
        [SEEDED.campaigns.inactive, /is not active/],
        [SEEDED.campaigns.notRequestable, /cannot be requested/],
        [SEEDED.campaigns.batch, /is a batch campaign/],
      ]
      for (const [id, expected] of ids) {
        const message = await refusal({ lookupField: "email", subaction: "addCampaign", campaignId: String(id) })
        expect(message).to.match(expected)
      }
    })

    it("names an unknown lookup field and offers those that work", async () => {
      await start()
      expect(await refusal({ lookupField: "mail", subaction: "none" })).to.match(
        /^Marketo has no lead field with the REST API name "mail"\. Choose one of: .*email/)
    })

    it("names a lookup field that Marketo cannot search by", async () => {
      await start()
      expect(await refusal({ lookupField: "firstName", subaction: "none" })).to.match(
        /^Marketo cannot look leads up by the field "firstName"\./)
    })

    it("tells of wrong credentials without repeating them", async () => {
      await start()
      const message = await refusal(NONE, { clientSecret: "wrong-secret" })
      expect(message).to.match(/knows the Client ID .*, but does not accept the Client Secret with it/).and.not.contain("wrong-secret")
    })

    it("tells of a host that cannot be reached", async () => {
      await start()
      expect(await refusal(NONE, { url: "http://127.0.0.1:1" })).to.match(/could not be reached at 127\.0\.0\.1:1/)
    })
  })
})
