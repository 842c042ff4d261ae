/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call,
  @typescript-eslint/no-unsafe-return -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { MarketoError } from "../../../src/actions/marketo/lib/errors"
import { LARGEST_BATCHES } from "../../../src/actions/marketo/lib/limits"
import { membershipStrategy } from "../../../src/actions/marketo/lib/membership"
import { MembershipChange } from "../../../src/actions/marketo/lib/membership_change"
import { MembershipLead, MembershipOutcome } from "../../../src/actions/marketo/lib/membership_outcome"
import { RunControl } from "../../../src/actions/marketo/lib/run_control"
import { clientFor } from "./support/connect"
import { failure, FakeMarketo, LoggedCall, skip, success } from "./support/fake_marketo"

const expect = chai.expect

const TRIGGER = "/rest/v1/campaigns/202/trigger.json"
const MEMBERS = "/rest/v1/lists/303/leads.json"
const CAMPAIGN: MembershipChange = { kind: "requestCampaign", id: "202" }
const ADD: MembershipChange = { kind: "addToList", id: "303" }
const REMOVE: MembershipChange = { kind: "removeFromList", id: "303" }

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
    for (const [change, size] of [[CAMPAIGN, 100], [ADD, 300], [REMOVE, 300]] as Array<[MembershipChange, number]>) {
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
      await apply({ kind: "requestCampaign", id: "202", tokens: [{ name: "{{my.x}}", value: "1" }] }, leads(1))
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

  for (const change of [CAMPAIGN, ADD, REMOVE]) {
    it(`${change.kind} fails for each lead when the run is stopped`, async () => {
      run.stop({ readOn: true, message: "Enough." })
      const outcomes = await apply(change, leads(1, 2))
      expect(kinds(outcomes)).to.deep.equal({ 1: "failed", 2: "failed" })
      expect((outcomes[0] as { error: Error }).error.message).to.equal("Enough.")
    })
  }
})
