import * as chai from "chai"
import { ShortMemory } from "../../../src/actions/marketo/lib/short_memory"
import { rejectionOf } from "./support/connect"

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
