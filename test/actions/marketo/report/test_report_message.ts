/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return,
  @typescript-eslint/no-unsafe-assignment -- messages and form fields are JSON of many shapes */
import * as chai from "chai"
import { performance } from "perf_hooks"
import * as sinon from "sinon"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { reportFigures, reportMessage } from "../../../../src/actions/marketo/lib/report/report_message"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { accountOf } from "../support/account_of"

const expect = chai.expect

const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "202" } }
const ADD: MembershipChange = { kind: "addToList", target: { id: "303" } }
const REMOVE: MembershipChange = { kind: "removeFromList", target: { id: "404" } }
const MEMBER = { leadId: 7, lookupValue: "a@example.com" }

function lead(lookupValue: string, rows = 1): QueuedLead {
  const numbers = Array.from({ length: rows }, (_row, index) => index + 1)
  return { lookupValue, record: {}, rows: numbers, json: "{}", bytes: 2, reservation: lookupValue }
}

describe("message of a run", () => {
  const sandbox = sinon.createSandbox()
  let report: RunReport

  beforeEach(() => { report = new RunReport() })
  afterEach(() => { sandbox.restore() })

  function document(): any {
    return accountOf(reportMessage(report))
  }

  function skipped(lookupValue: string, message = "Multiple lead match lookup criteria"): void {
    report.rowReceived()
    report.leadOutcome({ kind: "skipped", lead: lead(lookupValue), reasons: [{ code: "1007", message }] }, "")
  }

  function failed(lookupValue: string, error: MarketoError): void {
    report.rowReceived()
    report.leadOutcome({ kind: "failed", lead: lead(lookupValue), error }, "")
  }

  describe("after a success", () => {
    function received(rows: number): void {
      for (let row = 0; row < rows; row++) {
        report.rowReceived()
      }
    }

    it("says so when there were no rows", () => {
      expect(reportMessage(report)).to.equal("The query result has no rows, so nothing was sent to Marketo.")
    })

    it("is a sentence with the counts", () => {
      received(3)
      report.leadOutcome({ kind: "created", lead: lead("a"), leadId: 1 }, "")
      report.leadOutcome({ kind: "updated", lead: lead("b", 2), leadId: 2 }, "")
      expect(reportMessage(report)).to.equal(
        "3 rows received: 1 lead created, 1 updated, 1 row merged into another row with the same lookup value.")
    })

    it("tells leads of which it is not known whether they were created", () => {
      received(3)
      report.leadOutcome({ kind: "created", lead: lead("a"), leadId: 1 }, "")
      report.leadOutcome({ kind: "createdOrUpdated", lead: lead("b", 2), leadId: 2 }, "")
      expect(reportMessage(report)).to.equal(
        "3 rows received: 1 lead created, 0 updated, 1 created or updated (which of the two is not known, since an " +
        "answer of Marketo's was lost), 1 row merged into another row with the same lookup value.")
    })

    it("does not speak of merged rows when there were none", () => {
      received(1)
      report.leadOutcome({ kind: "updated", lead: lead("b"), leadId: 2 }, "")
      expect(reportMessage(report)).to.equal("1 row received: 0 leads created, 1 updated.")
    })

    it("writes large numbers as people do", () => {
      received(1234)
      report.rows.updated = 1234
      expect(reportMessage(report)).to.contain("1,234 rows received")
    })

    it("tells each membership change", () => {
      report = new RunReport([CAMPAIGN, ADD, REMOVE])
      received(1)
      report.leadOutcome({ kind: "updated", lead: lead("b"), leadId: 2 }, "")
      report.membershipOutcome(CAMPAIGN, { kind: "changed", lead: MEMBER })
      report.membershipOutcome(ADD, { kind: "changed", lead: MEMBER })
      report.membershipOutcome(REMOVE, { kind: "changed", lead: MEMBER })
      report.membershipOutcome(REMOVE, { kind: "already", lead: MEMBER })
      const message = reportMessage(report)
      expect(message).to.contain("Campaign 202: requested for 1 lead.")
      expect(message).to.contain("List 303: 1 lead added.")
      expect(message).to.contain("List 404: 1 lead removed, 1 needed no change.")
    })

    it("tells the notes", () => {
      received(1)
      report.notes.push("The lists could not be checked.")
      expect(reportMessage(report)).to.contain("The lists could not be checked.")
    })

    it("is bounded", () => {
      received(1)
      report.notes.push("x".repeat(50000))
      expect(Buffer.byteLength(reportMessage(report))).to.be.at.most(16384)
    })
  })

  describe("after a failure", () => {
    it("groups skipped leads by reason, as users know it", () => {
      skipped("test@test.com")
      expect(document().skipped).to.deep.equal({ "Multiple lead match lookup criteria": ["test@test.com"] })
    })

    it("has the members that are filled alone, the known ones in their order", () => {
      skipped("a")
      expect(Object.keys(document())).to.deep.equal(["skipped", "rows"])
      report = new RunReport([CAMPAIGN])
      skipped("a")
      failed("b", new MarketoError("rejected", "No", { code: "1006" }))
      report.membershipOutcome(CAMPAIGN, { kind: "failed", lead: MEMBER, error: new MarketoError("rejected", "No") })
      report.runFailed("The query result could not be read.", "marketo")
      const known = ["skipped", "leadErrors", "membershipErrors", "requestErrors"]
      expect(Object.keys(document()).filter((member) => known.includes(member))).to.deep.equal(known)
    })

    it("accounts for every row", () => {
      skipped("a")
      report.rowReceived()
      report.leadOutcome({ kind: "created", lead: lead("b"), leadId: 1 }, "")
      expect(document().rows).to.deep.equal({
        received: 2, created: 1, updated: 0, merged: 0, skipped: 1, failed: 0, notSent: 0,
      })
    })

    it("tells a refused call with code, text, requestId and leads", () => {
      failed("a", new MarketoError("rejected", "Lookup field 'x' not found", { code: "1006", requestId: "r1" }))
      expect(document().leadErrors).to.deep.equal([{
        code: "1006", message: "Lookup field 'x' not found", requestId: "r1", leads: 1, lookupValues: ["a"],
      }])
    })

    it("tells a failure without a code of Marketo's among the request errors", () => {
      failed("a", new MarketoError("unavailable", "Marketo gave HTTP 502."))
      expect(document().leadErrors).to.equal(undefined)
      expect(document().requestErrors[0]).to.deep.include({ message: "Marketo gave HTTP 502.", leads: 1 })
    })

    it("tells failures of the run as sentences", () => {
      report.runFailed("The query result could not be read to its end.", "marketo")
      expect(document().requestErrors).to.deep.equal([{ message: "The query result could not be read to its end." }])
    })

    it("names the campaign or list of a membership failure", () => {
      report = new RunReport([CAMPAIGN, ADD])
      const error = new MarketoError("rejected", "No", { code: "1013" })
      report.membershipOutcome(CAMPAIGN, { kind: "failed", lead: MEMBER, error })
      report.membershipOutcome(ADD, { kind: "failed", lead: MEMBER, error })
      expect(document().membershipErrors.map((entry: any) => [entry.campaign, entry.list]))
        .to.deep.equal([["202", undefined], [undefined, "303"]])
      expect(document().membership).to.deep.equal([
        { campaign: "202", changed: 0, already: 0, skipped: 0, failed: 1 },
        { list: "303", changed: 0, already: 0, skipped: 0, failed: 1 },
      ])
    })

    it("says that an uncertain campaign request was not repeated, and for which leads", () => {
      report = new RunReport([CAMPAIGN])
      const error = new MarketoError("unavailable", "Lost.", { maybeExecuted: true })
      report.membershipOutcome(CAMPAIGN, { kind: "failed", lead: MEMBER, error })
      const [entry] = document().membershipErrors
      expect(entry.message).to.contain("uncertain").and.to.contain("was not repeated")
      expect(entry.leadIds).to.deep.equal([7])
    })

    function lost(value: string, leftMs: number): void {
      report.rowReceived()
      const error = new MarketoError("unavailable", "Lost.", { maybeExecuted: true })
      report.leadOutcome({ kind: "failed", lead: lead(value), error, runningUntil: performance.now() + leftMs }, "")
    }

    it("says from when on an upsert that may be running can be sent again, for the last of its leads", () => {
      sandbox.useFakeTimers({ now: Date.parse("2026-08-17T23:57:20Z"), toFake: ["Date"] })
      lost("a", 10000)
      lost("b", 130000)
      lost("c", 20000)
      expect(document().requestErrors[0].message).to.match(
        /uncertain; sending these rows again is safe from 00:00 UTC on, and not before, since Marketo may be at it/)
    })

    it("says that an upsert which has ended by now can be sent again", () => {
      lost("a", -1)
      expect(document().requestErrors[0].message).to.match(/uncertain; sending these rows again is safe\.$/)
    })

    it("says that it is uncertain, and when to send again, however long the failure's text is", () => {
      failed("a", new MarketoError("unavailable", "x".repeat(3000), { maybeExecuted: true }))
      expect(document().requestErrors[0].message).to.match(/sending these rows again is safe\.$/)
    })

    it("says that an uncertain upsert may be sent again", () => {
      failed("a", new MarketoError("unavailable", "Lost.", { maybeExecuted: true }))
      expect(document().requestErrors[0].message).to.contain("uncertain").and.to.contain("sending these rows again")
    })

    it("tells rows that were not sent, and why", () => {
      report.rowReceived()
      report.leadOutcome({ kind: "notSent", lead: lead("a") }, "Daily quota reached.")
      expect(document().notSent).to.deep.equal({ "Daily quota reached.": ["a"] })
    })

    it("tells the notes", () => {
      skipped("a")
      report.notes.push("The lists could not be checked.")
      expect(document().notes).to.deep.equal(["The lists could not be checked."])
    })
  })

  describe("what is left out", () => {
    it("is nothing when all is shown", () => {
      skipped("a")
      expect(document().leftOut).to.equal(undefined)
    })

    it("is nothing when a lead of several rows is shown", () => {
      report.leadOutcome({ kind: "notSent", lead: lead("a", 3) }, "Stopped.")
      expect(document().notSent).to.deep.equal({ "Stopped.": ["a"] })
      expect(document().leftOut).to.equal(undefined)
    })

    it("is counted", () => {
      for (let index = 0; index < 3000; index++) {
        skipped(`p${index}`)
      }
      const message = document()
      const [shown] = Object.keys(message.skipped).map((reason) => message.skipped[reason].length)
      expect(shown).to.be.greaterThan(50)
      expect(message.leftOut.skipped).to.equal(3000 - shown)
    })
  })

  describe("its size", () => {
    function size(): number {
      return Buffer.byteLength(reportMessage(report))
    }

    it("is bounded for many long lookup values", () => {
      for (let index = 0; index < 1000; index++) {
        skipped(`${index}${"ü".repeat(250)}`)
      }
      expect(size()).to.be.at.most(16384)
      expect(document().skipped["Multiple lead match lookup criteria"].length).to.be.greaterThan(0)
    })

    it("is bounded for many long reasons", () => {
      for (let index = 0; index < 1000; index++) {
        skipped(`p${index}`, `${index} ${"x".repeat(2000)}`)
      }
      expect(size()).to.be.at.most(16384)
    })

    it("is bounded for many kinds of failures, run errors and notes", () => {
      for (let index = 0; index < 1000; index++) {
        failed(`p${index}`, new MarketoError("rejected", `${index} ${"x".repeat(2000)}`, { code: String(index) }))
        report.runFailed(`${index} ${"y".repeat(2000)}`, "marketo")
        report.notes.push(`${index} ${"z".repeat(2000)}`)
      }
      expect(size()).to.be.at.most(16384)
    })

    it("is bounded for hundreds of campaigns", () => {
      const changes = new Array(600).fill(0).map((_, index): MembershipChange =>
        ({ kind: "requestCampaign", target: { id: String(100000 + index) } }))
      report = new RunReport(changes)
      report.runFailed("No", "marketo")
      const stringify = JSON.stringify
      let attempts = 0
      sandbox.stub(JSON, "stringify").callsFake((value: any) => {
        attempts++
        if (attempts > 1000) {
          throw new Error("The message is shortened without end")
        }
        return stringify(value)
      })
      const message = reportMessage(report)
      sandbox.restore()
      expect(Buffer.byteLength(message)).to.be.at.most(16384)
    })

    it("is bounded for long ids of leads that are uncertain", () => {
      report = new RunReport([CAMPAIGN])
      for (let index = 0; index < 3000; index++) {
        const error = new MarketoError("unavailable", `Lost ${index % 20}.`, { maybeExecuted: true })
        report.membershipOutcome(CAMPAIGN, {
          kind: "failed", lead: { leadId: 900000000 + index, lookupValue: `p${index}@example.com` }, error,
        })
      }
      expect(size()).to.be.at.most(16384)
      expect(document().membershipErrors.length).to.be.greaterThan(0)
    })
  })

  it("takes reasons that are names of object members", () => {
    for (const reason of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      skipped("a", reason)
    }
    expect(Object.keys(document().skipped)).to.include.members(["constructor", "toString", "hasOwnProperty"])
  })

  describe("after a failure", () => {
    it("begins with the outcome, goes on with a line for each reason, and ends with the account as JSON", () => {
      skipped("twin@example.com")
      const lines = reportMessage(report).split("\n")
      expect(lines.slice(0, 2)).to.deep.equal([
        "The only row was not applied; 1 was skipped.",
        "- 1 skipped: Several leads in Marketo have the same lookup value (twin@example.com). Merge them in Marketo, " +
          "or choose in the form, under More Options, what to do with such rows.",
      ])
      expect(lines).to.have.length(3)
      expect(JSON.parse(lines[2]).skipped).to.deep.equal({
        "Multiple lead match lookup criteria": ["twin@example.com"],
      })
    })

    it("has no JSON if that is not wanted", () => {
      skipped("twin@example.com")
      expect(reportMessage(report, false).split("\n")).to.have.length(2)
    })

    it("fills the room that it has with lookup values before it leaves some out", () => {
      for (let index = 0; index < 3000; index++) {
        skipped(`person${index}@example.com`)
      }
      const message = reportMessage(report)
      expect(Buffer.byteLength(message)).to.be.within(15000, 16000)
      expect(document().skipped["Multiple lead match lookup criteria"].length).to.be.greaterThan(500)
    })
  })

  describe("figures for the log", () => {
    it("are numbers alone", () => {
      report = new RunReport([CAMPAIGN])
      skipped("secret@example.com", "Reason about secret@example.com")
      report.calls = 5
      const figures = reportFigures(report)
      for (const name of Object.keys(figures)) {
        expect(figures[name], name).to.be.a("number")
      }
      expect(JSON.stringify(figures)).not.to.contain("secret@example.com")
      expect(figures).to.include({ received: 1, skipped: 1, calls: 5 })
    })

    it("add the memberships of all targets up, under keys without blanks", () => {
      const created: MembershipChange = { kind: "addToList", target: { name: "Made by Looker", folderId: 7 } }
      report = new RunReport([ADD, created])
      report.membershipOutcome(ADD, { kind: "changed", lead: MEMBER })
      report.membershipOutcome(created, { kind: "changed", lead: MEMBER })
      report.membershipOutcome(created, { kind: "failed", lead: MEMBER, error: new MarketoError("rejected", "No") })
      const figures = reportFigures(report)
      expect(figures).to.include({ membershipsChanged: 2, membershipsNotChanged: 1 })
      expect(Object.keys(figures).filter((key) => /\W/.test(key))).to.deep.equal([])
    })
  })
})
