import { expect } from "chai"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { ActionRequest, Fieldset, JsonDetail } from "../../src/hub"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { expectTruth } from "./oracle"
import { configuration, documentOf, failureOf, requestFor, RowValues, runAgainst, startSandbox } from "./run_under_test"

const NONE = { lookupField: "email", subaction: "none" }

function people(count: number, prefix = "person"): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({
    email: `${prefix}${index}@example.org`, firstName: `Łukasz ${index}`,
  }))
}

describe("The limits of a Marketo instance, in a run", function() {
  this.timeout(30000)

  let sandbox: MarketoSandbox

  beforeEach(() => forgetConnections())
  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<MarketoSandbox> {
    sandbox = await startSandbox(options)
    return sandbox
  }

  it("makes no more calls in any window, and no more at once, than configured", async () => {
    const speed = 20
    // The sandbox looks at a somewhat narrower window: both clocks share a process that may be busy.
    await start({ rateWindowMs: 20000 / speed - 150, latency: 3 })
    const rows = people(400)
    const response = await runAgainst(sandbox, {
      rows, formParams: NONE, speed, batchSizes: { sync: 4 }, share: { callsPerWindow: 40, concurrentCalls: 3 },
    })
    expectTruth(response, sandbox, { rows })
    expect(sandbox.ledger.highestCallsInWindow()).to.be.at.most(40)
    expect(sandbox.ledger.highestConcurrency).to.be.at.most(3)
    expect(sandbox.ledger.rejectedByCode()).to.deep.equal({})
  })

  it("shares the quota between runs, so that a small one is not starved by a large one", async () => {
    await start({ latency: 4 })
    const share = { concurrentCalls: 2 }
    let isLargeDone = false
    const large = runAgainst(sandbox, {
      rows: people(600, "large"), formParams: NONE, batchSizes: { sync: 2 }, share, isShared: true,
    }).then((response) => {
      isLargeDone = true
      return response
    })
    const small = await runAgainst(sandbox, {
      rows: people(6, "small"), formParams: NONE, batchSizes: { sync: 2 }, share, isShared: true,
    })
    expect(small.success).to.equal(true)
    expect(isLargeDone).to.equal(false)
    expect((await large).success).to.equal(true)
    expect(sandbox.ledger.highestConcurrency).to.be.at.most(2)
  })

  it("gives way when Marketo is busy, and delivers everything all the same", async () => {
    await start({ latency: 2, backgroundTenant: { callsPerWindow: 70, slots: 7 } })
    const rows = people(300)
    const response = await runAgainst(sandbox, { rows, formParams: NONE, batchSizes: { sync: 3 } })
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
  })

  it("stops when the day's quota is used up, and says what was not sent and when to go on", async () => {
    await start({ dailyQuota: 30, dailyUsed: 20 })
    const rows = people(200)
    // Calls on the wire have most of a second to be answered, also on a machine that others use.
    const response = await runAgainst(sandbox, { rows, formParams: NONE, batchSizes: { sync: 10 }, speed: 20 })
    const failure = failureOf(response)
    expectTruth(response, sandbox, { rows })
    const [reason] = Object.keys(failure.notSent ?? {})
    expect(reason).to.match(/quota.*midnight US Central time, in about .*UTC/i)
    expect(failure.rows.notSent).to.be.greaterThan(0)
    expect(failure.rows.created + failure.rows.notSent).to.equal(200)
    const refused = sandbox.ledger.rejectedByCode()["607"]
    expect(refused, "calls after the quota was spent").to.be.at.most(5)
  })

  it("refuses a large send when the administrator's part of the day is used up, before a lead is sent", async () => {
    await start({ dailyUsed: 900 })
    const request = requestFor(sandbox, { rows: people(5), formParams: NONE })
    request.scheduledPlan = { query: { limit: "50000" } } as unknown as ActionRequest["scheduledPlan"]
    const limited = configuration({ share: { dailyAllowance: 800 } })
    const response = await new MarketoTransaction(limited).handleRequest(request)
    expect(response.message).to.match(/^The part of Marketo's daily quota that this hub may use is used up/)
    expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
  })

  it("warns in numbers when a large send may not fit into the day", async () => {
    await start({ dailyUsed: 900 })
    const request = requestFor(sandbox, { rows: people(5), formParams: NONE })
    request.scheduledPlan = { query: { limit: "50000" } } as unknown as ActionRequest["scheduledPlan"]
    const limited = configuration({ share: { dailyAllowance: 1000 } })
    const response = await new MarketoTransaction(limited).handleRequest(request)
    expect(response.success).to.equal(true)
    expect(response.message).to.contain("This send takes about 167 calls to Marketo, and about 9")
  })

  it("keeps the administrator's reserve in a small send, too", async () => {
    await start({ dailyUsed: 900 })
    const rows = people(200)
    const response = await runAgainst(sandbox, {
      rows, formParams: NONE, batchSizes: { sync: 10 }, share: { dailyAllowance: 910 },
    })
    const failure = failureOf(response)
    expectTruth(response, sandbox, { rows })
    expect(Object.keys(failure.notSent ?? {})[0]).to.match(/^The part of Marketo's daily quota that this hub may use/)
    expect(sandbox.ledger.calls.length).to.be.at.most(14)
  })

  it("warns in numbers once so many rows have come that they may not fit into the day", async () => {
    await start({ dailyUsed: 49900, dailyQuota: 1000000 })
    const rows = Array.from({ length: 30000 }, (_unused, index) => ({ email: `p${index % 10}@example.org` }))
    const formParams = { ...NONE, subaction: "addList", campaignId: "1005" }
    const response = await runAgainst(sandbox, { rows, formParams })
    expect(response.success, response.message).to.equal(true)
    expect(response.message).to.contain("This send takes at least 200 calls to Marketo, and about 9")
  })

  it("makes no lead twice when two runs send the same people at once", async () => {
    await start({ latency: 4 })
    const rows = people(200)
    const batchSizes = { sync: 10 }
    const responses = await Promise.all([1, 2, 3].map(async () =>
      runAgainst(sandbox, { rows, formParams: NONE, batchSizes, isShared: true })))
    expect(responses.map((response) => response.success)).to.deep.equal([true, true, true])
    expect(sandbox.ledger.duplicates).to.deep.equal([])
    expect(sandbox.ledger.overlappingUpserts).to.deep.equal([])
    expect(sandbox.ledger.leadsCreated).to.equal(200)
    expect(sandbox.ledger.callsOf("syncLeads").length, "calls for 3 x 20 batches").to.be.at.most(66)
  })

  it("stays below the size of a call that Marketo takes, in bytes of UTF-8", async () => {
    await start({ maxBodyBytes: 1000000 })
    const rows = people(80).map((row) => ({ ...row, mktoPersonNotes: "ő".repeat(12000) }))
    const response = await runAgainst(sandbox, { rows, formParams: NONE })
    const largest = Math.max(...sandbox.ledger.callsOf("syncLeads").map((call) => call.requestBytes))
    expect(largest).to.be.within(900000, 1000000)
    expect(sandbox.ledger.callsOf("syncLeads").every((call) => call.httpStatus === 200)).to.equal(true)
    expect(response.message).to.not.contain("413")
  })

  it("halves a call that is refused for its size", async () => {
    await start({ maxBodyBytes: 700 })
    const rows = people(64)
    const response = await runAgainst(sandbox, { rows, formParams: NONE })
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
  })

  it("halves a call that Marketo cannot finish in its time", async () => {
    await start()
    sandbox.addFault({
      match: { operation: "syncLeads", lookupValue: "person5@example.org" },
      effect: { kind: "error", code: "604", executes: true },
      times: 2,
    })
    const rows = people(8)
    const response = await runAgainst(sandbox, { rows, formParams: NONE })
    expect(response.success, response.message).to.equal(true)
    expect(sandbox.ledger.callsOf("syncLeads").map((call) => call.batchSize)).to.deep.equal([8, 8, 4, 4])
    expectTruth(response, sandbox, { rows })
  })

  it("reports a lead that is too large for any call", async () => {
    await start()
    // With the schema at hand, so long a text would be left out, and the lead sent without it.
    sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "error", code: "603" } })
    const rows = [{ email: "huge@example.org", firstName: "x".repeat(1000000) }, ...people(1)]
    const failure = failureOf(await runAgainst(sandbox, { rows, formParams: NONE }))
    expect(failure.skipped).to.deep.equal({
      "Lead is larger than one call to Marketo may be (1 MB)": ["huge@example.org"],
    })
    expect(failure.rows).to.include({ received: 2, created: 1, skipped: 1 })
  })

  it("ends with a partial report when the hub tells it to stop", async () => {
    await start({ latency: 5 })
    const stop = new AbortController()
    const rows = people(1000)
    const running = runAgainst(sandbox, {
      rows, formParams: NONE, batchSizes: { sync: 2 }, share: { concurrentCalls: 1 }, stopSignal: stop.signal,
    })
    setTimeout(() => stop.abort(), 60)
    const failure = failureOf(await running)
    expect(failure.requestErrors?.[0].message).to.match(/^The hub had to end the run before it was complete\. Reading/)
    expect(failure.rows.created).to.be.within(1, 999)
    expect(failure.rows.created + failure.rows.notSent + failure.rows.failed).to.equal(failure.rows.received)
    expect(sandbox.ledger.leadsCreated).to.be.at.least(failure.rows.created)
  })

  it("loses nothing on a hub that does not wait for the promises of row callbacks", async () => {
    await start({ latency: 2 })
    const rows = people(300)
    const request = requestFor(sandbox, { rows, formParams: { ...NONE, subaction: "addList", campaignId: "1005" } })
    const document = JSON.parse(documentOf(rows)) as { fields: Fieldset, data: JsonDetail.Row[] }
    request.streamJsonDetail = async (callbacks) => {
      document.data.slice(0, 3).forEach((row) => { void callbacks.onRow(row) })
      void callbacks.onFields?.(document.fields)
      document.data.slice(3).forEach((row) => { void callbacks.onRow(row) })
    }
    const response = await new MarketoTransaction(configuration({ batchSizes: { sync: 7 } })).handleRequest(request)
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows, listId: SEEDED.lists.empty })
  })
})
