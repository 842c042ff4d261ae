import { expect } from "chai"
import { performance } from "perf_hooks"
import { SeveralMatches } from "../../../../src/actions/marketo/lib/delivery/several_matches"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { FakeMarketo, success } from "../support/fake_marketo"

const LEADS = "/rest/v1/leads.json"

describe("SeveralMatches", () => {
  let marketo: FakeMarketo
  let run: RunControl

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    run = new RunControl()
  })

  afterEach(async () => {
    run.stop({ category: "hub", readOn: false, message: "The test is over." })
    await marketo.stop()
  })

  it("keeps the lookup value while an update by id whose answer was lost may be running", async () => {
    const json = JSON.stringify({ email: "twin" })
    const lead: QueuedLead = {
      lookupValue: "twin", record: { email: "twin" }, json, bytes: json.length, rows: [1], reservation: "twin",
    }
    const skipped: LeadOutcome = { kind: "skipped", lead, reasons: [{ code: "1007", message: "Several" }] }
    const sender = new SeveralMatches({ send: async () => [skipped] }, clientFor(marketo.origin, run), {
      mode: "createOrUpdate", lookupField: "email", severalMatches: "all", limits: { leads: 300, bytes: 1000000 },
    })
    marketo.answer("GET", LEADS, success([1, 2].map((id) => ({ id, email: "twin" }))))
    marketo.answer("POST", LEADS, { reset: true }, success([1, 2].map((id) => ({ id, status: "updated" }))))
    const [outcome] = await sender.send([lead], () => undefined)
    expect(outcome).to.include({ kind: "updated", leadId: 1, matches: 2 })
    expect(outcome.furtherLeadIds).to.deep.equal([2])
    expect(outcome.runningUntil).to.be.above(performance.now())
  })
})
