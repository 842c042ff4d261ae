import * as chai from "chai"
import { ShortMemory } from "../../../../src/actions/marketo/lib/api/answers_cache"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { RunControl, StopReason } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { rejectionOf } from "../support/connect"

const expect = chai.expect

describe("short memory", () => {
  let now: number
  let asked: number
  let memory: ShortMemory

  beforeEach(() => {
    now = 1000
    asked = 0
    memory = new ShortMemory(100, () => now)
  })

  const ask = async () => ++asked

  it("asks once within its time", async () => {
    expect([await memory.recall("x", ask), await memory.recall("x", ask)]).to.deep.equal([1, 1])
    now += 99
    expect(await memory.recall("x", ask)).to.equal(1)
  })

  it("asks again after its time", async () => {
    await memory.recall("x", ask)
    now += 100
    expect(await memory.recall("x", ask)).to.equal(2)
  })

  it("keeps names apart", async () => {
    expect([await memory.recall("x", ask), await memory.recall("y", ask)]).to.deep.equal([1, 2])
  })

  it("shares one answer among those who ask at the same time", async () => {
    expect(await Promise.all([memory.recall("x", ask), memory.recall("x", ask)])).to.deep.equal([1, 1])
  })

  it("passes a failure on to all who asked and does not remember it", async () => {
    const fail = async () => { throw new Error("no") }
    const first = memory.recall("x", fail)
    const second = memory.recall("x", ask)
    expect((await rejectionOf(first)).message).to.equal("no")
    expect((await rejectionOf(second)).message).to.equal("no")
    expect(await memory.recall("x", ask)).to.equal(1)
  })

  it("asks anew what it was told to forget", async () => {
    await memory.recall("x", ask)
    memory.forget("x")
    expect(await memory.recall("x", ask)).to.equal(2)
  })

  describe("with a run that is told to stop", () => {
    const STOP: StopReason = { category: "hub", readOn: true, message: "Enough." }

    it("ends that run's wait, while the question goes on for those who still wait", async () => {
      let answer: (value: number) => void = () => undefined
      const question = async () => new Promise<number>((resolve) => { answer = resolve })
      const [asking, stopping, waiting] = [new RunControl(), new RunControl(), new RunControl()]
      const first = memory.recall("x", question, asking)
      const second = rejectionOf(memory.recall("x", question, stopping))
      const third = memory.recall("x", question, waiting)
      stopping.stop(STOP)
      expect(await second).to.be.instanceOf(RunStoppedError)
      answer(7)
      expect([await first, await third, await memory.recall("x", ask)]).to.deep.equal([7, 7, 7])
    })

    it("ends the wait of the run that asked, too, and remembers what comes of its question", async () => {
      let answer: (value: number) => void = () => undefined
      const run = new RunControl()
      const asking = rejectionOf(
        memory.recall("x", async () => new Promise<number>((resolve) => { answer = resolve }), run))
      run.stop(STOP)
      expect(await asking).to.be.instanceOf(RunStoppedError)
      answer(8)
      expect(await memory.recall("x", ask)).to.equal(8)
    })

    it("asks nothing any more", async () => {
      const run = new RunControl()
      run.stop(STOP)
      expect(await rejectionOf(memory.recall("x", ask, run))).to.be.instanceOf(RunStoppedError)
      expect(asked).to.equal(0)
    })

    it("has the others ask themselves when its own question ends with it", async () => {
      const [asking, waiting] = [new RunControl(), new RunControl()]
      const first = rejectionOf(memory.recall("x", async () => {
        await asking.wait(60000)
        return 0
      }, asking))
      const second = memory.recall("x", ask, waiting)
      asking.stop(STOP)
      expect(await first).to.be.instanceOf(RunStoppedError)
      expect(await second).to.equal(1)
    })
  })

  it("does not lose a newer answer when an older question fails late", async () => {
    let failLate: (error: Error) => void = () => undefined
    const late = memory.recall("x", async () => new Promise<number>((_resolve, reject) => { failLate = reject }))
    memory.forget("x")
    await memory.recall("x", ask)
    failLate(new Error("late"))
    await rejectionOf(late)
    expect(await memory.recall("x", ask)).to.equal(1)
  })
})
