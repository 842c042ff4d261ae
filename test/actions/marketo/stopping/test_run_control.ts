import * as chai from "chai"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { RunControl, StopReason } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { errorOf, rejectionOf } from "../support/connect"

const expect = chai.expect

const STOP: StopReason = { category: "hub", readOn: true, message: "Enough." }

describe("control of a run", () => {
  let run: RunControl

  beforeEach(() => { run = new RunControl() })

  it("goes on at first", () => {
    run.check()
    expect(run.stopReason).to.equal(undefined)
  })

  it("keeps the first reason to stop", () => {
    run.stop(STOP)
    run.stop({ category: "hub", readOn: false, message: "Later." })
    expect(run.stopReason).to.deep.equal(STOP)
  })

  it("ends reading with a reason that comes after one which let reading go on", async () => {
    const reading = rejectionOf(run.orEndOfReading(new Promise<void>(() => undefined)))
    run.stop(STOP)
    expect(run.readingStopReason).to.equal(undefined)
    run.stop({ category: "hub", readOn: false, message: "Later." })
    expect((await reading).message).to.equal("Later.")
    expect(run.readingStopReason?.message).to.equal("Later.")
    expect(await rejectionOf(run.orEndOfReading(Promise.resolve()))).to.be.instanceOf(RunStoppedError)
  })

  it("lets reading go on, and end by itself, after a reason that lets it", async () => {
    run.stop(STOP)
    expect(await run.orEndOfReading(Promise.resolve(5))).to.equal(5)
  })

  it("throws once it was told to stop", () => {
    run.stop(STOP)
    const error = errorOf(() => run.check())
    expect(error).to.be.instanceOf(RunStoppedError)
    expect(error.message).to.equal("Enough.")
  })

  it("tells each listener once", () => {
    let told = 0
    run.onStop(() => { told++ })
    run.stop(STOP)
    run.stop(STOP)
    expect(told).to.equal(1)
  })

  it("tells a listener at once when it was stopped already", () => {
    let told = 0
    run.stop(STOP)
    run.onStop(() => { told++ })
    expect(told).to.equal(1)
  })

  it("does not tell a listener that has unsubscribed", () => {
    let told = 0
    run.onStop(() => { told++ })()
    run.stop(STOP)
    expect(told).to.equal(0)
  })

  it("waits", async () => {
    await run.wait(1)
  })

  it("ends a wait when it is told to stop", async () => {
    const waiting = rejectionOf(run.wait(60000))
    run.stop(STOP)
    expect(await waiting).to.be.instanceOf(RunStoppedError)
  })

  it("does not begin a wait once it was told to stop", async () => {
    run.stop(STOP)
    expect(await rejectionOf(run.wait(1))).to.be.instanceOf(RunStoppedError)
  })

  it("keeps a process alive by its waits, unless nobody waits for the run", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length
    const before = timers()
    const watched = rejectionOf(run.wait(60000))
    expect(timers()).to.equal(before + 1)
    const background = new RunControl({ isBackground: true })
    const unwatched = rejectionOf(background.wait(60000))
    expect(timers()).to.equal(before + 1)
    run.stop(STOP)
    background.stop(STOP)
    await Promise.all([watched, unwatched])
  })

  it("passes a promise's value on", async () => {
    expect(await run.orStop(Promise.resolve(5))).to.equal(5)
  })

  it("passes a promise's failure on", async () => {
    expect((await rejectionOf(run.orStop(Promise.reject(new Error("no"))))).message).to.equal("no")
  })

  it("gives up a promise when it is told to stop", async () => {
    const pending = rejectionOf(run.orStop(new Promise<void>(() => undefined)))
    run.stop(STOP)
    expect(await pending).to.be.instanceOf(RunStoppedError)
  })
})
