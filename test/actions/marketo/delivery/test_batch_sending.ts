import * as chai from "chai"
import { LARGEST_BATCHES, Pace } from "../../../../src/actions/marketo/lib/configuration/limits"
import { LeadDelivery } from "../../../../src/actions/marketo/lib/delivery/lead_delivery"
import { leadDeliveryFor } from "../../../../src/actions/marketo/lib/delivery/lead_delivery_for"
import { LeadReservations } from "../../../../src/actions/marketo/lib/quota/lead_reservations"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { RunSettings } from "../../../../src/actions/marketo/lib/settings/run_settings"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { clientFor } from "../support/connect"
import { FakeMarketo } from "../support/fake_marketo"
import { ScriptedCoordination } from "../support/scripted_coordination"

const expect = chai.expect

describe("BatchSending, where other processes send to the same instance", () => {
  let marketo: FakeMarketo
  let hub: ScriptedCoordination
  let run: RunControl
  let report: RunReport
  let delivery: LeadDelivery

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    hub = new ScriptedCoordination()
    begin()
  })

  afterEach(async () => {
    run.stop({ category: "hub", readOn: false, message: "The test is over." })
    await marketo.stop()
  })

  function begin(settings: Partial<RunSettings> = {}, pace: Partial<Pace> = {}): void {
    run = new RunControl()
    report = new RunReport([], settings.isDryRun)
    delivery = leadDeliveryFor({
      client: clientFor(marketo.origin, run, pace),
      settings: {
        lookupField: "email", mode: "createOrUpdate", writesLeads: true, severalMatches: "skip", changes: [],
        ...settings,
      } as unknown as RunSettings,
      run, report, batchSizes: LARGEST_BATCHES, concurrentCalls: 5,
      reservations: new LeadReservations(hub.leases("people")),
    })
  }

  async function add(...names: string[]): Promise<void> {
    for (const name of names) {
      report.rowReceived()
      await delivery.add({ lookupValue: name, record: { email: name }, rows: [1] })
    }
  }

  function sent(): string[][] {
    return marketo.syncs.map(({ body }) =>
      (body as { input: { email: string }[] }).input.map(({ email }) => email))
  }

  it("claims the lookup values of a batch before it is sent, and gives them back after its answer", async () => {
    await add("a@x.org", "b@x.org")
    await delivery.finish(50)
    expect(sent()).to.deep.equal([["a@x.org", "b@x.org"]])
    expect(hub.held.size).to.equal(0)
    expect(hub.released).to.deep.equal([[["a@x.org", "b@x.org"], undefined]])
    expect(report.rows.created).to.equal(2)
  })

  it("sends those that are free, and the others when they are free", async () => {
    hub.busy.add("b@x.org")
    await add("a@x.org", "b@x.org", "c@x.org")
    const finished = delivery.finish(50)
    while (sent().length < 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(sent()).to.deep.equal([["a@x.org", "c@x.org"]])
    hub.giveBack()
    await finished
    expect(sent()).to.deep.equal([["a@x.org", "c@x.org"], ["b@x.org"]])
    expect(report.rows).to.include({ received: 3, created: 3 })
  })

  it("sends nothing of a batch whose values are all held elsewhere, until the run is stopped", async () => {
    hub.busy.add("a@x.org")
    await add("a@x.org")
    const finished = delivery.finish(50)
    await new Promise((resolve) => setImmediate(resolve))
    run.stop({ category: "hub", readOn: true, message: "Enough." })
    await finished
    expect(sent()).to.deep.equal([])
    expect(report.rows).to.include({ received: 1, notSent: 1 })
  })

  it("sends nothing more when nobody can be asked, and reports why", async () => {
    hub.state = "lost"
    await add("a@x.org")
    await delivery.finish(50)
    expect(sent()).to.deep.equal([])
    expect(report.rows).to.include({ received: 1, notSent: 1, failed: 0 })
    expect(report.notSent.entries()[0][0]).to.contain("lost touch with Redis")
  })

  it("keeps values of which an upsert may be running held for that time", async () => {
    begin({}, { syncServerTimeoutMs: 60000 })
    marketo.always("POST", "/rest/v1/leads.json", { reset: true })
    await add("a@x.org")
    const finished = delivery.finish(50)
    while (sent().length < 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    run.stop({ category: "hub", readOn: true, message: "Enough." })
    await finished
    const [[values, afterMs]] = hub.released
    expect(values).to.deep.equal(["a@x.org"])
    expect(afterMs).to.be.greaterThan(0)
  })

  it("claims nothing in a dry run, which writes nothing", async () => {
    begin({ isDryRun: true })
    hub.busy.add("a@x.org")
    await add("a@x.org")
    await delivery.finish(50)
    expect(report.rows).to.include({ received: 1, created: 1 })
    expect([hub.held.size, hub.released.length]).to.deep.equal([0, 0])
  })
})
