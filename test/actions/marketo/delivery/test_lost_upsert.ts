/* eslint-disable @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return
  -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { performance } from "perf_hooks"
import { SyncMode } from "../../../../src/actions/marketo/lib/api/lead_calls"
import { Pace } from "../../../../src/actions/marketo/lib/configuration/limits"
import { LeadSync } from "../../../../src/actions/marketo/lib/delivery/lead_sync"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { failure, FakeMarketo, FakeReply, LoggedCall, success } from "../support/fake_marketo"

const expect = chai.expect

const LEADS = "/rest/v1/leads.json"

/** So long that a test which waits for it does not come to its end. */
const FOR_EVER_MS = 3600000

/** Before and after what the stand-in's requestIds tell of its clock. */
const BEFORE = "1970-01-05T09:00:00Z"
const AFTER = "2026-08-17T10:15:30Z"

function queued(lookupValue: unknown, field = "email"): QueuedLead {
  const record = { [field]: lookupValue }
  const json = JSON.stringify(record)
  const text = String(lookupValue)
  return { lookupValue: text, record, json, bytes: Buffer.byteLength(json), rows: [1], reservation: text.toLowerCase() }
}

function people(count: number): QueuedLead[] {
  return new Array(count).fill(0).map((_, index) => queued(`p${index}`))
}

describe("an upsert that got no usable answer", () => {
  let marketo: FakeMarketo
  let run: RunControl
  let sync: LeadSync
  let parked: boolean[]
  /** Who is in Marketo, by lookup value; grows with the upserts that are answered. */
  let present: Set<string>

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    present = new Set()
    parked = []
    begin({ syncServerTimeoutMs: FOR_EVER_MS })
  })

  afterEach(async () => {
    // A look-up that nobody waits for any longer would go on trying to reach the stand-in.
    run.stop({ category: "hub", readOn: false, message: "The test is over." })
    await marketo.stop()
  })

  function begin(pace: Partial<Pace>, mode: SyncMode = "createOrUpdate", lookupField = "email"): void {
    run = new RunControl()
    sync = new LeadSync(clientFor(marketo.origin, run, pace), { mode, lookupField })
  }

  async function send(leads: QueuedLead[]): Promise<LeadOutcome[]> {
    return sync.send(leads, (isParked) => { parked.push(isParked) })
  }

  function valuesOf(call: LoggedCall): string[] {
    return call.body.input.map((lead: { [field: string]: unknown }) => String(Object.values(lead)[0]))
  }

  function asked(call: LoggedCall): string[] {
    return String(call.form.filterValues).split(",")
  }

  function answerFor(call: LoggedCall): FakeReply {
    return success(valuesOf(call).map((value) => {
      const status = present.has(value) ? "updated" : "created"
      present.add(value)
      return { id: 7, status }
    }))
  }

  /** Answers look-ups with those who are present. */
  function answerLookUps(createdAt = BEFORE): void {
    marketo.always("GET", LEADS, (call) => success(asked(call).filter((value) => present.has(value))
      .map((value) => ({ id: 7, [String(call.form.filterType)]: value, createdAt }))))
  }

  /** The first upserts are lost in these ways, be it that they were executed or not; the others are answered. */
  function lose(isExecuted: boolean, ...replies: FakeReply[]): void {
    for (const reply of replies) {
      marketo.answer("POST", LEADS, (call) => {
        if (isExecuted) {
          answerFor(call)
        }
        return reply
      })
    }
    marketo.always("POST", LEADS, answerFor)
  }

  function lookUps(): string[][] {
    return marketo.callsTo(LEADS, "GET").map(asked)
  }

  function kinds(outcomes: LeadOutcome[]): { [lookupValue: string]: string } {
    const all: { [lookupValue: string]: string } = {}
    for (const { lead, kind } of outcomes) {
      expect(all[lead.lookupValue], `one outcome for ${lead.lookupValue}`).to.equal(undefined)
      all[lead.lookupValue] = kind
    }
    return all
  }

  const ambiguous: [string, FakeReply][] = [
    ["a reset connection", { reset: true }],
    ["an answer cut short", { ...success([{ id: 1, status: "created" }]), truncate: true }],
    ["HTTP 500", { status: 500, text: "<html>" }],
    ["HTTP 502", { status: 502, text: "<html>" }],
    ["an answer that is not JSON", { text: "<html>" }],
    ["code 604", failure("604")],
    ["code 611", failure("611")],
    ["a failure without a reason", { json: { requestId: "1#18f2c4d5e6", success: false } }],
    ["too few results", success([])],
  ]
  for (const [name, reply] of ambiguous) {
    it(`because of ${name} is repeated at once for those who are found`, async () => {
      lose(true, reply)
      answerLookUps(AFTER)
      expect(kinds(await send(people(3)))).to.deep.equal({ p0: "created", p1: "created", p2: "created" })
      expect(marketo.syncs.map(valuesOf)).to.deep.equal([["p0", "p1", "p2"], ["p0", "p1", "p2"]])
      expect(lookUps()).to.deep.equal([["p0", "p1", "p2"]])
    })
  }

  it("tells those who were there before as updated", async () => {
    present = new Set(["p0", "p1"])
    lose(true, { reset: true })
    answerLookUps(BEFORE)
    expect(kinds(await send(people(2)))).to.deep.equal({ p0: "updated", p1: "updated" })
  })

  it("tells those of whom the look-up says nothing of the kind as created or updated", async () => {
    lose(true, { reset: true })
    answerLookUps("")
    expect(kinds(await send(people(1)))).to.deep.equal({ p0: "createdOrUpdated" })
  })

  it("asks for the fields that are needed, before the other calls of the run", async () => {
    lose(true, { reset: true })
    answerLookUps()
    await send(people(1))
    const [{ form, query }] = marketo.callsTo(LEADS, "GET")
    expect(query.get("_method")).to.equal("GET")
    expect(form).to.include({ filterType: "email", fields: "id,email,createdAt" })
  })

  it("is looked up again and again until who was missing is found, and is repeated then", async () => {
    lose(true, { reset: true })
    let questions = 0
    marketo.always("GET", LEADS, (call) => {
      questions++
      return success(asked(call).filter((value) => value === "p0" || questions > 3)
        .map((email) => ({ id: 7, email, createdAt: "" })))
    })
    // Who was absent once, after the upsert had been sent, has been created by it.
    expect(kinds(await send(people(2)))).to.deep.equal({ p0: "createdOrUpdated", p1: "created" })
    expect(marketo.syncs.map(valuesOf)).to.deep.equal([["p0", "p1"], ["p0"], ["p1"]])
    expect(lookUps()).to.deep.equal([["p0", "p1"], ["p1"], ["p1"], ["p1"]])
  })

  it("is repeated for those who are never found once Marketo's time limit is over since it was sent", async () => {
    begin({ syncServerTimeoutMs: 200, firstRetryMs: 20 })
    lose(false, { reset: true })
    answerLookUps()
    expect(kinds(await send(people(1)))).to.deep.equal({ p0: "created" })
    const [first, second] = marketo.syncs
    // Timers may fire a millisecond early against the wall clock.
    expect(second.receivedAt - first.receivedAt).to.be.at.least(199)
    expect(lookUps().length).to.be.within(2, 8)
  })

  it("has its answer awaited as a part of the time limit", async () => {
    begin({ syncServerTimeoutMs: 50, syncAnswerTimeoutMs: 60 })
    marketo.answer("POST", LEADS, { silent: true })
    await send(people(1))
    expect(lookUps()).to.have.length(1)
  })

  it("that Marketo itself ended needs no wait", async () => {
    for (const reply of [failure("611"), success([])]) {
      marketo.answer("POST", LEADS, reply)
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "created" })
    }
    expect(lookUps()).to.have.length(2)
  })

  describe("whose leads cannot be looked up", () => {
    const refusals: [string, FakeReply][] = [
      ["is refused as not searchable", failure("1011", "Field not supported")],
      ["is refused for want of a permission", failure("603", "Access denied")],
      ["finds too many", failure("1003", "Too many results match the filter")],
    ]
    for (const [name, reply] of refusals) {
      it(`waits for the time limit when the look-up ${name}, and asks no more`, async () => {
        begin({ syncServerTimeoutMs: 100 })
        marketo.always("GET", LEADS, reply)
        lose(true, { reset: true })
        expect(kinds(await send(people(1)))).to.deep.equal({ p0: "createdOrUpdated" })
        const [first, second] = marketo.syncs
        expect(second.receivedAt - first.receivedAt).to.be.at.least(99)
        expect(lookUps()).to.have.length(1)
      })
    }

    it("waits no longer than the time limit for a look-up without an answer", async () => {
      begin({ syncServerTimeoutMs: 100, answerTimeoutMs: FOR_EVER_MS })
      marketo.always("GET", LEADS, { silent: true })
      lose(true, { reset: true })
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "createdOrUpdated" })
    })

    it("asks again after look-ups that failed", async () => {
      lose(true, { reset: true })
      // So many that the call itself gives up.
      marketo.answer("GET", LEADS, ...new Array<FakeReply>(7).fill({ status: 502, text: "<html>" }))
      answerLookUps(AFTER)
      expect(kinds(await send(people(1)))).to.deep.equal({ p0: "created" })
    })

    it("keeps back only those who cannot be asked for, or are found under another spelling alone", async () => {
      begin({ syncServerTimeoutMs: 150 }, "createOrUpdate", "customerId")
      present = new Set(["a", "42"])
      lose(true, { reset: true })
      marketo.always("GET", LEADS, (call) => {
        expect(asked(call)).not.to.include("b")
        return success([{ id: 1, customerId: "a" }, { id: 2, customerId: 42 }, { id: 3, customerId: "ABC" }])
      })
      const leads = ["a", 42, "b,c", true, "abc"].map((value) => queued(value, "customerId"))
      await send(leads)
      const repeated = marketo.syncs.slice(1).map(valuesOf)
      expect(repeated[0]).to.deep.equal(["a", "42"])
      expect(repeated[1].slice().sort()).to.deep.equal(["abc", "b,c", "true"])
      expect(marketo.syncs[2].receivedAt - marketo.syncs[0].receivedAt).to.be.at.least(149)
    })

    it("takes an e-mail address for found whatever its case, and the blanks around it", async () => {
      lose(true, { reset: true })
      marketo.always("GET", LEADS, success([{ id: 1, email: "ANA@example.com", createdAt: BEFORE }]))
      await send([queued(" Ana@Example.com ")])
      expect(marketo.syncs).to.have.length(2)
    })
  })

  describe("and is lost again", () => {
    it("is treated the same way again, for as long as calls are repeated", async () => {
      marketo.always("POST", LEADS, (call) => {
        answerFor(call)
        return { reset: true }
      })
      answerLookUps()
      const [outcome] = await send(people(1))
      expect(outcome.kind === "failed" && outcome.error.maybeExecuted).to.equal(true)
      expect(marketo.syncs).to.have.length(5)
      expect(lookUps()).to.have.length(4)
    })

    it("goes out in halves from the second time on that Marketo runs out of time", async () => {
      present = new Set(people(8).map((lead) => lead.lookupValue))
      lose(true, failure("604"), failure("604"))
      answerLookUps()
      await send(people(8))
      expect(marketo.syncs.map((call) => valuesOf(call).length)).to.deep.equal([8, 8, 4, 4])
    })

    it("finds the record over which Marketo fails", async () => {
      present = new Set(people(8).map((lead) => lead.lookupValue))
      marketo.always("POST", LEADS, (call) => valuesOf(call).includes("p5") ? failure("611") : answerFor(call))
      answerLookUps()
      const outcomes = kinds(await send(people(8)))
      expect(Object.keys(outcomes).filter((value) => outcomes[value] !== "updated")).to.deep.equal(["p5"])
      expect(outcomes.p5).to.equal("failed")
    })

    it("is uncertain, even when the repetition surely was not executed", async () => {
      lose(true, { reset: true }, failure("1003", "Invalid"), failure("1003", "Invalid"))
      answerLookUps()
      const [outcome] = await send(people(1))
      expect(outcome.kind === "failed" ? [outcome.error.message, outcome.error.maybeExecuted] : [])
        .to.deep.equal(["Invalid", true])
    })
  })

  describe("of leads that are only to be created", () => {
    beforeEach(() => begin({ syncServerTimeoutMs: FOR_EVER_MS }, "createOnly"))

    const ages: [string, string, string][] = [
      [AFTER, "created", "is reported with the lead's ID"],
      [BEFORE, "skipped", "leaves those alone who were there before"],
      ["", "failed", "stays uncertain where it cannot be told"],
    ]
    for (const [createdAt, kind, what] of ages) {
      it(`${what}, without another call`, async () => {
        lose(true, { reset: true })
        answerLookUps(createdAt)
        const [outcome] = await send(people(1))
        expect(outcome).to.deep.include(kind === "created" ? { kind, leadId: 7 } : { kind })
        expect(marketo.syncs).to.have.length(1)
      })
    }
  })

  it("of updates alone is repeated without a question, since it creates nobody", async () => {
    begin({ syncServerTimeoutMs: FOR_EVER_MS }, "updateOnly")
    marketo.answer("POST", LEADS, { reset: true }, success([{ id: 7, status: "updated" }]))
    expect(kinds(await send(people(1)))).to.deep.equal({ p0: "updated" })
    expect([marketo.syncs.length, lookUps().length]).to.deep.equal([2, 0])
  })

  it("parks its batch while it waits, and at no other time", async () => {
    lose(true, { reset: true })
    answerLookUps()
    await send(people(1))
    expect(parked).to.deep.equal([true, false])
  })

  it("tells until when it may be running, except for those whom it has created", async () => {
    const begunAt = performance.now()
    present = new Set(["p0"])
    lose(true, { reset: true })
    marketo.always("GET", LEADS, (call) => success(asked(call)
      .map((email) => ({ id: 7, email, createdAt: email === "p0" ? BEFORE : AFTER }))))
    const outcomes = await send(people(2))
    const until = new Map(outcomes.map(({ lead, runningUntil }) => [lead.lookupValue, runningUntil]))
    expect((until.get("p0") ?? 0) - begunAt).to.be.at.least(FOR_EVER_MS * 1.05)
    expect((until.get("p0") ?? 0) - performance.now()).to.be.at.most(FOR_EVER_MS * 1.05)
    expect(until.get("p1")).to.equal(undefined)
  })

  it("is uncertain when the run is told to stop while it waits, and nothing more is sent", async () => {
    lose(false, { reset: true })
    answerLookUps()
    const sending = send(people(2))
    await marketo.arrivalOf(3, LEADS)
    run.stop({ category: "hub", readOn: false, message: "Enough." })
    for (const outcome of await sending) {
      expect(outcome.kind === "failed" && outcome.error.maybeExecuted).to.equal(true)
      expect((outcome.runningUntil ?? 0) - performance.now()).to.be.greaterThan(0)
    }
    expect(marketo.syncs).to.have.length(1)
    expect(parked).to.deep.equal([true, false])
  })

  describe("for its size", () => {
    it("makes the following batches smaller", async () => {
      const isTooLarge = (call: LoggedCall) => valuesOf(call).length > 40
      marketo.always("POST", LEADS, (call) => isTooLarge(call) ? failure("604") : answerFor(call))
      present = new Set(people(100).map((lead) => lead.lookupValue))
      answerLookUps()
      await send(people(100))
      const before = marketo.syncs.length
      await send(people(100))
      expect(marketo.syncs.slice(before).map((call) => valuesOf(call).length)).to.deep.equal([25, 25, 25, 25])
    })

    it("does so for updates, too", async () => {
      begin({ syncServerTimeoutMs: FOR_EVER_MS }, "updateOnly")
      marketo.always("POST", LEADS, (call) => valuesOf(call).length > 60 ? failure("604") : answerFor(call))
      await send(people(100))
      expect(marketo.syncs.map((call) => valuesOf(call).length)).to.deep.equal([100, 50, 50])
      await send(people(100))
      expect(marketo.syncs.slice(3).map((call) => valuesOf(call).length)).to.deep.equal([50, 50])
    })

    it("that was refused (413) makes the following batches smaller, too", async () => {
      marketo.always("POST", LEADS, (call) => call.text.length > 40000 ? { status: 413, text: "" } : answerFor(call))
      const large = people(100).map((lead) => ({ ...lead, bytes: 1000, json: JSON.stringify(
        { email: lead.lookupValue, title: "x".repeat(980 - lead.lookupValue.length) }) }))
      await send(large)
      const before = marketo.syncs.length
      await send(large)
      const sizes = marketo.syncs.slice(before).map((call) => valuesOf(call).length)
      expect(sizes.every((size) => size >= 20 && size <= 40), sizes.join(", ")).to.equal(true)
    })
  })
})
