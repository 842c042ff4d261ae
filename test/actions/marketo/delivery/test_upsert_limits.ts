import { expect } from "chai"
import * as fc from "fast-check"
import { UpsertLimits } from "../../../../src/actions/marketo/lib/delivery/upsert_limits"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"

function leads(count: number, bytes = 100): QueuedLead[] {
  return Array.from({ length: count }, (_unused, index) => lead(index, bytes))
}

function lead(index: number, bytes: number): QueuedLead {
  const lookupValue = `p${index}`
  return { lookupValue, record: {}, json: "{}", bytes, rows: [1], reservation: lookupValue }
}

function sizes(calls: QueuedLead[][]): number[] {
  return calls.map((call) => call.length)
}

function bytesOf(call: QueuedLead[]): number {
  return call.reduce((sum, { bytes }) => sum + bytes, call.length - 1)
}

describe("limits of a run's upserts", () => {
  let limits: UpsertLimits

  beforeEach(() => { limits = new UpsertLimits() })

  it("leave a batch as it is before anything was learned", () => {
    expect(sizes(limits.split(leads(300, 3000)))).to.deep.equal([300])
    expect(limits.split([])).to.deep.equal([])
  })

  it("halve the number of leads after a time-out, time and again, but not for ever", () => {
    const learned: number[] = []
    for (let size = 300; learned.length < 6; size = learned[learned.length - 1]) {
      limits.timedOut(leads(size))
      limits.passed(leads(1))
      learned.push(Math.max(...sizes(limits.split(leads(300)))))
    }
    expect(learned).to.deep.equal([150, 75, 38, 25, 25, 25])
  })

  it("are lowered twice, and further only when a call has passed", () => {
    for (const size of [300, 150, 75, 38]) {
      limits.timedOut(leads(size))
      limits.tooLarge(leads(size, 3000))
    }
    expect(Math.max(...sizes(limits.split(leads(300))))).to.equal(150)
    limits.passed(leads(10))
    limits.timedOut(leads(150))
    expect(Math.max(...sizes(limits.split(leads(300))))).to.equal(75)
  })

  it("learn once from several calls of one size that ran out of time together", () => {
    for (let call = 0; call < 5; call++) {
      limits.timedOut(leads(300))
    }
    expect(sizes(limits.split(leads(300)))).to.deep.equal([150, 150])
  })

  it("lie below what was refused for its size", () => {
    limits.tooLarge(leads(300, 3000))
    const calls = limits.split(leads(300, 3000))
    expect(Math.max(...calls.map(bytesOf))).to.be.at.most(450150)
    expect(calls.length).to.be.at.most(3)
  })

  it("lie below a single lead that was refused for its size", () => {
    limits.tooLarge([lead(0, 600000)])
    expect(sizes(limits.split(leads(3, 300000)))).to.deep.equal([1, 1, 1])
    expect(sizes(limits.split(leads(3, 299999)))).to.deep.equal([2, 1])
  })

  it("are not lowered by what cannot have been refused for its size alone", () => {
    limits.tooLarge([lead(0, 50)])
    expect(sizes(limits.split(leads(90, 100)))).to.deep.equal([90])
  })

  it("are taken back as far as a call that was on its way passes all the same", () => {
    limits.timedOut(leads(300))
    limits.tooLarge(leads(300, 3000))
    limits.passed(leads(200, 3500))
    expect(sizes(limits.split(leads(400, 3000)))).to.deep.equal([200, 200])
  })

  it("send every lead once, in its place, and no call beyond them", () => {
    const sizesOfLeads = fc.array(fc.integer({ min: 2, max: 60000 }), { minLength: 1, maxLength: 300 })
    fc.assert(fc.property(sizesOfLeads, fc.option(fc.integer({ min: 1, max: 300 })),
      fc.option(fc.integer({ min: 1, max: 300 })), (bytes, timedOut, tooLarge) => {
        const learned = new UpsertLimits()
        const all = bytes.map((each, index) => lead(index, each))
        if (timedOut !== null) {
          learned.timedOut(leads(timedOut))
        }
        const refused = leads(tooLarge ?? 1, 3000)
        if (tooLarge !== null) {
          learned.tooLarge(refused)
        }
        const calls = learned.split(all)
        expect(calls.reduce((joined, call) => joined.concat(call), [])).to.deep.equal(all)
        const mostLeads = timedOut === null ? Infinity : Math.max(25, Math.ceil(timedOut / 2))
        const mostBytes = tooLarge === null ? Infinity : Math.max(10000, bytesOf(refused) - 1)
        for (const call of calls) {
          expect(call.length).to.be.within(1, mostLeads)
          expect(call.length === 1 || bytesOf(call) <= mostBytes).to.equal(true)
        }
      }))
  })
})
