import { expect } from "chai"
import { BatchParking } from "../../../../src/actions/marketo/lib/delivery/batch_parking"
import { settle } from "../support/connect"

describe("parking of a batch", () => {
  let told: boolean[]
  let parking: BatchParking

  beforeEach(() => {
    told = []
    parking = new BatchParking((isParked) => { told.push(isParked) })
  })

  /** A piece of work, and how to end it. */
  function work(): { promise: Promise<void>, end: () => void } {
    let end: () => void = () => undefined
    const promise = new Promise<void>((resolve) => { end = resolve })
    return { promise, end }
  }

  it("is none while its call is under way, and when that is done", async () => {
    await parking.duringCall(Promise.resolve())
    expect(told).to.deep.equal([])
  })

  it("lasts as long as its only call waits for a repetition", async () => {
    const call = work()
    const followed = parking.duringCall(call.promise)
    parking.callWaits(true)
    expect(told).to.deep.equal([true])
    parking.callWaits(false)
    call.end()
    await followed
    expect(told).to.deep.equal([true, false])
  })

  it("is interrupted by a part that is under way while another waits", async () => {
    const [wait, call] = [work(), work()]
    const waited = parking.duringWait(wait.promise)
    const called = parking.duringCall(call.promise)
    expect(told).to.deep.equal([true, false])
    call.end()
    await called
    expect(told).to.deep.equal([true, false, true])
    wait.end()
    await waited
    expect(told).to.deep.equal([true, false, true, false])
  })

  it("ends when what was waited for fails", async () => {
    const failed = parking.duringWait(Promise.reject(new Error("No"))).catch(() => undefined)
    expect(told).to.deep.equal([true])
    await failed
    await settle()
    expect(told).to.deep.equal([true, false])
  })
})
