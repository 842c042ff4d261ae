import { expect } from "chai"
import { performance } from "perf_hooks"
import { LeadBatch, LeadBatcher } from "../../../../src/actions/marketo/lib/delivery/lead_batcher"
import { EMAIL_COMPARISON, TEXT_COMPARISON } from "../../../../src/actions/marketo/lib/delivery/lookup_comparison"
import { LeadReservations } from "../../../../src/actions/marketo/lib/quota/lead_reservations"

const LIMITS = { leads: 2, bytes: 10000 }

function emails(batch: LeadBatch | undefined): string[] {
  return (batch?.leads ?? []).map((lead) => lead.lookupValue)
}

describe("lookup values on the way to one instance", () => {
  let reservations: LeadReservations
  let moves: number
  let one: LeadBatcher
  let other: LeadBatcher

  beforeEach(() => {
    reservations = new LeadReservations()
    moves = 0
    one = new LeadBatcher(LIMITS, EMAIL_COMPARISON, reservations)
    other = new LeadBatcher(LIMITS, EMAIL_COMPARISON, reservations)
    other.onMovedUp(() => { moves++ })
  })

  function add(batcher: LeadBatcher, ...values: string[]): void {
    values.forEach((email) => batcher.add({ lookupValue: email, record: { email }, rows: [1] }))
  }

  function take(batcher: LeadBatcher): LeadBatch {
    batcher.close()
    return batcher.take() as LeadBatch
  }

  it("are not sent by a second run before the first has its answer", () => {
    add(one, "a", "b")
    const sent = take(one)
    add(other, " A ", "c")
    expect(emails(take(other))).to.deep.equal(["c"])
    expect(other.waitingLeads).to.equal(1)
    one.answered(sent)
    expect([other.waitingLeads, other.openLeads, moves]).to.deep.equal([0, 1, 1])
    expect(emails(take(other))).to.deep.equal([" A "])
  })

  it("belong to the run that closes its batch first, when both had gathered them", () => {
    add(one, "a")
    add(other, "a")
    const sent = take(one)
    other.close()
    expect(other.take()).to.equal(undefined)
    expect(other.waitingLeads).to.equal(1)
    one.answered(sent)
    expect(emails(take(other))).to.deep.equal(["a"])
  })

  it("keep the order of their rows while they wait", () => {
    const texts = new LeadBatcher({ leads: 9, bytes: 10000 }, TEXT_COMPARISON, reservations)
    add(texts, "a")
    add(one, "a")
    const sent = take(one)
    add(texts, "A", "a")
    texts.close()
    one.answered(sent)
    const order: string[] = []
    for (let batch = take(texts); order.length < 3; batch = take(texts)) {
      order.push(...emails(batch))
      texts.answered(batch)
    }
    expect(order).to.deep.equal(["a", "A", "a"])
  })

  it("stay held after an answer that was lost until the upsert has surely ended", async () => {
    add(one, "a", "b")
    const sent = take(one)
    one.answered(sent, new Map([[sent.leads[0], performance.now() + 20]]))
    expect([reservations.isHeld("a"), reservations.isHeld("b")]).to.deep.equal([true, false])
    add(other, "a")
    expect(other.waitingLeads).to.equal(1)
    await new Promise((resolve) => { setTimeout(resolve, 60) })
    expect([reservations.isHeld("a"), other.openLeads]).to.deep.equal([false, 1])
  })

  it("are free when what was gathered is given up", () => {
    add(one, "a", "b", "c")
    expect(emails({ leads: one.drain(), isOnTheWire: false })).to.deep.equal(["a", "b", "c"])
    expect(["a", "b", "c"].some((value) => reservations.isHeld(value))).to.equal(false)
  })

  it("outlast this process for as long as work that goes on without it, and are kept anew meanwhile", async () => {
    const kept: number[] = []
    const shared = new LeadReservations({
      hold: async () => [], free: async () => undefined, release: (_keys, afterMs = 0) => { kept.push(afterMs) },
    })
    let done: (result: string) => void = () => undefined
    const work = shared.outlasting(["a"], 30, async () => new Promise<string>((resolve) => { done = resolve }))
    while (kept.length < 3) {
      await new Promise((resolve) => { setTimeout(resolve, 1) })
    }
    done("done")
    expect(await work).to.equal("done")
    const { length } = kept
    await new Promise((resolve) => { setTimeout(resolve, 25) })
    expect(kept.length).to.equal(length)
    expect(new Set(kept)).to.deep.equal(new Set([30]))
    expect(await reservations.outlasting(["a"], 30, async () => "alone")).to.equal("alone")
  })
})
