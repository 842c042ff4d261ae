import { expect } from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { HubRowReport, RowLine } from "../../../../src/actions/marketo/lib/report/hub_account"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { reportMessage } from "../../../../src/actions/marketo/lib/report/report_message"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"

const ADD: MembershipChange = { kind: "addToList", target: { id: "1001" } }
const LINK = "https://hub.example.com/reports/id/key"

function lead(lookupValue: string, ...rows: number[]): QueuedLead {
  return { lookupValue, record: {}, rows, json: "{}", bytes: 2, reservation: lookupValue }
}

describe("report of rows", () => {
  let lines: RowLine[]

  beforeEach(() => { lines = [] })

  function reportOf(options: { isDryRun?: boolean, wantsAllRows?: boolean } = {}): RunReport {
    const rowReport: HubRowReport = {
      link: LINK, wantsAllRows: options.wantsAllRows ?? false, add: (line) => { lines.push(line) },
    }
    return new RunReport([ADD], options.isDryRun, rowReport)
  }

  it("has a line for each row that was kept back, with its number and why", () => {
    const report = reportOf()
    report.rowReceived()
    report.rowSkipped("No value for the lookup field email", 1)
    report.rowReceived()
    report.rowSkipped(["Too long", "Not a number"], "a@x.org")
    report.rowReceived()
    report.rowNotSent("Stopped.", "b@x.org")
    expect(lines).to.deep.equal([
      { row: 1, outcome: "skipped", reason: "No value for the lookup field email" },
      { row: 2, lookupValue: "a@x.org", outcome: "skipped", reason: "Too long; Not a number" },
      { row: 3, lookupValue: "b@x.org", outcome: "not sent", reason: "Stopped." },
    ])
  })

  it("has a line for each row of a lead, whatever became of it", () => {
    const report = reportOf()
    const lost = new MarketoError("unavailable", "No answer.", { maybeExecuted: true })
    report.leadOutcome({ kind: "skipped", lead: lead("a", 1, 4), reasons: [{ code: "1007", message: "Several" }] }, "")
    report.leadOutcome({ kind: "failed", lead: lead("b", 2), error: lost }, "")
    report.leadOutcome({ kind: "notSent", lead: lead("c", 3) }, "Stopped.")
    expect(lines.map(({ row, outcome, code, reason }) => [row, outcome, code, reason])).to.deep.equal([
      [1, "skipped", "1007", "Several"], [4, "skipped", "1007", "Several"], [2, "uncertain", undefined, "No answer."],
      [3, "not sent", undefined, "Stopped."],
    ])
  })

  it("names the leads that were updated of several that match, when one of them was not", () => {
    reportOf().leadOutcome({
      kind: "skipped", lead: lead("a", 1), reasons: [{ code: "1004", message: "One is gone" }], furtherLeadIds: [7, 8],
      matches: 3,
    }, "")
    expect(lines[0].reason).to.equal("One is gone; updated all the same: ID 7, 8")
  })

  it("has nothing of rows that were applied as they stand, unless all are wanted", () => {
    reportOf().leadOutcome({ kind: "created", lead: lead("a", 1), leadId: 1 }, "")
    expect(lines).to.deep.equal([])
    reportOf({ wantsAllRows: true }).leadOutcome({ kind: "created", lead: lead("a", 1), leadId: 1 }, "")
    expect(lines.map(({ row, outcome }) => [row, outcome])).to.deep.equal([[1, "created"]])
  })

  it("tells merged rows, and values that were left out of a row that was sent", () => {
    const report = reportOf()
    const merged = { ...lead("a", 1, 2), leftOut: [{ row: 2, values: "Column Score: text is not a whole number" }] }
    report.leadOutcome({ kind: "updated", lead: merged, leadId: 1 }, "")
    expect(lines.map(({ row, outcome, valuesLeftOut }) => [row, outcome, valuesLeftOut])).to.deep.equal([
      [1, "merged", undefined], [2, "updated", "Column Score: text is not a whole number"],
    ])
  })

  it("tells which list a lead was not added to, also of a lead that is no row", () => {
    const report = reportOf()
    const error = new MarketoError("rejected", "No", { code: "1013" })
    report.membershipOutcome(ADD, { kind: "failed", lead: { leadId: 7, lookupValue: "a", rows: [5] }, error })
    report.membershipOutcome(ADD, { kind: "failed", lead: { leadId: 8, lookupValue: "lead 8" }, error })
    report.membershipOutcome(ADD, { kind: "changed", lead: { leadId: 9, lookupValue: "b", rows: [6] } })
    expect(lines.map(({ row, target, outcome, code }) => [row, target, outcome, code])).to.deep.equal([
      [5, "list 1001", "failed", "1013"], [undefined, "list 1001", "failed", "1013"],
    ])
  })

  it("says of a dry run what would be", () => {
    reportOf({ isDryRun: true }).leadOutcome(
      { kind: "skipped", lead: lead("a", 1), reasons: [{ code: "1007", message: "Several" }] }, "")
    expect(lines[0].outcome).to.equal("would be skipped")
  })

  it("is linked in the message before the JSON, and only if it has a line", () => {
    const report = reportOf()
    expect(reportMessage(report)).not.to.contain(LINK)
    report.rowReceived()
    report.rowSkipped("No value", 1)
    const shown = reportMessage(report).split("\n")
    expect(shown[shown.length - 2]).to.equal(`All rows that were not applied as they stand: ${LINK}`)
    expect(shown[shown.length - 1]).to.match(/^\{/)
  })

  it("is linked as what it is if it has all rows", () => {
    const report = reportOf({ wantsAllRows: true })
    report.rowReceived()
    report.leadOutcome({ kind: "created", lead: lead("a", 1), leadId: 1 }, "")
    expect(reportMessage(report).split("\n")[1]).to.equal(`All rows: ${LINK}`)
  })
})
