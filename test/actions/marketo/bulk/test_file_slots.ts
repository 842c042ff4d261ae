import { expect } from "chai"
import { FileSlots } from "../../../../src/actions/marketo/lib/bulk/file_slots"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { LeadReservations } from "../../../../src/actions/marketo/lib/quota/lead_reservations"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"

const STOP = { category: "hub" as const, readOn: false, message: "stop" }

describe("places for files", () => {
  it("are two, and one for each list", async () => {
    const slots = new FileSlots(new LeadReservations())
    const run = new RunControl()
    const leave = await slots.take(run, "7")
    const taken: string[] = []
    const sameList = slots.take(run, "7").then((leaveThis) => {
      taken.push("same list")
      return leaveThis
    })
    const leaveOther = await slots.take(run, "8")
    const third = slots.take(run, undefined).then((leaveThis) => {
      taken.push("third")
      return leaveThis
    })
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(taken).to.deep.equal([])
    leaveOther()
    const leaveThird = await third
    expect(taken).to.deep.equal(["third"])
    leave()
    const leaveSameList = await sameList
    leaveSameList()
    leaveThird()
    expect(taken).to.deep.equal(["third", "same list"])
  })

  it("are not waited for any longer when the run is stopped", async () => {
    const slots = new FileSlots(new LeadReservations(), 1)
    await slots.take(new RunControl(), undefined)
    const run = new RunControl()
    const waiting = slots.take(run, undefined).catch((failure: unknown) => failure)
    run.stop(STOP)
    expect(await waiting).to.be.instanceOf(RunStoppedError)
  })
})
