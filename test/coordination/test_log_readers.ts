import { expect } from "chai"
import * as path from "path"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { WAITING_LOG_BYTES } from "../../src/xpc/bounded_console"
import { eventually } from "../server/hub_under_test"
import { HubsUnderTest } from "./hubs_under_test"

const PEOPLE = 300

describe("A hub whose log", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let hub: HubProcess

  beforeEach(async () => {
    hubs = await HubsUnderTest.start()
    hub = await hubs.startHub({ NODE_OPTIONS: `--require ${path.join(__dirname, "chatty_action.js")}` })
  })
  afterEach(async () => hubs.stop())

  const probe = async (address: string) => (await fetch(hub.url + address)).status

  /** Fails unless the hub is well, and a run that logs more than any pipe holds ends and leaves its process free. */
  async function expectWorkingHub(): Promise<void> {
    const { success, message } = await hubs.sendTo("chatty", hub)
    expect(success, message).to.equal(true)
    const { waitingBytes } = JSON.parse(message) as { waitingBytes: number }
    expect(waitingBytes).to.be.at.most(WAITING_LOG_BYTES + 1024)
    expect((await hubs.send(hub, 0, PEOPLE)).success).to.equal(true)
    expect([await probe("/livez"), await probe("/readyz")]).to.deep.equal([200, 200])
  }

  it("is read by nobody goes on, and starts new execute processes", async () => {
    hub.closeLog()
    await expectWorkingHub()
    const [first] = hubs.executeProcesses(hub)
    process.kill(first, "SIGKILL")
    await eventually(() => hubs.executeProcesses(hub).some((id) => id !== first))
    await eventually(async () => await probe("/readyz") === 200)
    await expectWorkingHub()
    hubs.expectEverybodyOnce(PEOPLE)
  })

  it("is read by somebody who hangs goes on, and says what the log lacks once it is read again", async () => {
    hub.pauseLog()
    await expectWorkingHub()
    expect(hub.log).to.not.include("The log lacks")
    hub.resumeLog()
    await eventually(async () => {
      await hubs.send(hub, 0, 1)
      return /The log lacks \d+ lines here, since nobody read it\./.test(hub.log)
    })
    hubs.expectEverybodyOnce(PEOPLE)
  })
})
