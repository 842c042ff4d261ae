import { expect } from "chai"
import * as sinon from "sinon"
import { WaitingTime } from "../../../../src/actions/marketo/lib/report/waiting_time"

describe("WaitingTime", () => {
  let clock: sinon.SinonFakeTimers
  let time: WaitingTime

  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["performance"] })
    time = new WaitingTime()
  })

  afterEach(() => clock.restore())

  it("is none before a call waits", () => {
    clock.tick(100)
    expect(time.totalMs).to.equal(0)
  })

  it("counts calls that wait together once", () => {
    time.note(true)
    clock.tick(10)
    time.note(true)
    clock.tick(20)
    time.note(false)
    clock.tick(5)
    time.note(false)
    clock.tick(1000)
    expect(time.totalMs).to.equal(35)
  })

  it("adds what comes later, and what is being waited for", () => {
    time.note(true)
    clock.tick(10)
    time.note(false)
    clock.tick(1000)
    time.note(true)
    clock.tick(7)
    expect(time.totalMs).to.equal(17)
  })
})
