import * as chai from "chai"
import { LeadRecord } from "../../../../src/actions/marketo/lib/api/types"
import { BatchLimits, LeadBatch, LeadBatcher } from "../../../../src/actions/marketo/lib/delivery/lead_batcher"
import {
  EMAIL_COMPARISON, LookupComparison, TEXT_COMPARISON,
} from "../../../../src/actions/marketo/lib/delivery/lookup_comparison"
import { Lead } from "../../../../src/actions/marketo/lib/report/lead"

const expect = chai.expect

const ROOMY: BatchLimits = { leads: 3, bytes: 10000 }

function batcher(limits: Partial<BatchLimits> = {}, comparison: LookupComparison = EMAIL_COMPARISON): LeadBatcher {
  return new LeadBatcher({ ...ROOMY, ...limits }, comparison)
}

function lead(lookupValue: string, more: LeadRecord = {}): Lead {
  return { lookupValue, record: { email: lookupValue, ...more }, rows: [1] }
}

function valuesOf(batch: LeadBatch | undefined): string[] | undefined {
  return batch === undefined ? undefined : batch.leads.map((each) => each.lookupValue)
}

function taken(from: LeadBatcher): LeadBatch {
  const batch = from.take()
  if (batch === undefined) {
    throw new Error("Expected a closed batch")
  }
  return batch
}

describe("batches of leads", () => {

  describe("by number", () => {
    it("stay open below the limit", () => {
      const leads = batcher()
      leads.add(lead("a"))
      leads.add(lead("b"))
      expect(leads.take()).to.equal(undefined)
      expect(leads.openLeads).to.equal(2)
    })

    it("close at the limit exactly", () => {
      const leads = batcher()
      for (const value of ["a", "b", "c"]) {
        leads.add(lead(value))
      }
      expect(valuesOf(leads.take())).to.deep.equal(["a", "b", "c"])
      expect(leads.openLeads).to.equal(0)
    })

    it("begin anew with the next lead", () => {
      const leads = batcher()
      for (const value of ["a", "b", "c", "d"]) {
        leads.add(lead(value))
      }
      leads.close()
      expect([valuesOf(leads.take()), valuesOf(leads.take()), leads.take()])
        .to.deep.equal([["a", "b", "c"], ["d"], undefined])
    })

    it("are not made of nothing", () => {
      const leads = batcher()
      leads.close()
      expect(leads.take()).to.equal(undefined)
    })
  })

  describe("by bytes", () => {
    const oneLead = Buffer.byteLength(JSON.stringify({ email: "a" }))

    it("close before the lead that would not fit, commas counted", () => {
      const leads = batcher({ leads: 100, bytes: 3 * oneLead + 1 })
      for (const value of ["a", "b", "c"]) {
        leads.add(lead(value))
      }
      expect(valuesOf(leads.take())).to.deep.equal(["a", "b"])
      expect(leads.openLeads).to.equal(1)
    })

    it("take what fits exactly", () => {
      const leads = batcher({ leads: 100, bytes: 3 * oneLead + 2 })
      for (const value of ["a", "b", "c"]) {
        leads.add(lead(value))
      }
      expect(leads.take()).to.equal(undefined)
      expect(leads.openLeads).to.equal(3)
    })

    it("count bytes of UTF-8, not characters", () => {
      const leads = batcher({ leads: 100, bytes: 2 * oneLead + 1 })
      leads.add(lead("ä"))
      leads.add(lead("ö"))
      expect(valuesOf(leads.take())).to.deep.equal(["ä"])
    })

    it("a lead that is larger than a batch can never be sent", () => {
      const leads = batcher({ bytes: oneLead })
      expect(leads.add(lead("ab"))).to.equal("tooLarge")
      expect(leads.openLeads).to.equal(0)
    })

    it("a lead of exactly that size can", () => {
      expect(batcher({ bytes: oneLead }).add(lead("a"))).to.equal("queued")
    })

    it("hold for every batch of many leads", () => {
      const bytes = 300
      const leads = batcher({ leads: 50, bytes })
      let sent = 0
      for (let index = 0; index < 400; index++) {
        leads.add(lead(`person${index}`, { note: "x".repeat(index * 7 % 60) }))
      }
      leads.close()
      for (let batch = leads.take(); batch !== undefined; batch = leads.take()) {
        sent += batch.leads.length
        expect(Buffer.byteLength(batch.leads.map((each) => each.json).join(","))).to.be.at.most(bytes)
      }
      expect(sent).to.equal(400)
    })
  })

  describe("rows with the same lookup value", () => {
    it("become one lead, later cells winning", () => {
      const leads = batcher()
      leads.add(lead("a", { first: 1, second: 1 }))
      expect(leads.add(lead("a", { second: 2, third: 2 }))).to.equal("merged")
      leads.close()
      const [merged] = taken(leads).leads
      expect(merged.record).to.deep.equal({ email: "a", first: 1, second: 2, third: 2 })
      expect(JSON.parse(merged.json)).to.deep.equal(merged.record)
      expect(merged.bytes).to.equal(Buffer.byteLength(merged.json))
      expect(merged.rows).to.have.lengthOf(2)
    })

    it("a later null wins as well", () => {
      const leads = batcher()
      leads.add(lead("a", { title: "x" }))
      leads.add(lead("a", { title: null }))
      leads.close()
      expect(taken(leads).leads[0].record.title).to.equal(null)
    })

    it("do not fill a batch", () => {
      const leads = batcher()
      for (let index = 0; index < 10; index++) {
        leads.add(lead("a", { index }))
      }
      expect(leads.take()).to.equal(undefined)
      expect(leads.openLeads).to.equal(1)
    })

    it("e-mail addresses are one lead whatever their case", () => {
      const leads = batcher()
      leads.add(lead("Ana@Example.com"))
      expect(leads.add(lead("ana@example.com"))).to.equal("merged")
    })

    it("other values that differ in case stay two leads, one after the other", () => {
      const leads = batcher({}, TEXT_COMPARISON)
      leads.add(lead("KEY"))
      expect(leads.add(lead("key"))).to.equal("queued")
      leads.close()
      const first = taken(leads)
      leads.close()
      expect(valuesOf(first)).to.deep.equal(["KEY"])
      expect(leads.take()).to.equal(undefined)
      leads.answered(first)
      leads.close()
      expect(valuesOf(leads.take())).to.deep.equal(["key"])
    })

    it("that together exceed a batch are sent one after the other", () => {
      const size = Buffer.byteLength(JSON.stringify({ email: "a", one: "x".repeat(50) }))
      const leads = batcher({ bytes: size })
      leads.add(lead("a", { one: "x".repeat(50) }))
      expect(leads.add(lead("a", { two: "y".repeat(50) }))).to.equal("queued")
      leads.close()
      const first = taken(leads)
      expect(leads.take()).to.equal(undefined)
      leads.answered(first)
      leads.close()
      expect(taken(leads).leads[0].record).to.deep.equal({ email: "a", two: "y".repeat(50) })
    })

    it("a merge that would overfill the batch sends the earlier row first", () => {
      const limit = 200
      const leads = batcher({ leads: 100, bytes: limit })
      leads.add(lead("a"))
      leads.add(lead("b", { note: "x".repeat(120) }))
      leads.add(lead("a", { note: "y".repeat(100) }))
      leads.close()
      const first = taken(leads)
      expect(valuesOf(first)).to.deep.equal(["a", "b"])
      leads.answered(first)
      leads.close()
      expect(taken(leads).leads[0].record.note).to.equal("y".repeat(100))
    })
  })

  describe("a lookup value that is on the way", () => {
    function withOneOnTheWay(): { leads: LeadBatcher, first: LeadBatch } {
      const leads = batcher({ leads: 2 })
      leads.add(lead("a"))
      leads.add(lead("b"))
      return { leads, first: taken(leads) }
    }

    it("holds back its next row until the answer", () => {
      const { leads, first } = withOneOnTheWay()
      expect(leads.add(lead("a", { round: 2 }))).to.equal("queued")
      expect(leads.waitingLeads).to.equal(1)
      leads.close()
      expect(leads.take()).to.equal(undefined)
      leads.answered(first)
      leads.close()
      expect(valuesOf(leads.take())).to.deep.equal(["a"])
      expect(leads.waitingLeads).to.equal(0)
    })

    it("does not hold back the rows behind", () => {
      const { leads } = withOneOnTheWay()
      leads.add(lead("a"))
      leads.add(lead("c"))
      leads.add(lead("d"))
      expect(valuesOf(leads.take())).to.deep.equal(["c", "d"])
    })

    it("gathers its waiting rows into one lead", () => {
      const { leads, first } = withOneOnTheWay()
      leads.add(lead("a", { one: 1 }))
      expect(leads.add(lead("A", { two: 2 }))).to.equal("merged")
      expect(leads.waitingLeads).to.equal(1)
      leads.answered(first)
      leads.close()
      const [merged] = taken(leads).leads
      expect(merged.record).to.deep.equal({ email: "A", one: 1, two: 2 })
      expect(merged.rows).to.have.lengthOf(2)
    })

    it("is held back, too, while its batch is closed but not taken", () => {
      const leads = batcher({ leads: 1 })
      leads.add(lead("a"))
      leads.add(lead("a"))
      expect(valuesOf(leads.take())).to.deep.equal(["a"])
      expect(leads.take()).to.equal(undefined)
    })

    it("fills a batch as it moves up", () => {
      const { leads, first } = withOneOnTheWay()
      leads.add(lead("a"))
      leads.add(lead("c"))
      leads.answered(first)
      expect(valuesOf(leads.take())).to.deep.equal(["c", "a"])
    })
  })

  describe("draining", () => {
    it("gives every lead that was not taken, once", () => {
      const leads = batcher({ leads: 2 })
      for (const value of ["a", "b", "c", "d", "e", "a", "b"]) {
        leads.add(lead(value))
      }
      leads.take()
      expect(leads.drain().map((each) => each.lookupValue).sort()).to.deep.equal(["a", "b", "c", "d", "e"])
      expect(leads.drain()).to.deep.equal([])
      expect(leads.waitingLeads).to.equal(0)
      expect(leads.openLeads).to.equal(0)
    })
  })

  describe("for any order of rows and answers", () => {
    // A linear congruential generator, so that each run of the test sees the same orders.
    function randomNumbers(seed: number): (below: number) => number {
      let state = seed
      return (below) => {
        state = (state * 1103515245 + 12345) % 2147483648
        return state % below
      }
    }

    for (let seed = 1; seed <= 20; seed++) {
      it(`keeps every row, never has one value on the way twice, and keeps its order (${seed})`, () => {
        const next = randomNumbers(seed)
        const comparison = seed % 2 === 0 ? EMAIL_COMPARISON : TEXT_COMPARISON
        const leads = batcher({ leads: 4, bytes: 260 }, comparison)
        const onTheWay: LeadBatch[] = []
        const lastSent = new Map<string, number>()
        let rowsSent = 0
        const takeAll = () => {
          for (let batch = leads.take(); batch !== undefined; batch = leads.take()) {
            const busy = onTheWay.reduce((all: string[], each) => all.concat(each.leads.map((l) => l.reservation)), [])
            const values = batch.leads.map((each) => each.reservation)
            expect(values.filter((value) => busy.includes(value))).to.deep.equal([])
            expect(new Set(values).size).to.equal(values.length)
            for (const each of batch.leads) {
              const key = comparison.identity(each.lookupValue)
              const row = each.record.row as number
              expect(row).to.be.greaterThan(lastSent.get(key) ?? -1)
              lastSent.set(key, row)
              rowsSent += each.rows.length
            }
            onTheWay.push(batch)
          }
        }
        const rows = 300
        for (let row = 0; row < rows; row++) {
          const letter = "abcdefgh"[next(8)]
          leads.add(lead(next(2) === 0 ? letter : letter.toUpperCase(), { row, [`f${next(6)}`]: "x".repeat(next(70)) }))
          takeAll()
          if (next(3) === 0 && onTheWay.length > 0) {
            leads.answered(onTheWay.splice(next(onTheWay.length), 1)[0])
            takeAll()
          }
        }
        for (let turn = 0; turn < 1000 && (onTheWay.length > 0 || leads.openLeads + leads.waitingLeads > 0); turn++) {
          leads.close()
          takeAll()
          if (onTheWay.length > 0) {
            leads.answered(onTheWay.splice(0, 1)[0])
          }
        }
        expect(rowsSent).to.equal(rows)
      })
    }
  })
})
