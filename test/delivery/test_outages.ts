import { expect } from "chai"
import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { failureOf, RowValues, runAgainst, SPEED, startSandbox } from "./run_under_test"

/** As long as 45 seconds are to Marketo; a call's five attempts are over by then. */
const OUTAGE_MS = 45000 / SPEED

const DESCRIBE = "/rest/v1/leads/describe2.json"

/** What proxies, firewalls and portals answer in Marketo's place. */
const TURNED_AWAY: FaultEffect[] = [
  { kind: "http", status: 302, headers: { Location: "https://login.example.com/" } },
  { kind: "http", status: 403 },
  { kind: "http", status: 404 },
  { kind: "http", status: 407 },
  {
    kind: "http", status: 403, contentType: "application/json",
    body: "{\"requestId\":\"a#1\",\"success\":false,\"errors\":[{\"code\":\"603\",\"message\":\"Access denied\"}]}",
  },
]

describe("A network that fails for a while", () => {
  let sandbox: MarketoSandbox

  async function start(people: number, options: MarketoSandboxOptions = {}): Promise<RowValues[]> {
    sandbox = await startSandbox(options)
    return Array.from({ length: people }, (_unused, index) => {
      const email = `p${index}@example.org`
      sandbox.store.addLead({ email, firstName: "before" })
      return { email, firstName: "after" }
    })
  }

  afterEach(async () => sandbox.stop())

  function membersAfter(listId: number): number {
    return sandbox.lists.get(listId)?.members.size ?? 0
  }

  const UPDATES = { lookupField: "email", leadMode: "updateOnly" }
  const LIST = { ...UPDATES, subaction: "addList", campaignId: String(SEEDED.lists.empty) }

  it("loses nothing of a run", async () => {
    const rows = await start(1500, { latency: 2 })
    sandbox.addFault({ match: { operation: "syncLeads" }, nth: 3, effect: { kind: "outage", ms: OUTAGE_MS } })
    const response = await runAgainst(sandbox, { rows, formParams: LIST, batchSizes: { sync: 50, list: 50 } })
    expect([response.success, membersAfter(SEEDED.lists.empty)]).to.deep.equal([true, 1500])
  })

  it("loses nothing when the token has to be renewed meanwhile", async () => {
    const rows = await start(400)
    sandbox.addFault({ match: { operation: "syncLeads" }, nth: 2, effect: { kind: "expireToken" } })
    sandbox.addFault({ match: { operation: "identity" }, nth: 2, effect: { kind: "outage", ms: OUTAGE_MS } })
    const response = await runAgainst(sandbox, { rows, formParams: LIST, batchSizes: { sync: 50, list: 50 } })
    expect([response.success, membersAfter(SEEDED.lists.empty)]).to.deep.equal([true, 400])
  })

  it("does not have a campaign requested twice", async () => {
    const rows = await start(300)
    sandbox.addFault({
      match: { operation: "requestCampaign" }, nth: 2, effect: { kind: "outage", ms: OUTAGE_MS, executes: true },
    })
    const formParams = { ...UPDATES, subaction: "addCampaign", campaignId: String(SEEDED.campaigns.welcome) }
    await runAgainst(sandbox, { rows, formParams, batchSizes: { sync: 100, campaign: 30 } })
    expect(sandbox.ledger.campaignRequests().length).to.be.greaterThan(200)
    expect(sandbox.ledger.repeatedCampaignRequests()).to.deep.equal([])
  })

  describe("by answers that are not Marketo's", () => {
    for (const effect of TURNED_AWAY) {
      const name = effect.kind === "http" ? `${effect.status}${effect.body === undefined ? "" : " with JSON"}` : ""

      it(`${name}: every call is repeated, and every lead is added`, async () => {
        const rows = await start(200)
        sandbox.addFault({ every: 2, times: 4, effect })
        const response = await runAgainst(sandbox, { rows, formParams: LIST, batchSizes: { sync: 50, list: 50 } })
        expect([response.success, membersAfter(SEEDED.lists.empty)]).to.deep.equal([true, 200])
      })

      it(`${name}: lasting, ends the run and says what to look at`, async () => {
        const rows = await start(20)
        sandbox.addFault({ match: { operation: ["syncLeads", "addToList"] }, effect })
        const response = await runAgainst(sandbox, { rows, formParams: LIST })
        expect(JSON.stringify(failureOf(response).requestErrors)).to.contain("came back in place of Marketo's answer")
      })
    }
  })

  describe("by failures that Marketo tells inside HTTP 200", () => {
    for (const code of ["500", "502", "31337", 502]) {
      it(`${JSON.stringify(code)} to list calls: repeated, executed or not`, async () => {
        const rows = await start(200)
        sandbox.addFault({ match: { operation: "addToList" }, nth: 1, effect: { kind: "error", code } })
        sandbox.addFault({ match: { operation: "addToList" }, nth: 2, effect: { kind: "error", code, executes: true } })
        const response = await runAgainst(sandbox, { rows, formParams: LIST, batchSizes: { list: 50 } })
        expect([response.success, membersAfter(SEEDED.lists.empty)]).to.deep.equal([true, 200])
      })

      it(`${JSON.stringify(code)} to a campaign request that was executed: uncertain, and not repeated`, async () => {
        const rows = await start(40)
        sandbox.addFault({
          match: { operation: "requestCampaign" }, times: 1, effect: { kind: "error", code, executes: true },
        })
        const formParams = { ...UPDATES, subaction: "addCampaign", campaignId: String(SEEDED.campaigns.welcome) }
        const failure = failureOf(await runAgainst(sandbox, { rows, formParams }))
        expect(JSON.stringify(failure.membershipErrors ?? failure.requestErrors)).to.contain("uncertain")
        expect(sandbox.ledger.campaignRequests()).to.have.length(40)
      })
    }
  })

  it("lets a run be stopped that waits for another run's question", async () => {
    const rows = await start(5)
    sandbox.addFault({ match: { path: DESCRIBE }, effect: { kind: "delay", ms: 100 } })
    const answersAtEnd: boolean[] = []
    const stop = new AbortController()
    const formParams = { ...UPDATES, subaction: "none" }
    const isAnswered = () => sandbox.ledger.calls.some(
      (call) => call.path === DESCRIBE && call.finishedAt !== undefined)
    const first = runAgainst(sandbox, { rows, formParams })
    while (!sandbox.ledger.calls.some((call) => call.path === DESCRIBE)) {
      await new Promise<void>((resolve) => { setTimeout(resolve, 2) })
    }
    const shared = { rows, formParams, isShared: true, stopSignal: stop.signal }
    const second = runAgainst(sandbox, shared).then((response) => {
      answersAtEnd.push(isAnswered())
      return response
    })
    setImmediate(() => stop.abort())
    const responses = await Promise.all([first, second])
    expect(answersAtEnd).to.deep.equal([false])
    expect(responses.map((response) => response.success)).to.deep.equal([true, false])
  })
})
