import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { eventually } from "../server/hub_under_test"
import { Answered, HubsUnderTest, rowsOf } from "./hubs_under_test"

const PEOPLE = 1500

describe("An execute process with upserts on the wire", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest

  beforeEach(async () => {
    // Two seconds of the tests: the other process has begun with the same people long before that is over.
    hubs = await HubsUnderTest.start({ latency: { sync: 60_000 } })
  })
  afterEach(async () => hubs.stop())

  /** Waits until as many upserts as one process makes at once are on the wire; those that follow are quick. */
  async function untilOnTheWire(): Promise<void> {
    const { ledger, knobs } = hubs.marketo
    await eventually(() => ledger.callsOf("syncLeads").length >= 2)
    knobs.latency.sync = 10
  }

  it("leaves nobody to be created twice when it is killed, whoever waits or sends again at once", async () => {
    const hub = await hubs.startHub({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "2" })
    const killed = hubs.send(hub, 0, PEOPLE)
    await untilOnTheWire()
    const waiting = hubs.send(hub, 0, PEOPLE)
    process.kill(hubs.executeProcesses(hub)[0], "SIGKILL")
    expect((await killed).message).to.match(/SIGKILL.* may still arrive during the next \d+ seconds/)
    await waiting
    await expectBothWhole(waiting, hubs.send(hub, 0, PEOPLE))
  })

  it("agrees with its replacement while it stands still, and when it goes on", async () => {
    const hub = await hubs.startHub({ ACTION_HUB_UNRESPONSIVE_SECONDS: "1", ACTION_HUB_EXECUTE_PROCESS_COUNT: "2" })
    const stopped = hubs.send(hub, 0, PEOPLE)
    await untilOnTheWire()
    const [id] = hubs.executeProcesses(hub)
    process.kill(id, "SIGSTOP")
    const other = hubs.send(hub, 0, PEOPLE)
    await eventually(() => hubs.executeProcesses(hub).length === 3)
    process.kill(id, "SIGCONT")
    await expectBothWhole(stopped, other)
  })

  const WITH_FAULTY_ACTION = {
    ACTION_HUB_EXECUTE_PROCESS_COUNT: "1", NODE_OPTIONS: `--require ${path.join(__dirname, "faulty_action.js")}`,
  }

  it("agrees with its replacement when an action in it leaves an error uncaught", async () => {
    const hub = await hubs.startHub(WITH_FAULTY_ACTION)
    const first = hubs.send(hub, 0, PEOPLE)
    await untilOnTheWire()
    expect((await hubs.harm(hub, "stray error")).message).to.contain("nobody caught this")
    await expectAgreement(hub, first)
  })

  it("agrees with its replacement when an action in it does not stop", async () => {
    const hub = await hubs.startHub({
      ...WITH_FAULTY_ACTION, ACTION_HUB_EXECUTE_TIMEOUT_SECONDS: "5", ACTION_HUB_STOP_GRACE_SECONDS: "1",
    })
    const harmful = hubs.harm(hub, "ignored stop")
    // The other run has its upserts on the wire when time is up for this one, and is far from its own end.
    await new Promise((resolve) => setTimeout(resolve, 4500))
    const first = hubs.send(hub, 0, PEOPLE)
    await untilOnTheWire()
    expect((await harmful).success).to.equal(false)
    await expectAgreement(hub, first)
  })

  /** Sends the people of a run that is under way again, in the process that took the place of the run's. */
  async function expectAgreement(hub: HubProcess, first: Promise<Answered>): Promise<void> {
    const second = hubs.send(hub, 0, PEOPLE)
    await eventually(() => hubs.executeProcesses(hub).length === 2)
    await expectBothWhole(first, second)
  }

  async function expectBothWhole(...sends: Promise<Answered>[]): Promise<void> {
    const answers = await Promise.all(sends)
    expect(answers.map(({ success }) => success)).to.deep.equal([true, true])
    expect(answers.map((answer) => rowsOf(answer).received)).to.deep.equal([PEOPLE, PEOPLE])
    hubs.expectEverybodyOnce(PEOPLE)
  }
})

describe("A hub without Redis that is killed with upserts on the wire", function () {
  this.timeout(60_000)

  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "killed-hub-"))
  let hubs: HubsUnderTest

  beforeEach(async () => { hubs = await HubsUnderTest.start({ latency: { sync: 80_000 } }) })
  afterEach(async () => hubs.stop())
  after(() => fs.rmSync(directory, { recursive: true }))

  it("leaves word for its next start, which lets nobody be created twice", async () => {
    // The next start waits with its leads until the calls of the former are over, but not with the check before them.
    const settings = { ACTION_HUB_STATE_DIRECTORY: directory, MARKETO_CONCURRENT_CALLS: "4" }
    const killed = await hubs.startHub(settings)
    hubs.send(killed, 0, PEOPLE).catch(() => undefined)
    const { ledger, knobs } = hubs.marketo
    await eventually(() => ledger.callsOf("syncLeads").length >= 2)
    const ids = [killed.processId ?? 0, ...hubs.executeProcesses(killed)]
    ids.forEach((id) => process.kill(id, "SIGKILL"))
    knobs.latency.sync = 10
    const again = await hubs.send(await hubs.startHub(settings), 0, PEOPLE)
    expect([again.success, rowsOf(again).received]).to.deep.equal([true, PEOPLE])
    hubs.expectEverybodyOnce(PEOPLE)
  })
})
