import { expect } from "chai"
import { WaitingTime } from "../../../../src/actions/marketo/lib/report/waiting_time"

describe("WaitingTime", () => {
  let now: number
  let time: WaitingTime

  beforeEach(() => {
    now = 1000
    time = new WaitingTime(() => now)
  })

  it("is none before a call waits", () => {
    now += 100
    expect(time.totalMs).to.equal(0)
  })

  it("counts calls that wait together once", () => {
    time.note(true)
    now += 10
    time.note(true)
    now += 20
    time.note(false)
    now += 5
    time.note(false)
    now += 1000
    expect(time.totalMs).to.equal(35)
  })

  it("adds what comes later, and what is being waited for", () => {
    time.note(true)
    now += 10
    time.note(false)
    now += 1000
    time.note(true)
    now += 7
    expect(time.totalMs).to.equal(17)
  })
})
