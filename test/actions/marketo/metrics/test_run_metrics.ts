import * as chai from "chai"
import { RunMetrics } from "../../../../src/actions/marketo/lib/metrics/run_metrics"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { MetricsLog } from "../support/metrics_log"

const expect = chai.expect

const ONE: MembershipChange = { kind: "addToList", target: { id: "1" } }
const OTHER: MembershipChange = { kind: "addToList", target: { id: "2", name: "People" } }

function lead(lookupValue: string, rows = 1): QueuedLead {
  const numbers = Array.from({ length: rows }, (_row, index) => index + 1)
  return { lookupValue, record: {}, rows: numbers, json: "{}", bytes: 2, reservation: lookupValue }
}

describe("metrics of a run", () => {
  it("tell what has come to pass since they were last told, and no more", () => {
    const report = new RunReport([ONE])
    const metrics = new MetricsLog()
    const run = new RunMetrics(report, metrics)
    run.tell()
    report.leadOutcome({ kind: "created", lead: lead("a", 3), leadId: 1 }, "")
    run.tell()
    run.tell()
    report.leadOutcome({ kind: "created", lead: lead("b"), leadId: 2 }, "")
    run.tell()
    expect(metrics.counted("marketo_rows_total", { outcome: "created" })).to.deep.equal([1, 1])
    expect(metrics.counted("marketo_rows_total", { outcome: "merged" })).to.deep.equal([2])
    expect(metrics.sumOf("marketo_rows_total")).to.equal(4)
  })

  it("count the memberships of two lists together", () => {
    const report = new RunReport([ONE, OTHER])
    const metrics = new MetricsLog()
    report.membershipOutcome(ONE, { kind: "changed", lead: { leadId: 1, lookupValue: "a" } })
    report.membershipOutcome(OTHER, { kind: "changed", lead: { leadId: 1, lookupValue: "a" } })
    new RunMetrics(report, metrics).tell()
    expect(metrics.sumOf("marketo_membership_changes_total", { kind: "addToList", outcome: "changed" })).to.equal(2)
  })

  it("count values that were left out by kind, not by column", () => {
    const report = new RunReport([])
    const metrics = new MetricsLog()
    report.valueLeftOut("Column Score (users.score): text is not a whole number for leadScore", 1, "not_a_number")
    new RunMetrics(report, metrics).tell()
    expect(metrics.sumOf("marketo_values_left_out_total", { reason: "not_a_number" })).to.equal(1)
  })

  it("leave out dry runs, whose rows are in no Marketo", () => {
    const report = new RunReport([], true)
    const metrics = new MetricsLog()
    report.leadOutcome({ kind: "created", lead: lead("a"), leadId: 1 }, "")
    new RunMetrics(report, metrics).tell()
    expect(metrics.sumOf("marketo_rows_total")).to.equal(0)
  })
})
