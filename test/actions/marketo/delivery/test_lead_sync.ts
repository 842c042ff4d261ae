/* eslint-disable @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return
  -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { LeadSync } from "../../../../src/actions/marketo/lib/delivery/lead_sync"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { failure, FakeMarketo, FakeReply, LoggedCall, skip, success } from "../support/fake_marketo"

const expect = chai.expect

const LEADS = "/rest/v1/leads.json"

function queued(lookupValue: string): QueuedLead {
  const record = { email: lookupValue }
  const json = JSON.stringify(record)
  return { lookupValue, record, json, bytes: Buffer.byteLength(json), rows: [1], reservation: lookupValue }
}

function people(count: number): QueuedLead[] {
  return new Array(count).fill(0).map((_, index) => queued(`p${index}`))
}

function valuesOf(call: LoggedCall): string[] {
  return call.body.input.map((lead: { email: string }) => lead.email)
}

function kinds(outcomes: LeadOutcome[]): { [lookupValue: string]: string } {
  const all: { [lookupValue: string]: string } = {}
  for (const outcome of outcomes) {
    expect(all[outcome.lead.lookupValue], `one outcome for ${outcome.lead.lookupValue}`).to.equal(undefined)
    all[outcome.lead.lookupValue] = outcome.kind
  }
  return all
}

describe("upsert of a batch", () => {
  let marketo: FakeMarketo
  let run: RunControl
  let sync: LeadSync

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    run = new RunControl()
    sync = new LeadSync(clientFor(marketo.origin, run), { mode: "createOrUpdate", lookupField: "email" })
  })

  afterEach(async () => { await marketo.stop() })

  async function send(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    return sync.send(leads, () => undefined)
  }

  /** Refuses each call that holds one of these leads, and counts the others as created. */
  function refuse(poisonous: string[], refusal: FakeReply): void {
    marketo.always("POST", LEADS, (call) => valuesOf(call).some((value) => poisonous.includes(value)) ? refusal :
      success(call.body.input.map((_: object, index: number) => ({ id: 5000 + index, status: "created" }))))
  }

  describe("outcomes", () => {
    it("are created, updated and skipped, with Marketo's ids and reasons", async () => {
      marketo.answer("POST", LEADS, success([
        { id: 1, status: "created" }, { id: 2, status: "updated" }, skip("1007", "Multiple lead match lookup criteria"),
      ]))
      const leads = people(3)
      expect(await send(leads)).to.deep.equal([
        { kind: "created", lead: leads[0], leadId: 1 },
        { kind: "updated", lead: leads[1], leadId: 2 },
        {
          kind: "skipped", lead: leads[2],
          reasons: [{ code: "1007", message: "Multiple lead match lookup criteria" }],
        },
      ])
    })

    it("without a status are updates when there is an id", async () => {
      marketo.answer("POST", LEADS, success([{ id: 1 }]))
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "updated" })
    })

    it("without a status and an id are skips", async () => {
      marketo.answer("POST", LEADS, success([{}]))
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "skipped" })
    })

    it("with a status that is in no document are uncertain", async () => {
      marketo.answer("POST", LEADS, success([{ id: 7, status: "failed" }]))
      const [outcome] = await send(people(1))
      expect(outcome.kind === "failed" ? [outcome.error.message, outcome.error.maybeExecuted] : [])
        .to.deep.equal(["Marketo gave the status \"failed\", which is not known for this lead.", true])
    })

    it("that are skipped stay so even when an id comes along", async () => {
      marketo.answer("POST", LEADS, success([skip("1004", "Lead not found", 9)]))
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "skipped" })
    })

    it("of a run that was stopped are not sent", async () => {
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      expect(kinds(await send(people(2)))).to.deep.equal({ p0: "notSent", p1: "notSent" })
      expect(marketo.syncs).to.deep.equal([])
    })
  })

  describe("a call that is too large", () => {
    it("is sent in halves", async () => {
      marketo.always("POST", LEADS, (call) => call.body.input.length > 2 ? { status: 413, text: "<html>" } :
        success(call.body.input.map(() => ({ id: 1, status: "created" }))))
      expect(Object.keys(kinds(await send(people(8))))).to.have.length(8)
      expect(marketo.syncs.map((call) => valuesOf(call).length).sort()).to.deep.equal([2, 2, 2, 2, 4, 4, 8])
    })

    it("is not halved below one lead", async () => {
      refuse(["p0"], { status: 413, text: "<html>" })
      expect(kinds(await send(people(2)))).to.deep.equal({ p0: "failed", p1: "created" })
      expect(marketo.syncs).to.have.length(3)
    })
  })

  describe("a call that is refused because of one record", () => {
    for (const position of ["p0", "p150", "p299"]) {
      it(`finds ${position} of 300, and sends all the others`, async () => {
        refuse([position], failure("1003", "Invalid value"))
        const outcomes = kinds(await send(people(300)))
        expect(Object.keys(outcomes).filter((value) => outcomes[value] !== "created")).to.deep.equal([position])
        expect(outcomes[position]).to.equal("skipped")
        expect(marketo.syncs.length).to.be.at.most(20)
      })
    }

    it("finds several", async () => {
      refuse(["p1", "p40", "p63"], failure("1003", "Invalid value"))
      const outcomes = kinds(await send(people(64)))
      expect(Object.keys(outcomes).filter((value) => outcomes[value] === "skipped").sort())
        .to.deep.equal(["p1", "p40", "p63"])
    })

    it("gives the reason to the record", async () => {
      refuse(["p1"], failure("1003", "Invalid value for field 'x'"))
      const outcome = (await send(people(2))).filter((each) => each.lead.lookupValue === "p1")[0]
      const [reason] = (outcome as { reasons: { code: string, message: string }[] }).reasons
      expect(reason.code).to.equal("1003")
      expect(reason.message).to.contain("Invalid value for field 'x'")
    })

    it("ends the search soon when nothing ever passes", async () => {
      marketo.always("POST", LEADS, failure("1003", "Never"))
      const outcomes = kinds(await send(people(300)))
      expect(Object.keys(outcomes)).to.have.length(300)
      expect(marketo.syncs.length).to.be.at.most(20)
    })

    it("ends the search for the whole run, not for each batch anew", async () => {
      marketo.always("POST", LEADS, failure("1003", "Never"))
      for (let batch = 0; batch < 10; batch++) {
        await send(people(100))
      }
      expect(marketo.syncs.length).to.be.at.most(30)
    })
  })

  describe("a call that is refused for another reason", () => {
    for (const code of ["603", "607", "610", "1006", "1011", "1013"]) {
      it(`${code} is not sent in halves`, async () => {
        marketo.always("POST", LEADS, failure(code, "No"))
        const outcomes = kinds(await send(people(4)))
        expect(Object.keys(outcomes).map((value) => outcomes[value])).to.deep.equal(new Array(4).fill("failed"))
        expect(marketo.syncs).to.have.length(1)
      })
    }
  })

  it("an answer with another number of results is not mistaken for outcomes", async () => {
    marketo.always("POST", LEADS, success([{ id: 1, status: "created" }]))
    const outcomes = await send(people(2))
    expect(kinds(outcomes)).to.deep.equal({ p0: "failed", p1: "failed" })
    expect((outcomes[0] as { error: { maybeExecuted: boolean } }).error.maybeExecuted).to.equal(true)
  })
})
