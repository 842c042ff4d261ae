import * as chai from "chai"
import { connectionFor, forgetConnections, MarketoConnection } from "../../../src/actions/marketo/lib/api/connection"
import { RunReport } from "../../../src/actions/marketo/lib/report/run_report"
import { RunWait } from "../../../src/actions/marketo/lib/run_wait"
import { RunControl } from "../../../src/actions/marketo/lib/stopping/run_control"
import { FAST_CONFIGURATION } from "./support/connect"
import { ScriptedCoordination } from "./support/scripted_coordination"

const expect = chai.expect

const CREDENTIALS = { origin: "https://123-abc-456.mktorest.com", clientId: "a", clientSecret: "b" }

describe("RunWait", () => {
  let hub: ScriptedCoordination
  let run: RunControl
  let connection: MarketoConnection
  let report: RunReport
  let wait: RunWait

  beforeEach(() => {
    hub = new ScriptedCoordination()
    run = new RunControl()
    connection = connectionFor(CREDENTIALS, FAST_CONFIGURATION, "runs", hub)
    report = new RunReport()
    wait = new RunWait(run, connection, report)
  })
  afterEach(() => {
    run.stop({ category: "hub", readOn: true, message: "The test is over." })
    forgetConnections()
  })

  /** Asks for a call that the hub does not grant. */
  function askForCall(): void {
    hub.state = "silent"
    connection.quota.acquire(run).catch(() => undefined)
    hub.state = "there"
  }

  /** Waits for a lookup value that another process has. */
  async function waitForLead(): Promise<void> {
    hub.busy.add("ann")
    const reservations = connection.reservations("email")
    reservations.hold("ann")
    await reservations.claim(["ann"], run)
    void reservations.freeElsewhere("ann", run)
  }

  it("says nothing while nothing waits", async () => {
    hub.unsettledMs = 72_000
    expect(await wait.reason()).to.equal(undefined)
  })

  it("says that calls wait for their turn, also while others of the run go out", async () => {
    askForCall()
    expect(await wait.reason()).to.equal("its turn in Marketo's quota")
    hub.unsettledMs = 72_000
    report.calls++
    expect(await wait.reason()).to.equal("its turn in Marketo's quota")
  })

  it("says that all wait since earlier upserts may be under way, before a value was claimed and after", async () => {
    hub.unsettledMs = 72_000
    askForCall()
    expect(await wait.reason()).to.equal("certainty that no earlier upsert is still under way")
    connection.reservations("email")
    expect(await wait.reason()).to.equal("certainty that no earlier upsert is still under way")
  })

  it("says that leads wait for another run once nothing else goes on, until they are free", async () => {
    await waitForLead()
    report.calls++
    expect(await wait.reason()).to.equal(undefined)
    expect(await wait.reason()).to.equal("leads that another run is sending")
    hub.unsettledMs = 72_000
    expect(await wait.reason()).to.equal("certainty that no earlier upsert is still under way")
    hub.unsettledMs = 0
    expect(await wait.reason(), "until it is free").to.equal("certainty that no earlier upsert is still under way")
    hub.giveBack()
    await new Promise((resolve) => setImmediate(resolve))
    expect(await wait.reason()).to.equal(undefined)
  })

  it("goes on with what it knows if nobody can be asked", async () => {
    askForCall()
    hub.state = "lost"
    expect(await wait.reason()).to.equal("its turn in Marketo's quota")
  })

  it("works on a hub that does not say whether anything may be under way", async () => {
    const leases = hub.leases.bind(hub)
    hub.leases = (name, rules) => ({ ...leases(name, rules), unsettledMs: undefined })
    askForCall()
    expect(await wait.reason()).to.equal("its turn in Marketo's quota")
  })
})
