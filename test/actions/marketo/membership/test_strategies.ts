/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
  @typescript-eslint/no-unsafe-return -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { LARGEST_BATCHES } from "../../../../src/actions/marketo/lib/configuration/limits"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { membershipStrategy } from "../../../../src/actions/marketo/lib/membership/strategies"
import { MembershipLead, MembershipOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { failure, FakeMarketo, LoggedCall, skip, success } from "../support/fake_marketo"

const expect = chai.expect

const TRIGGER = "/rest/v1/campaigns/202/trigger.json"
const MEMBERS = "/rest/v1/lists/303/leads.json"
const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "202" } }
const ADD: MembershipChange = { kind: "addToList", target: { id: "303" } }
const REMOVE: MembershipChange = { kind: "removeFromList", target: { id: "303" } }
const STATUS = "/rest/v1/programs/404/members/status.json"
const LEFT = "/rest/v1/programs/404/members/delete.json"
const SET: MembershipChange = { kind: "addToProgram", target: { id: "404" }, status: "Registered" }
const LEAVE: MembershipChange = { kind: "removeFromProgram", target: { id: "404" } }

function leads(...ids: number[]): MembershipLead[] {
  return ids.map((leadId) => ({ leadId, lookupValue: `l${leadId}` }))
}

function numbers(first: number, last: number): number[] {
  const all: number[] = []
  for (let each = first; each <= last; each++) {
    all.push(each)
  }
  return all
}

function idsOf(call: LoggedCall): number[] {
  return call.body.input.leads.map((lead: { id: number }) => lead.id)
}

function kinds(outcomes: MembershipOutcome[]): { [leadId: number]: string } {
  const all: { [leadId: number]: string } = {}
  for (const outcome of outcomes) {
    expect(all[outcome.lead.leadId], `one outcome for ${outcome.lead.leadId}`).to.equal(undefined)
    all[outcome.lead.leadId] = outcome.kind
  }
  return all
}

describe("membership changes", () => {
  let marketo: FakeMarketo
  let run: RunControl

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    run = new RunControl()
  })

  afterEach(async () => { await marketo.stop() })

  async function apply(change: MembershipChange, to: MembershipLead[]): Promise<MembershipOutcome[]> {
    return membershipStrategy(clientFor(marketo.origin, run), change, LARGEST_BATCHES).apply(to)
  }

  describe("batch sizes", () => {
    for (const [change, size] of [[CAMPAIGN, 100], [ADD, 300], [REMOVE, 300]] as [MembershipChange, number][]) {
      it(`${change.kind} takes ${size} leads`, () => {
        expect(membershipStrategy(clientFor(marketo.origin), change, LARGEST_BATCHES).batchSize).to.equal(size)
      })
    }
  })

  describe("adding to a list", () => {
    it("changes each lead that Marketo added", async () => {
      expect(kinds(await apply(ADD, leads(1, 2)))).to.deep.equal({ 1: "changed", 2: "changed" })
    })

    it("reads the outcome of each lead", async () => {
      marketo.answer("POST", MEMBERS, success([{ id: 1, status: "added" }, skip("1004", "Lead not found", 2)]))
      const outcomes = await apply(ADD, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "changed", 2: "skipped" })
      expect((outcomes[1] as { reasons: object[] }).reasons)
        .to.deep.equal([{ code: "1004", message: "Lead not found" }])
    })

    it("does not take 1015 for done", async () => {
      marketo.answer("POST", MEMBERS, success([skip("1015", "Lead not in list", 1)]))
      expect(kinds(await apply(ADD, leads(1)))).to.deep.equal({ 1: "skipped" })
    })

    it("fails each lead of a refused call", async () => {
      marketo.answer("POST", MEMBERS, failure("1013", "List not found"))
      const outcomes = await apply(ADD, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
      expect((outcomes[0] as { error: Error }).error.message).to.contain("List not found")
    })
  })

  describe("removing from a list", () => {
    it("changes each lead that Marketo removed", async () => {
      expect(kinds(await apply(REMOVE, leads(1, 2)))).to.deep.equal({ 1: "changed", 2: "changed" })
    })

    it("takes a lead that was no member for done", async () => {
      marketo.answer("DELETE", MEMBERS, success([skip("1015", "Lead not in list", 1), { id: 2, status: "removed" }]))
      expect(kinds(await apply(REMOVE, leads(1, 2)))).to.deep.equal({ 1: "already", 2: "changed" })
    })

    it("reports a lead that is unknown", async () => {
      marketo.answer("DELETE", MEMBERS, success([skip("1004", "Lead not found", 1)]))
      expect(kinds(await apply(REMOVE, leads(1)))).to.deep.equal({ 1: "skipped" })
    })

    it("reports a lead that was skipped without a reason", async () => {
      marketo.answer("DELETE", MEMBERS, success([{ id: 1, status: "skipped" }]))
      expect(kinds(await apply(REMOVE, leads(1)))).to.deep.equal({ 1: "skipped" })
    })
  })

  describe("requesting a campaign", () => {
    it("is one call for all leads", async () => {
      expect(kinds(await apply(CAMPAIGN, leads(1, 2)))).to.deep.equal({ 1: "changed", 2: "changed" })
      expect(marketo.calls).to.have.length(1)
    })

    it("hands its tokens on", async () => {
      const tokens = [{ name: "{{my.x}}", value: "1" }]
      await apply({ kind: "requestCampaign", target: { id: "202" }, tokens }, leads(1))
      expect(marketo.calls[0].body.input.tokens).to.deep.equal([{ name: "{{my.x}}", value: "1" }])
    })

    it("makes no call for nobody", async () => {
      expect(await apply(CAMPAIGN, [])).to.deep.equal([])
      expect(marketo.calls).to.deep.equal([])
    })

    it("is repeated without the leads that Marketo names as unknown", async () => {
      marketo.answer("POST", TRIGGER, failure("1004", "Lead [2, 4] not found"))
      const outcomes = await apply(CAMPAIGN, leads(1, 2, 3, 4))
      expect(kinds(outcomes)).to.deep.equal({ 1: "changed", 2: "skipped", 3: "changed", 4: "skipped" })
      expect(marketo.calls.map(idsOf)).to.deep.equal([[1, 2, 3, 4], [1, 3]])
    })

    it("makes no further call when all are unknown", async () => {
      marketo.answer("POST", TRIGGER, failure("1004", "Lead [1, 2] not found"))
      expect(kinds(await apply(CAMPAIGN, leads(1, 2)))).to.deep.equal({ 1: "skipped", 2: "skipped" })
      expect(marketo.calls).to.have.length(1)
    })

    it("finds the unknown leads by halves when Marketo does not name them", async () => {
      marketo.always("POST", TRIGGER, (call) =>
        idsOf(call).some((id) => id === 3 || id === 7) ? failure("1004", "Lead not found") : success([{ id: 202 }]))
      const outcomes = kinds(await apply(CAMPAIGN, leads(...numbers(1, 8))))
      expect(outcomes).to.deep.equal({
        1: "changed", 2: "changed", 3: "skipped", 4: "changed", 5: "changed", 6: "changed", 7: "skipped", 8: "changed",
      })
    })

    it("never asks twice for a lead in a call that was accepted", async () => {
      const accepted: number[] = []
      let calls = 0
      marketo.always("POST", TRIGGER, (call) => {
        const unknown = idsOf(call).filter((id) => id % 9 === 0)
        calls++
        if (unknown.length > 0) {
          return failure("1004", calls % 2 === 0 ? `Lead [${unknown[0]}] not found` : "Lead not found")
        }
        accepted.push(...idsOf(call))
        return success([{ id: 202 }])
      })
      const outcomes = kinds(await apply(CAMPAIGN, leads(...numbers(1, 100))))
      expect(accepted.slice().sort((a, b) => a - b)).to.deep.equal(numbers(1, 100).filter((id) => id % 9 !== 0))
      expect(numbers(1, 100).filter((id) => outcomes[id] === "skipped"))
        .to.deep.equal(numbers(1, 100).filter((id) => id % 9 === 0))
    })

    it("comes to an end when Marketo names one more lead each time", async () => {
      marketo.always("POST", TRIGGER, (call) => failure("1004", `Lead [${idsOf(call)[0]}] not found`))
      const outcomes = kinds(await apply(CAMPAIGN, leads(...numbers(1, 20))))
      expect(Object.keys(outcomes)).to.have.length(20)
      expect(marketo.calls.length).to.be.at.most(60)
    })

    it("is not repeated when its answer was lost, and is uncertain for all its leads", async () => {
      marketo.answer("POST", TRIGGER, { reset: true })
      const outcomes = await apply(CAMPAIGN, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
      expect(outcomes.map((outcome) => outcome.kind === "failed" && (outcome.error as MarketoError).maybeExecuted))
        .to.deep.equal([true, true])
      expect(marketo.calls).to.have.length(1)
    })

    it("fails for each lead when the campaign is refused", async () => {
      marketo.always("POST", TRIGGER, failure("1003", "Campaign is not active"))
      expect(kinds(await apply(CAMPAIGN, leads(1, 2)))).to.deep.equal({ 1: "failed", 2: "failed" })
      expect(marketo.calls).to.have.length(3)
    })
  })

  describe("a call that one lead spoils", () => {
    const refusals: [string, string][] = [
      ["1008", "Access denied to partition 'EMEA'"], ["1003", "Invalid data"], ["1001", "Invalid value"],
      ["1004", "Some lead was not found"],
    ]
    type Sent = (call: LoggedCall) => number[]
    const calls: ([MembershipChange, string, string, Sent, (ids: number[]) => object[]])[] = [
      [CAMPAIGN, "POST", TRIGGER, idsOf, () => [{ id: 202 }]],
      [ADD, "POST", MEMBERS, (call) => call.body.input.map((lead: { id: number }) => lead.id),
        (ids) => ids.map((id) => ({ id, status: "added" }))],
      [REMOVE, "DELETE", MEMBERS, (call) => call.query.getAll("id").map(Number),
        (ids) => ids.map((id) => ({ id, status: "removed" }))],
      [SET, "POST", STATUS, (call) => call.body.input.map((lead: { leadId: number }) => lead.leadId),
        (ids) => ids.map((leadId, seq) => ({ seq, leadId, status: "created" }))],
      [LEAVE, "POST", LEFT, (call) => call.body.input.map((lead: { leadId: number }) => lead.leadId),
        (ids) => ids.map((leadId, seq) => ({ seq, leadId, status: "deleted" }))],
    ]
    for (const [change, method, path, sent, results] of calls) {
      for (const [code, message] of refusals) {
        it(`by ${change.kind} with ${code} costs no other lead`, async () => {
          marketo.always(method, path, (call) =>
            sent(call).includes(77) ? failure(code, message) : success(results(sent(call))))
          const outcomes = await apply(change, leads(...numbers(1, 100)))
          const others = outcomes.filter((outcome) => outcome.kind !== "changed")
          expect(Object.keys(kinds(outcomes))).to.have.length(100)
          const reasons = [{ code, message: code === "1004" ? "Lead not found" : message }]
          expect(others).to.deep.equal([{ kind: "skipped", lead: leads(77)[0], reasons }])
          expect(marketo.calls.length).to.be.at.most(17)
        })
      }

      it(`by ${change.kind} is found in the end that nothing passes`, async () => {
        marketo.always(method, path, failure("1003", "Never"))
        expect(new Set(Object.values(kinds(await apply(change, leads(...numbers(1, 100))))))).to.deep.equal(
          new Set(["failed"]))
        expect(marketo.calls.length).to.be.at.most(17)
      })
    }

    it("is not halved when it may have been executed, if that would ask twice", async () => {
      marketo.always("POST", TRIGGER, failure("611", "System error"))
      const outcomes = await apply(CAMPAIGN, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
      expect(marketo.calls).to.have.length(1)
    })

    it("is halved when it may have been executed, if the state stays the same", async () => {
      marketo.always("POST", MEMBERS, (call) => {
        const sent = call.body.input as { id: number }[]
        return sent.some(({ id }) => id === 3) ? failure("611", "System error") :
          success(sent.map(({ id }) => ({ id, status: "added" })))
      })
      expect(kinds(await apply(ADD, leads(1, 2, 3, 4)))).to.deep.equal(
        { 1: "changed", 2: "changed", 3: "failed", 4: "changed" })
    })
  })

  describe("what Marketo says of a lead", () => {
    const endpoints: [MembershipChange, string, string, string[]][] = [
      [ADD, "POST", MEMBERS, ["added"]], [REMOVE, "DELETE", MEMBERS, ["removed"]],
      [SET, "POST", STATUS, ["created", "updated"]], [LEAVE, "POST", LEFT, ["deleted"]],
    ]
    const statuses = [
      undefined, "", "failed", "error", "added", "removed", "created", "updated", "deleted", "memberof", "notmemberof",
    ]
    for (const [change, method, path, done] of endpoints) {
      for (const status of statuses) {
        const isDone = status !== undefined && done.includes(status)
        it(`counts ${String(status)} as ${isDone ? "done" : "uncertain"} by ${change.kind}`, async () => {
          marketo.answer(method, path, success([{ id: 1, leadId: 1, seq: 0, status }]))
          const [outcome] = await apply(change, leads(1))
          expect(outcome.kind).to.equal(isDone ? "changed" : "failed")
          if (outcome.kind === "failed") {
            expect((outcome.error as MarketoError).maybeExecuted).to.equal(true)
          }
        })
      }

      it(`is a skip by ${change.kind} whenever it has reasons`, async () => {
        for (const status of ["skipped", "failed", done[0], undefined]) {
          marketo.answer(method, path, success([
            { id: 1, leadId: 1, seq: 0, status, reasons: [{ code: "1008", message: "Denied" }] },
          ]))
          expect(kinds(await apply(change, leads(1)))).to.deep.equal({ 1: "skipped" })
        }
      })

      it(`is not taken for another lead's by ${change.kind}`, async () => {
        marketo.always(method, path, success([
          { id: 1, leadId: 1, seq: 0, status: done[0] }, { id: 9, leadId: 9, seq: 0, status: done[0] },
        ]))
        const outcomes = await apply(change, leads(1, 2))
        expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
        expect(outcomes.map((each) => each.kind === "failed" && (each.error as MarketoError).maybeExecuted))
          .to.deep.equal([true, true])
      })
    }

    it("has a text even when Marketo gives none", async () => {
      marketo.answer("POST", MEMBERS, success([skip("1008", "", 1), { id: 2, status: "skipped", reasons: [{}] }]))
      const outcomes = await apply(ADD, leads(1, 2)) as { reasons: { message: string }[] }[]
      expect(outcomes.map((outcome) => outcome.reasons[0].message)).to.deep.equal([
        "Marketo skipped this lead with code 1008 and without a text",
        "Marketo skipped this lead without giving a reason",
      ])
    })
  })

  for (const change of [CAMPAIGN, ADD, REMOVE]) {
    it(`${change.kind} fails for each lead when the run is stopped`, async () => {
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      const outcomes = await apply(change, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
      expect((outcomes[0] as { error: Error }).error.message).to.equal("Enough.")
    })
  }
})
