import { expect } from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { ClickedPerson } from "../../../../src/actions/marketo/lib/one_person/clicked_person"
import { personMessage } from "../../../../src/actions/marketo/lib/one_person/person_words"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"

const ANA: ClickedPerson = { lookupField: "email", value: "ana@example.com" }
const LEAD = { leadId: 7, lookupValue: ANA.value }
const QUEUED: QueuedLead = { lookupValue: ANA.value, reservation: ANA.value, record: {}, rows: [1] } as QueuedLead
const LIST: MembershipChange = { kind: "addToList", target: { id: "11" } }
const OTHER_LIST: MembershipChange = { kind: "addToList", target: { id: "12" } }
const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "31" }, tokens: [] }
const DENIED = new MarketoError("auth", "Access denied", { code: "603", advice: "Ask for the permission." })
const LOST = new MarketoError("unavailable", "The connection broke", { maybeExecuted: true })

describe("The message about one person", () => {
  function reportOf(outcomes: [MembershipChange, Error | "changed"][]): RunReport {
    const report = new RunReport(outcomes.map(([change]) => change))
    for (const [change, outcome] of outcomes) {
      report.membershipOutcome(change, outcome === "changed" ? { kind: "changed", lead: LEAD } :
        { kind: "failed", lead: LEAD, error: outcome })
    }
    return report
  }

  function messageOf(outcomes: [MembershipChange, Error | "changed"][], person = ANA): string {
    return personMessage(reportOf(outcomes), person)
  }

  it("names a lead that was looked up by its Marketo id as such", () => {
    const person = { lookupField: "id", value: "7" }
    expect(messageOf([[LIST, "changed"]], person)).to.equal("Lead 7 is on list 11 now.")
    expect(messageOf([[CAMPAIGN, "changed"]], person)).to.equal("Campaign 31 was requested for lead 7.")
    expect(messageOf([[LIST, DENIED]], person)).to.match(/^Nothing was done with lead 7: /)
  })

  it("names what failed among several, and gives a reason that they share once", () => {
    expect(messageOf([[LIST, DENIED], [OTHER_LIST, "changed"]])).to.equal("ana@example.com is on list 12 now. " +
      "The rest was not done: Access denied (list 11, code 603). Ask for the permission.")
    expect(messageOf([[LIST, DENIED], [OTHER_LIST, DENIED]])).to.equal("Nothing was done with ana@example.com: " +
      "Access denied (list 11, list 12, code 603). Ask for the permission.")
  })

  it("does not claim that nothing was done when an answer was lost", () => {
    expect(messageOf([[CAMPAIGN, LOST]])).to.equal("It is not certain what was done with ana@example.com: The " +
      "connection broke. The request was not repeated, so that nobody goes through the campaign twice: look at its " +
      "results in Marketo.")
    expect(messageOf([[LIST, LOST]])).to.equal("It is not certain what was done with ana@example.com: The connection " +
      "broke. Marketo may have done it before the failure. Doing it again does no harm.")
    expect(messageOf([[LIST, "changed"], [CAMPAIGN, LOST]])).to.match(
      /^ana@example\.com is on list 11 now\. The rest was not done, or it is not certain: .*\(campaign 31\)/)
  })

  it("tells what could not be checked beforehand if something failed", () => {
    const done = reportOf([[LIST, "changed"]])
    const failed = reportOf([[LIST, DENIED]])
    done.notes.push("The lists could not be checked.")
    failed.notes.push("The lists could not be checked.")
    expect(personMessage(done, ANA)).to.equal("ana@example.com is on list 11 now.")
    expect(personMessage(failed, ANA)).to.match(/ Ask for the permission\. The lists could not be checked\.$/)
  })

  it("speaks of no rows where something passes", () => {
    const errors = [
      new MarketoError("throttled", "Max rate limit", { code: "606", sendAgain: "send these rows again." }),
      new MarketoError("quota", "No calls are left. There are more at 6", {
        code: "607", sendAgain: "Send these rows again then.",
      }),
      new MarketoError("unavailable", "Marketo is away", { sendAgain: "Send these rows again later." }),
    ]
    const messages = errors.map((error) => messageOf([[LIST, error]]).replace("Nothing was done with ", ""))
    expect(messages).to.deep.equal([
      "ana@example.com: Max rate limit (code 606). Other integrations use up what this Marketo instance allows. Try " +
        "again in some minutes.",
      "ana@example.com: No calls are left (code 607). There are more at 6. Try again then.",
      "ana@example.com: Marketo is away. Try again later.",
    ])
  })

  it("names the ids of those who share a value, ten of them", () => {
    const report = new RunReport([LIST])
    report.leadOutcome({
      kind: "skipped", lead: QUEUED, reasons: [{ code: "1007", message: "Several" }],
      candidates: Array.from({ length: 300 }, (_unused, index) => index + 1),
    }, "")
    expect(personMessage(report, ANA)).to.contain("with the ids 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and more, so it is not")
  })
})
