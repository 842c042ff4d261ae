import { expect } from "chai"
import * as fc from "fast-check"
import { inBodies, isTooLarge, skippedAsTooLarge } from "../../../../src/actions/marketo/lib/membership/member_bodies"
import { MemberFieldQueue } from "../../../../src/actions/marketo/lib/membership/member_field_queue"
import { memberValuesOf } from "../../../../src/actions/marketo/lib/report/lead"
import { MembershipLead } from "../../../../src/actions/marketo/lib/report/outcomes"

function leadOf(leadId: number, values: { [name: string]: unknown }): MembershipLead {
  return { leadId, lookupValue: `l${leadId}`, rows: [1], member: memberValuesOf(values) }
}

describe("MemberFieldQueue", () => {
  it("holds later values back until the earlier ones have their outcome", () => {
    const queue = new MemberFieldQueue()
    queue.begin([leadOf(1, { a: 1 })])
    queue.add(leadOf(1, { a: 2 }))
    queue.add(leadOf(1, { b: 3 }))
    expect(queue.take()).to.deep.equal([])
    queue.end([leadOf(1, { a: 1 })])
    const [later] = queue.take()
    expect(later.member?.values).to.deep.equal({ a: 2, b: 3 })
    expect(later.rows).to.deep.equal([1, 1])
  })

  it("writes nothing for those who are no members", () => {
    const queue = new MemberFieldQueue()
    const lead = leadOf(1, { a: 1 })
    queue.begin([lead])
    queue.add(leadOf(1, { a: 2 }))
    queue.refuse([lead])
    queue.end([lead])
    queue.add(leadOf(1, { a: 3 }))
    expect([queue.waitingLeads, queue.heldBytes, queue.take()]).to.deep.equal([0, 0, []])
  })

  it("is full by leads, or by bytes", () => {
    const queue = new MemberFieldQueue(2)
    queue.add(leadOf(1, { a: 1 }))
    expect(queue.isFull).to.equal(false)
    queue.add(leadOf(2, { a: 1 }))
    expect(queue.isFull).to.equal(true)
    const other = new MemberFieldQueue()
    other.add(leadOf(1, { a: "x".repeat(990000) }))
    expect(other.isFull).to.equal(true)
  })

  /** Adds to a lead, takes a call, or ends the oldest call. */
  const step = fc.oneof(
    fc.record({ lead: fc.integer({ min: 1, max: 4 }), field: fc.constantFrom("a", "b") }),
    fc.constant("take" as const), fc.constant("end" as const))

  it("writes the values of each lead in their order, loses none, and counts its bytes down to nothing", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new MemberFieldQueue()
      const calls: MembershipLead[][] = []
      const written = new Map<number, object>()
      const wanted = new Map<number, object>()
      const endOldest = () => {
        const call = calls.shift() ?? []
        call.forEach(({ leadId, member }) => written.set(leadId, { ...written.get(leadId), ...member?.values }))
        queue.end(call)
      }
      const take = () => {
        const call = queue.take()
        const busy = new Set(calls.reduce((all, some) => all.concat(some), []).map(({ leadId }) => leadId))
        expect(call.some(({ leadId }) => busy.has(leadId)), "a lead on the way twice").to.equal(false)
        calls.push(call)
      }
      steps.forEach((each, index) => {
        if (each === "take") {
          take()
        } else if (each === "end") {
          endOldest()
        } else {
          queue.add(leadOf(each.lead, { [each.field]: index }))
          wanted.set(each.lead, { ...wanted.get(each.lead), [each.field]: index })
        }
      })
      while (queue.waitingLeads > 0 || calls.length > 0) {
        endOldest()
        take()
        endOldest()
      }
      expect([...written].sort()).to.deep.equal([...wanted].sort())
      expect(queue.heldBytes).to.equal(0)
    }))
  })
})

describe("inBodies", () => {
  it("keeps every lead, in order, in parts that fit into a call unless one lead alone does not", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1_200_000 }), { maxLength: 12 }), (sizes) => {
      const leads = sizes.map((size, index) => ({ ...leadOf(index, {}), member: { values: {}, bytes: size } }))
      const parts = inBodies(leads)
      expect(parts.reduce((all, part) => all.concat(part), [])).to.deep.equal(leads)
      for (const part of parts) {
        const bytes = part.reduce((sum, { member }) => sum + (member?.bytes ?? 0), 0)
        expect(bytes < 990000 || part.length === 1 && isTooLarge(part)).to.equal(true)
      }
    }))
  })

  it("names a lead that no call can carry", () => {
    const [part] = inBodies([leadOf(1, { a: "x".repeat(990000) })])
    expect(isTooLarge(part)).to.equal(true)
    expect(skippedAsTooLarge(part)[0]).to.deep.include({ kind: "skipped", reasons: [
      { code: "", message: "The program fields are larger than one call to Marketo may be (1 MB)" }] })
  })
})
