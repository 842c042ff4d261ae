/* eslint-disable @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return
  -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { LARGEST_BATCHES, Pace } from "../../../../src/actions/marketo/lib/configuration/limits"
import { DeliveryMemory } from "../../../../src/actions/marketo/lib/delivery/delivery_memory"
import { LeadDelivery } from "../../../../src/actions/marketo/lib/delivery/lead_delivery"
import { leadDeliveryFor } from "../../../../src/actions/marketo/lib/delivery/lead_delivery_for"
import { Lead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { RunSettings } from "../../../../src/actions/marketo/lib/settings/run_settings"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { failure, FakeMarketo, LoggedCall, skip, success } from "../support/fake_marketo"

const expect = chai.expect

const LEADS = "/rest/v1/leads.json"
const TRIGGER = "/rest/v1/campaigns/202/trigger.json"
const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "202" } }
const ADD: MembershipChange = { kind: "addToList", target: { id: "303" } }

function emails(call: LoggedCall): string[] {
  return call.body.input.map((sent: { email: string }) => sent.email)
}

function triggered(call: LoggedCall): number[] {
  return call.body.input.leads.map((sent: { id: number }) => sent.id)
}

function lead(email: string, more: object = {}): Lead {
  return { lookupValue: email, record: { email, ...more }, rows: [1] }
}

describe("delivery of leads", () => {
  let marketo: FakeMarketo
  let run: RunControl
  let report: RunReport
  let delivery: LeadDelivery

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    begin([])
  })

  afterEach(async () => { await marketo.stop() })

  function begin(changes: MembershipChange[], pace: Partial<Pace> = {}, memory?: DeliveryMemory): void {
    run = new RunControl()
    report = new RunReport(changes)
    const settings = {
      credentials: { origin: marketo.origin, clientId: "", clientSecret: "" },
      lookupField: "email", mode: "createOrUpdate", writesLeads: true, severalMatches: "skip", changes,
    } as unknown as RunSettings
    delivery = leadDeliveryFor({
      client: clientFor(marketo.origin, run, pace), settings, run, report, batchSizes: LARGEST_BATCHES,
      concurrentCalls: 5, memory,
    })
  }

  function beginByCrmId(): void {
    run = new RunControl()
    report = new RunReport([])
    const settings = {
      lookupField: "crmId", mode: "createOrUpdate", writesLeads: true, severalMatches: "skip", changes: [],
    } as unknown as RunSettings
    delivery = leadDeliveryFor({
      client: clientFor(marketo.origin, run), settings, run, report, batchSizes: LARGEST_BATCHES, concurrentCalls: 5,
    })
  }

  /** Adds a lead as a reader does that waits for room. */
  async function add(...leads: Lead[]): Promise<void> {
    for (const each of leads) {
      report.rowReceived()
      await delivery.add(each)
    }
  }

  function people(count: number, first = 0): Lead[] {
    return new Array(count).fill(0).map((_, index) => lead(`p${first + index}@example.com`))
  }

  function expectAccountToBalance(): void {
    const { received, created, updated, merged, skipped, failed, notSent } = report.rows
    expect(created + updated + merged + skipped + failed + notSent).to.equal(received)
  }

  describe("memory that other runs fill", () => {
    it("lets a run read on until it has a call of its own under way, and then from one to the next", async () => {
      const memory = new DeliveryMemory(1)
      memory.change(1000)
      begin([], {}, memory)
      await add(...people(901))
      await delivery.finish(50)
      expect(marketo.syncs.map((call) => emails(call).length)).to.deep.equal([300, 300, 300, 1])
      expect(marketo.mostAtOnce).to.equal(1)
      expectAccountToBalance()
    })

    it("lets a run go on as soon as they have given some back, and gets back what it took itself", async () => {
      const memory = new DeliveryMemory(50000)
      memory.change(49000)
      begin([], {}, memory)
      let open: () => void = () => undefined
      const after = new Promise<void>((resolve) => { open = resolve })
      marketo.answer("POST", LEADS, (call) => ({
        ...success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" }))), after,
      }))
      let isAdded = false
      const adding = add(...people(900)).then(() => { isAdded = true })
      await marketo.arrivalOf(1, LEADS)
      expect(isAdded).to.equal(false)
      memory.change(-49000)
      await adding
      open()
      await delivery.finish(50)
      memory.change(49999)
      expect(memory.isFull).to.equal(false)
      expectAccountToBalance()
    })
  })

  describe("batches", () => {
    it("of nothing make no call", async () => {
      await delivery.finish(50)
      expect(marketo.calls).to.deep.equal([])
    })

    it("take 300 leads in one call", async () => {
      await add(...people(300))
      await delivery.finish(50)
      expect(marketo.syncs.map((call) => emails(call).length)).to.deep.equal([300])
      expect(report.rows.created).to.equal(300)
    })

    it("take the 301st in a second one", async () => {
      await add(...people(301))
      await delivery.finish(50)
      expect(marketo.syncs.map((call) => emails(call).length).sort()).to.deep.equal([1, 300])
    })

    it("stay below 1 MB", async () => {
      await add(...people(30).map((each) => lead(each.lookupValue, { title: "ü".repeat(25000) })))
      await delivery.finish(50)
      for (const call of marketo.syncs) {
        expect(Buffer.byteLength(call.text)).to.be.at.most(1000000)
      }
      expect(report.rows.created).to.equal(30)
      expect(marketo.syncs).to.have.length(2)
    })

    it("leave out a lead that is larger than a call may be", async () => {
      await add(lead("big@example.com", { title: "x".repeat(1000000) }), lead("a@example.com"))
      await delivery.finish(50)
      expect(report.rows).to.include({ skipped: 1, created: 1 })
      expect(report.skipped.entries()[0][1].lookupValues).to.deep.equal(["big@example.com"])
    })

    it("go out several at once, never more than the quota's", async () => {
      marketo.always("POST", LEADS, (call) => ({
        ...success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" }))), delayMs: 10,
      }))
      await add(...people(300 * 12))
      await delivery.finish(50)
      expect(marketo.mostAtOnce).to.be.greaterThan(1)
      expect(marketo.mostAtOnce).to.be.at.most(5)
      expect(report.rows.created).to.equal(3600)
    })
  })

  it("asks the reader to wait while there is no room, and to go on when there is", async () => {
    let open: () => void = () => undefined
    const after = new Promise<void>((resolve) => { open = resolve })
    marketo.always("POST", LEADS, (call) => ({
      ...success(call.body.input.map(() => ({ id: 1, status: "updated" }))), after,
    }))
    let rows = 0
    let waiting: Promise<void> | undefined
    while (waiting === undefined && rows < 30000) {
      waiting = delivery.add(lead(`p${rows}@example.com`))
      rows++
    }
    expect(rows).to.be.at.most(300 * 10)
    open()
    await waiting
    await delivery.finish(50)
    expect(report.rows.updated).to.equal(rows)
  })

  describe("rows with one lookup value", () => {
    it("are merged within a batch", async () => {
      await add(lead("a@example.com", { title: "1" }), lead("A@example.com ", { title: "2" }))
      await delivery.finish(50)
      expect(marketo.leadsSent).to.have.length(1)
      expect(marketo.leadsSent[0].title).to.equal("2")
      expect(report.rows).to.include({ received: 2, created: 1, merged: 1 })
    })

    it("are never on the way in two calls at once, and arrive in their order", async () => {
      const active = new Set<string>()
      const order: number[] = []
      let overlaps = 0
      marketo.always("POST", LEADS, (call) => {
        for (const each of call.body.input) {
          overlaps += active.has(each.email) ? 1 : 0
          active.add(each.email)
          if (each.email === "same@example.com") {
            order.push(each.leadScore)
          }
        }
        const after = new Promise<void>((resolve) => { setTimeout(resolve, 5) }).then(() => {
          for (const email of emails(call)) {
            active.delete(email)
          }
        })
        return { ...success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" }))), after }
      })
      for (let round = 0; round < 8; round++) {
        await add(lead("same@example.com", { leadScore: round }), ...people(299, round * 299))
      }
      await delivery.finish(50)
      expect(overlaps).to.equal(0)
      expect(order).to.deep.equal(order.slice().sort((a, b) => a - b))
      expect(order[order.length - 1]).to.equal(7)
      expectAccountToBalance()
    })

    it("in two cases, by another field than e-mail, fill batches all the same", async () => {
      beginByCrmId()
      for (let row = 0; row < 600; row++) {
        const value = `${row % 2 === 0 ? "cust" : "CUST"}-${Math.floor(row / 2)}`
        report.rowReceived()
        await delivery.add({ lookupValue: value, record: { crmId: value }, rows: [1] })
      }
      await delivery.finish(50)
      expect(report.rows.created).to.equal(600)
      expect(marketo.syncs.length).to.be.at.most(4)
    })

    it("do not pile up in memory when they are large", async () => {
      beginByCrmId()
      const title = "x".repeat(400000)
      let room: Promise<void> | undefined
      for (let row = 0; row < 200 && room === undefined; row++) {
        const value = row % 2 === 0 ? "a" : "A"
        report.rowReceived()
        room = delivery.add({ lookupValue: value, record: { crmId: value, title }, rows: [1] })
      }
      expect(room).to.not.equal(undefined)
      expect(report.rows.received * title.length).to.be.at.most(40 * 1024 * 1024)
      run.stop({ category: "hub", readOn: false, message: "Enough." })
      await delivery.finish(50)
      expectAccountToBalance()
    })

    it("do not pile up in memory when they can neither be merged nor sent together", async () => {
      beginByCrmId()
      let mostWaiting = 0
      let waits = 0
      for (let row = 0; row < 10100; row++) {
        report.rowReceived()
        const value = row % 2 === 0 ? "a" : "A"
        const room = delivery.add({ lookupValue: value, record: { crmId: value, leadScore: row }, rows: [1] })
        waits += room === undefined ? 0 : 1
        mostWaiting = Math.max(mostWaiting, row + 1 - marketo.leadsSent.length)
        await room
      }
      expect(waits).to.be.greaterThan(0)
      expect(mostWaiting).to.be.at.most(10010)
      run.stop({ category: "hub", readOn: false, message: "Enough." })
      await delivery.finish(50)
      expectAccountToBalance()
    })
  })

  describe("memberships", () => {
    it("of leads whose ID Marketo does not tell are reported as not changed; the leads are done", async () => {
      begin([ADD])
      marketo.always("POST", LEADS, success([{ status: "created" }, { id: 7, status: "updated" }]))
      await add(...people(2))
      await delivery.finish(50)
      expect(report.rows).to.include({ created: 1, updated: 1, skipped: 0 })
      expect(report.membership.get(ADD)).to.include({ changed: 1, failed: 1 })
      expect(report.membershipErrors[0].group.lookupValues).to.deep.equal(["p0@example.com"])
    })

    it("that were gathered when a run is cut off are reported", async () => {
      begin([ADD])
      marketo.answer("POST", LEADS, success(people(300).map((_, index) => ({ id: index + 1, status: "created" }))))
      marketo.always("POST", LEADS, { silent: true })
      marketo.always("POST", "/rest/v1/lists/303/leads.json", { silent: true })
      await add(...people(310))
      const finished = delivery.finish(20)
      await marketo.arrivalOf(2, LEADS)
      run.stop({ category: "hub", readOn: false, message: "Enough." })
      await finished
      const counts = report.membership.get(ADD)
      expect((counts?.changed ?? 0) + (counts?.failed ?? 0)).to.equal(report.rows.created)
    })

    it("gather leads of several batches", async () => {
      begin([ADD])
      marketo.answer("POST", LEADS, success(people(300).map((_, index) =>
        index < 250 ? { id: index + 1, status: "updated" } : skip("1007", "Multiple"))))
      await add(...people(350))
      await delivery.finish(50)
      expect(marketo.callsTo("/rest/v1/lists/303/leads.json").map((call) => call.body.input.length))
        .to.deep.equal([300])
    })

    it("request campaigns for 100 leads at a time", async () => {
      begin([CAMPAIGN])
      await add(...people(250))
      await delivery.finish(50)
      expect(marketo.callsTo(TRIGGER).map((call) => triggered(call).length).sort((a, b) => a - b))
        .to.deep.equal([50, 100, 100])
    })

    it("concern each lead once, even when two rows are one lead in Marketo", async () => {
      begin([CAMPAIGN])
      marketo.answer("POST", LEADS, success([{ id: 5, status: "created" }, { id: 5, status: "updated" }]))
      await add(lead("a@example.com"), lead("b@example.com"))
      await delivery.finish(50)
      expect(marketo.callsTo(TRIGGER).map(triggered)).to.deep.equal([[5]])
    })

    it("leave out leads that were skipped", async () => {
      begin([CAMPAIGN])
      marketo.answer("POST", LEADS, success([skip("1007", "Multiple"), { id: 5, status: "updated" }]))
      await add(lead("a@example.com"), lead("b@example.com"))
      await delivery.finish(50)
      expect(marketo.callsTo(TRIGGER).map(triggered)).to.deep.equal([[5]])
    })

    it("make no call when every lead was skipped", async () => {
      begin([CAMPAIGN, ADD])
      marketo.answer("POST", LEADS, success([skip("1007", "Multiple")]))
      await add(lead("a@example.com"))
      await delivery.finish(50)
      expect(marketo.calls).to.have.length(1)
    })

    it("go on with the other changes when one is refused", async () => {
      begin([CAMPAIGN, ADD])
      marketo.always("POST", TRIGGER, failure("1013", "Campaign not found"))
      await add(lead("a@example.com"))
      await delivery.finish(50)
      expect(report.membership.get(CAMPAIGN)).to.include({ failed: 1, changed: 0 })
      expect(report.membership.get(ADD)).to.include({ failed: 0, changed: 1 })
    })

    it("spare further calls for a campaign that Marketo refuses", async () => {
      begin([CAMPAIGN])
      marketo.always("POST", TRIGGER, failure("1013", "Campaign not found"))
      await add(...people(9000))
      await delivery.finish(50)
      expect(marketo.callsTo(TRIGGER).length).to.be.at.most(45)
      expect(report.membership.get(CAMPAIGN)).to.include({ failed: 9000 })
      expect(report.rows.created).to.equal(9000)
    })

    it("request no campaign twice for one lead, whatever happens to the calls", async () => {
      begin([CAMPAIGN])
      const replies = [
        { reset: true }, failure("604"), failure("606"), failure("611"), { status: 502, text: "<html>" },
        failure("602"), failure("608"), failure("615"), { text: "<html>" },
      ]
      // What Marketo may have executed: everything but what it refused for lack of room or for the token.
      const executed: number[] = []
      let calls = 0
      marketo.always("POST", TRIGGER, (call) => {
        const reply = replies[calls++ % (replies.length + 1)]
        const isRefusal = [2, 5, 6, 7].includes((calls - 1) % (replies.length + 1))
        if (!isRefusal) {
          executed.push(...triggered(call))
        }
        return reply === undefined ? success([{ id: 202 }]) : reply
      })
      await add(...people(1200))
      await delivery.finish(50)
      expect(executed.length).to.equal(new Set(executed).size)
      expect(executed).to.have.length(1200)
      const counts = report.membership.get(CAMPAIGN)
      expect(counts === undefined ? 0 : counts.changed + counts.failed).to.equal(1200)
    })
  })

  describe("a run that cannot go on", () => {
    it("stops when the daily quota is spent, and counts what was not sent", async () => {
      marketo.always("POST", LEADS, failure("607", "Daily quota reached"))
      await add(...people(300))
      await delivery.finish(50)
      expect(run.stopReason === undefined ? "" : run.stopReason.message).to.contain("Daily quota reached")
      expect(report.rows).to.include({ received: 300, notSent: 300 })
      expect(marketo.syncs).to.have.length(1)
    })

    it("keeps what was done before the quota was spent", async () => {
      marketo.answer("POST", LEADS, success(people(300).map((_, index) => ({ id: index, status: "created" }))))
      marketo.always("POST", LEADS, failure("607", "Daily quota reached"))
      await add(...people(300))
      await add(...people(100, 300))
      await delivery.finish(50)
      expect(report.rows).to.include({ created: 300, notSent: 100 })
    })

    it("stops when the credentials do not let it go on", async () => {
      marketo.always("POST", LEADS, failure("603", "Access denied"))
      await add(...people(10))
      await delivery.finish(50)
      expect(run.stopReason === undefined ? "" : run.stopReason.message).to.contain("Access denied")
      expect(report.rows.notSent).to.equal(10)
    })

    it("stops when Marketo does not answer usefully for several batches", async () => {
      marketo.always("POST", LEADS, failure("713", "Transient error"))
      await add(...people(300 * 60))
      await delivery.finish(50)
      expect(run.stopReason === undefined ? "" : run.stopReason.message).to.contain("Transient error")
      expectAccountToBalance()
      expect(marketo.syncs.length).to.be.lessThan(200)
    })

    it("does not stop for one batch that failed", async () => {
      marketo.always("POST", LEADS, (call) => emails(call).includes("p0@example.com") ? failure("713", "Transient") :
        success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" }))))
      await add(...people(1200))
      await delivery.finish(50)
      expect(run.stopReason).to.equal(undefined)
      expect(report.rows).to.include({ failed: 300, created: 900 })
    })

    it("ends within its grace when it is told to stop, and reports calls without an answer as uncertain", async () => {
      marketo.always("POST", LEADS, { silent: true })
      await add(...people(600))
      await marketo.arrivalOf(2, LEADS)
      run.stop({ category: "hub", readOn: false, message: "Enough." })
      await delivery.finish(20)
      expect(report.rows).to.include({ received: 600, failed: 600 })
      expect(report.leadErrors.every((entry) => entry.isUncertain)).to.equal(true)
      expectAccountToBalance()
    })
  })

  describe("the account of every row", () => {
    const trouble: ([string, (call: LoggedCall) => object])[] = [
      ["skips", (call) => success(call.body.input.map((_: object, index: number) =>
        index % 3 === 0 ? skip("1007", "Multiple") : { id: marketo.nextLeadId++, status: "updated" }))],
      ["server faults", () => ({ status: 500, text: "<html>" })],
      ["system errors", () => failure("611", "System error")],
      ["results that do not match", () => success([{ id: 1, status: "created" }])],
      ["calls that are too large", (call) => call.body.input.length > 100 ? { status: 413, text: "" } :
        success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" })))],
      ["refused records", (call) => emails(call).includes("p17@example.com") ? failure("1003", "Invalid value") :
        success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" })))],
      ["rate limits", (call) => marketo.syncs.length % 3 === 1 ? failure("606") :
        success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" })))],
    ]
    for (const [name, answer] of trouble) {
      it(`balances with ${name}`, async () => {
        begin([ADD])
        marketo.always("POST", LEADS, answer)
        for (let round = 0; round < 3; round++) {
          await add(...people(350, round * 200))
        }
        await delivery.finish(50)
        expect(report.rows.received).to.equal(1050)
        expectAccountToBalance()
      })
    }
  })
})
