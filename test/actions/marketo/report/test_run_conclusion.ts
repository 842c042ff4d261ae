import { expect } from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors/run_stopped_error"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { conclusionOf, progressOf, refusalOf } from "../../../../src/actions/marketo/lib/report/run_conclusion"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { quotaSpent } from "../../../../src/actions/marketo/lib/stopping/stop_reasons"

const CANARY = "canary@example.com"
const ADD: MembershipChange = { kind: "addToList", target: { id: "1001" } }

function lead(row: number): QueuedLead {
  return { lookupValue: CANARY, record: { email: CANARY }, rows: [row], json: "{}", bytes: 2, reservation: CANARY }
}

describe("what a hub may keep of a run", () => {
  let report: RunReport

  beforeEach(() => {
    report = new RunReport([ADD])
    report.rowReceived()
  })

  it("has the outcome, the numbers and no category after a success", () => {
    report.leadOutcome({ kind: "created", lead: lead(1), leadId: 1 }, "")
    report.membershipOutcome(ADD, { kind: "changed", lead: { leadId: 1, lookupValue: CANARY } })
    const conclusion = conclusionOf(report)
    expect(conclusion).not.to.have.property("category")
    expect(conclusion.counts).to.include({ received: 1, created: 1, calls: 0, quotaWaitMs: 0, retryWaitMs: 0 })
    expect(conclusion.membership[0]).to.deep.include({ target: "list 1001" })
  })

  it("has Marketo's codes with our words for them, since Marketo puts values into its own", () => {
    const message = `Value '${CANARY}' is not valid`
    report.leadOutcome({ kind: "skipped", lead: lead(1), reasons: [{ code: "1003", message }] }, "")
    const refused = new MarketoError("rejected", message, { code: "1006" })
    report.leadOutcome({ kind: "failed", lead: lead(2), error: refused }, "")
    report.leadOutcome({ kind: "skipped", lead: lead(5), reasons: [{ code: "", message: `${message}, too` }] }, "")
    report.leadOutcome({ kind: "failed", lead: lead(3), error: new MarketoError("unavailable", message) }, "")
    report.membershipOutcome(ADD, {
      kind: "skipped", lead: { leadId: 1, lookupValue: CANARY }, reasons: [{ code: "31337", message }],
    })
    report.leadOutcome({ kind: "notSent", lead: lead(4) }, message)
    report.runFailed(message, "marketo")
    const conclusion = conclusionOf(report)
    expect(JSON.stringify(conclusion)).not.to.contain("canary")
    expect(conclusion.reasons).to.deep.include({ reason: "skipped: a value is not valid", count: 1, code: "1003" })
    expect(conclusion.reasons).to.have.length(7)
  })

  const failing = (kind: "auth" | "rejected", code?: string) => () => {
    report.leadOutcome({ kind: "failed", lead: lead(1), error: new MarketoError(kind, "No", { code }) }, "")
  }
  const CATEGORIES: [string, () => void][] = [
    ["rows", () => report.rowSkipped("No value", 1)],
    ["rows", failing("rejected", "1003")],
    ["access", failing("auth", "603")],
    ["marketo", failing("rejected")],
    ["looker", () => report.runFailed("The query result was cut off.", "looker")],
  ]
  CATEGORIES.forEach(([category, enter], index) => {
    it(`has the category ${category} (${index + 1})`, () => {
      enter()
      expect(conclusionOf(report)).to.include({ category })
    })
  })

  it("has the category of the stop if rows were not sent because of it", () => {
    report.leadOutcome({ kind: "notSent", lead: lead(1) }, "Spent.")
    const conclusion = conclusionOf(report, quotaSpent(new MarketoError("quota", "Spent")))
    expect(conclusion).to.include({ category: "quota" })
    expect(conclusion.reasons).to.deep.equal([{ reason: "not sent: Marketo's calls of the day are used up", count: 1 }])
  })

  it("has the reason of the stop for changes that were not asked for any more, and the category with it", () => {
    const stop = quotaSpent(new MarketoError("quota", "Spent"))
    report.membershipOutcome(ADD, {
      kind: "failed", lead: { leadId: 1, lookupValue: CANARY }, error: new RunStoppedError(stop.message),
    })
    report.membershipOutcome(ADD, {
      kind: "failed", lead: { leadId: 2, lookupValue: CANARY }, error: new MarketoError("unavailable", "Cut off."),
    })
    const conclusion = conclusionOf(report, stop)
    expect(conclusion).to.include({ category: "quota" })
    expect(conclusion.reasons).to.deep.equal([
      { reason: "not added to list 1001: Marketo's calls of the day are used up", count: 1 },
      { reason: "not added to list 1001: no usable answer came from Marketo", count: 1 },
    ])
  })

  it("says in a sentence why no row was sent", () => {
    report = new RunReport([])
    report.runFailed(`No such client as ${CANARY}.`, "access")
    expect(conclusionOf(report).summary)
      .to.equal("No row was sent. Marketo does not accept the credentials, or refuses a permission.")
  })

  it("names the fields of the form that a send was refused for", () => {
    expect(refusalOf("settings", ["campaignId"]).summary).to.match(/^Nothing was sent\. .* \(campaignId\)\.$/)
  })

  it("has the progress while the run lasts", () => {
    report.rowSkipped("No value", 1)
    report.rowReceived()
    report.leadOutcome({ kind: "created", lead: lead(2), leadId: 1 }, "")
    report.calls = 3
    expect(progressOf(report, 500, "its turn")).to.deep.equal({
      rowsRead: 2, rowsApplied: 1, rowsNotApplied: 1, rowLimit: 500, hasReadAll: false, isDryRun: false, calls: 3,
      waitingFor: "its turn",
    })
  })
})
