import * as chai from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { outcomeSentence, reasonLines } from "../../../../src/actions/marketo/lib/report/failure_sentences"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"

const expect = chai.expect

const ADD: MembershipChange = { kind: "addToList", target: { id: "303" } }
const SEVERAL = [{ code: "1007", message: "Multiple lead match lookup criteria" }]

function lead(lookupValue: string, rows = 1): QueuedLead {
  const numbers = Array.from({ length: rows }, (_row, index) => index + 1)
  return { lookupValue, record: {}, rows: numbers, json: "{}", bytes: 2, reservation: lookupValue }
}

describe("sentences of a run in which not everything was applied", () => {
  let report: RunReport

  beforeEach(() => { report = new RunReport([ADD]) })

  function enter(outcome: LeadOutcome, stopMessage = ""): void {
    outcome.lead.rows.forEach(() => report.rowReceived())
    report.leadOutcome(outcome, stopMessage)
  }

  it("say first how many rows were applied and what became of the others", () => {
    enter({ kind: "created", lead: lead("a"), leadId: 1 })
    enter({ kind: "updated", lead: lead("b", 2), leadId: 2 })
    enter({ kind: "skipped", lead: lead("twin@example.com"), reasons: SEVERAL })
    enter({ kind: "notSent", lead: lead("late@example.com") }, "The run was ended.")
    expect(outcomeSentence(report)).to.equal("3 of 5 rows were applied: 1 lead created, 1 updated, 1 merged into " +
      "another row; 1 was skipped, 1 was left unsent.")
  })

  it("say what else went wrong when all rows were applied", () => {
    enter({ kind: "created", lead: lead("a"), leadId: 1 })
    enter({ kind: "created", lead: lead("b"), leadId: 2 })
    report.valueLeftOut("Column x: text is not a date for y", 1, "not_a_date")
    report.membershipOutcome(ADD, {
      kind: "failed", lead: { leadId: 1, lookupValue: "a" }, error: new MarketoError("rejected", "No"),
    })
    expect(outcomeSentence(report)).to.equal("All 2 rows were applied: 2 leads created, 0 updated; 1 value was left " +
      "out, 1 lead was not added to list 303.")
  })

  it("say so when nothing was applied, of one row as well", () => {
    enter({ kind: "skipped", lead: lead("a"), reasons: SEVERAL })
    expect(outcomeSentence(report)).to.equal("The only row was not applied; 1 was skipped.")
    enter({ kind: "skipped", lead: lead("b"), reasons: SEVERAL })
    expect(outcomeSentence(report)).to.equal("0 of 2 rows were applied; 2 were skipped.")
    report = new RunReport([], true)
    enter({ kind: "skipped", lead: lead("a"), reasons: SEVERAL })
    expect(outcomeSentence(report)).to.equal("Dry run: the only row would not be applied; 1 would be skipped.")
  })

  it("speak of what would be in a dry run", () => {
    report = new RunReport([], true)
    enter({ kind: "created", lead: lead("a"), leadId: 1 })
    enter({ kind: "skipped", lead: lead("b"), reasons: SEVERAL })
    expect(outcomeSentence(report)).to.equal(
      "Dry run: 1 of 2 rows would be applied: 1 lead created, 0 updated; 1 would be skipped.")
  })

  it("go on with a line for each reason: how many, some of them, why and what to do", () => {
    for (const value of ["a@x.org", "b@x.org", "c@x.org", "d@x.org", "e@x.org"]) {
      enter({ kind: "skipped", lead: lead(value), reasons: SEVERAL })
    }
    for (let row = 6; row < 400; row++) {
      report.rowReceived()
      report.rowSkipped("No value for the lookup field email", row)
    }
    expect(reasonLines(report)).to.deep.equal([
      "5 skipped: Several leads in Marketo have the same lookup value (a@x.org, b@x.org, c@x.org and 2 more). Merge " +
        "them in Marketo, or choose in the form, under More Options, what to do with such rows.",
      "394 skipped: No value for the lookup field email (rows 6-399). Fill it in, or filter such rows out of the " +
        "query.",
    ])
  })

  it("name rows at the end of the sentence, not within the label of a column", () => {
    report.rowSkipped("Column \"No. of Staff\" (lead.staff): text is not a number for staff", 7)
    expect(reasonLines(report)).to.deep.equal([
      "1 skipped: Column \"No. of Staff\" (lead.staff): text is not a number for staff (row 7). Mend the data, or " +
        "convert it in LookML.",
    ])
  })

  it("name code, leads and uncertainty of failed calls", () => {
    const error = new MarketoError("rejected", "Field 'x' not found. Correct the tag.", { code: "1006" })
    enter({ kind: "failed", lead: lead("a"), error })
    const lost = new MarketoError("unavailable", "No answer", { maybeExecuted: true })
    report.membershipOutcome(ADD, { kind: "failed", lead: { leadId: 1, lookupValue: "b" }, error: lost })
    const lines = reasonLines(report)
    expect(lines[0]).to.equal("1 failed: Field 'x' not found (code 1006) (a). Correct the tag.")
    expect(lines[1]).to.match(/^1 not added to list 303: No answer \(b\)\. Whether Marketo did this .* is uncertain/)
  })

  it("end with what was done to lists, and with the notes", () => {
    report.membershipOutcome(ADD, { kind: "changed", lead: { leadId: 1, lookupValue: "a" } })
    report.notes.push("Looker warns: slow.")
    expect(reasonLines(report)).to.deep.equal(["List 303: 1 lead added.", "Looker warns: slow."])
  })
})
