import * as chai from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"

const expect = chai.expect

const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "202" } }

function lead(lookupValue: string, rows = 1): QueuedLead {
  const numbers = Array.from({ length: rows }, (_row, index) => index + 1)
  return { lookupValue, record: {}, rows: numbers, json: "{}", bytes: 2, reservation: lookupValue }
}

describe("report of a run", () => {
  let report: RunReport

  beforeEach(() => { report = new RunReport([CAMPAIGN]) })

  function entered(rows: number): void {
    for (let row = 0; row < rows; row++) {
      report.rowReceived()
    }
  }

  function sumOfOutcomes(): number {
    const { created, updated, merged, skipped, failed, notSent } = report.rows
    return created + updated + merged + skipped + failed + notSent
  }

  it("of nothing is a success", () => {
    expect(report.isSuccess).to.equal(true)
  })

  it("of created and updated leads is a success", () => {
    entered(3)
    report.leadOutcome({ kind: "created", lead: lead("a"), leadId: 1 }, "")
    report.leadOutcome({ kind: "updated", lead: lead("b", 2), leadId: 2 }, "")
    expect(report.isSuccess).to.equal(true)
    expect(report.rows).to.deep.equal({
      received: 3, created: 1, updated: 1, merged: 1, skipped: 0, failed: 0, notSent: 0,
    })
  })

  it("gives every row one outcome, those of merged leads included", () => {
    entered(15)
    report.leadOutcome({ kind: "created", lead: lead("a", 2), leadId: 1 }, "")
    report.leadOutcome({ kind: "updated", lead: lead("b", 3), leadId: 2 }, "")
    report.leadOutcome({ kind: "skipped", lead: lead("c", 2), reasons: [{ code: "1007", message: "Multiple" }] }, "")
    report.leadOutcome({ kind: "failed", lead: lead("d", 3), error: new MarketoError("rejected", "No") }, "")
    report.leadOutcome({ kind: "notSent", lead: lead("e", 3) }, "Stopped.")
    report.rowSkipped("No value", "row 14")
    report.rowNotSent("Stopped.", "f")
    expect(sumOfOutcomes()).to.equal(report.rows.received)
  })

  it("counts leads that were created or updated apart, and only if there are any", () => {
    entered(3)
    report.leadOutcome({ kind: "createdOrUpdated", lead: lead("a", 2), leadId: 1 }, "")
    report.leadOutcome({ kind: "created", lead: lead("b"), leadId: 2 }, "")
    expect(report.rows).to.deep.equal({
      received: 3, created: 1, updated: 0, createdOrUpdated: 1, merged: 1, skipped: 0, failed: 0, notSent: 0,
    })
    expect([report.isSuccess, report.rowsAnswered]).to.deep.equal([true, 3])
  })

  it("groups skipped leads by reason", () => {
    report.leadOutcome({ kind: "skipped", lead: lead("a"), reasons: [{ code: "1007", message: "Multiple" }] }, "")
    report.leadOutcome({ kind: "skipped", lead: lead("b"), reasons: [{ code: "1007", message: "Multiple" }] }, "")
    expect(report.skipped.entries()).to.deep.equal([["Multiple", { count: 2, lookupValues: ["a", "b"], code: "1007" }]])
    expect(report.isSuccess).to.equal(false)
  })

  it("names a lead under each of its reasons, but once under each", () => {
    const reasons = [{ code: "1", message: "One" }, { code: "2", message: "Two" }, { code: "1", message: "One" }]
    report.leadOutcome({ kind: "skipped", lead: lead("a"), reasons }, "")
    expect(report.skipped.entries().map(([reason, group]) => [reason, group.lookupValues]))
      .to.deep.equal([["One", ["a"]], ["Two", ["a"]]])
    expect(report.rows.skipped).to.equal(1)
  })

  it("gathers equal failures into one entry", () => {
    for (const value of ["a", "b", "c"]) {
      const error = new MarketoError("rejected", "No", { code: "1006", requestId: "r1" })
      report.leadOutcome({ kind: "failed", lead: lead(value), error }, "")
    }
    expect(report.leadErrors).to.have.length(1)
    expect(report.leadErrors[0]).to.deep.include({ code: "1006", message: "No", requestId: "r1", isUncertain: false })
    expect(report.leadErrors[0].group).to.deep.equal({ count: 3, lookupValues: ["a", "b", "c"] })
  })

  it("tells uncertain failures from certain ones", () => {
    for (const maybeExecuted of [true, false]) {
      const error = new MarketoError("unavailable", "No", { maybeExecuted })
      report.leadOutcome({ kind: "failed", lead: lead("a"), error }, "")
    }
    expect(report.leadErrors.map((entry) => entry.isUncertain)).to.deep.equal([true, false])
  })

  it("keeps a bounded number of entries, and counts on", () => {
    for (let index = 0; index < 500; index++) {
      report.leadOutcome({ kind: "failed", lead: lead("a"), error: new MarketoError("rejected", `No ${index}`) }, "")
    }
    expect(report.leadErrors.length).to.be.at.most(100)
    expect(report.leadErrors.reduce((sum, entry) => sum + entry.group.count, 0)).to.equal(500)
    expect(report.rows.failed).to.equal(500)
  })

  it("keeps a bounded number of lookup values, and counts on", () => {
    for (let index = 0; index < 2000; index++) {
      report.leadOutcome({ kind: "failed", lead: lead(`v${index}`), error: new MarketoError("rejected", "No") }, "")
    }
    expect(report.leadErrors[0].group.count).to.equal(2000)
    expect(report.leadErrors[0].group.lookupValues.length).to.be.at.most(1000)
  })

  describe("memberships", () => {
    const member = { leadId: 7, lookupValue: "a" }

    it("are counted by outcome", () => {
      report.membershipOutcome(CAMPAIGN, { kind: "changed", lead: member })
      report.membershipOutcome(CAMPAIGN, { kind: "already", lead: member })
      expect(report.membership.get(CAMPAIGN)).to.deep.equal({ changed: 1, already: 1, skipped: 0, failed: 0 })
      expect(report.isSuccess).to.equal(true)
    })

    it("that were skipped make the run no success, and keep code and reason", () => {
      report.membershipOutcome(CAMPAIGN, {
        kind: "skipped", lead: member, reasons: [{ code: "1004", message: "Lead not found" }],
      })
      expect(report.isSuccess).to.equal(false)
      expect(report.membershipErrors[0]).to.deep.include({ code: "1004", message: "Lead not found", change: CAMPAIGN })
    })

    it("that failed make the run no success", () => {
      report.membershipOutcome(CAMPAIGN, { kind: "failed", lead: member, error: new MarketoError("rejected", "No") })
      expect(report.isSuccess).to.equal(false)
      expect(report.membershipErrors[0].leadIds).to.deep.equal([])
    })

    it("that are uncertain keep the leads' ids, by which Marketo's own results can be searched", () => {
      const error = new MarketoError("unavailable", "Lost", { maybeExecuted: true })
      report.membershipOutcome(CAMPAIGN, { kind: "failed", lead: member, error })
      expect(report.membershipErrors[0].leadIds).to.deep.equal([7])
    })

    it("of different changes are kept apart", () => {
      const other: MembershipChange = { kind: "requestCampaign", target: { id: "303" } }
      const both = new RunReport([CAMPAIGN, other])
      for (const change of [CAMPAIGN, other]) {
        both.membershipOutcome(change, { kind: "failed", lead: member, error: new MarketoError("rejected", "No") })
      }
      expect(both.membershipErrors.map((entry) => entry.change)).to.deep.equal([CAMPAIGN, other])
    })
  })

  for (const [name, enter] of [
    ["a skipped row", () => report.rowSkipped("No value", "row 1")],
    ["a row that was not sent", () => report.rowNotSent("Stopped.", "a")],
    ["a failure of the run", () => { report.runFailed("No", "marketo") }],
  ] as ([string, () => void])[]) {
    it(`with ${name} is no success`, () => {
      enter()
      expect(report.isSuccess).to.equal(false)
    })
  }

  it("with notes alone is a success", () => {
    report.notes.push("The lists could not be checked.")
    expect(report.isSuccess).to.equal(true)
  })
})
