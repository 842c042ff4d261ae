import { expect } from "chai"
import * as fc from "fast-check"
import { LeadBatch, LeadBatcher } from "../../src/actions/marketo/lib/delivery/lead_batcher"
import {
  EMAIL_COMPARISON, LookupComparison, TEXT_COMPARISON,
} from "../../src/actions/marketo/lib/delivery/lookup_comparison"

const RUNS = Number(process.env.SOAK_RUNS ?? 300)

/** Pieces that differ in case, width, accents and ligatures; some are equal in one way and differ in another. */
const PIECES = [
  "a", "A", "á", "Á", "a\u0301", "ａ", "Ａ", "b", "B", "ﬁ", "fi", "FI", "ß", "ẞ", "ss", "SS", "ſs", "İ", "i", "I", "ı",
  "k", "\u212a", "σ", "ς", "Σ", "\u200b", "-", "1", "①", " ", "客", "👍🏽",
]

const lookupValue = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 }).map((all) => all.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 4 }) },
)

const scenario = fc.record({
  values: fc.array(lookupValue, { minLength: 1, maxLength: 120 }),
  limit: fc.integer({ min: 1, max: 12 }),
  comparison: fc.constantFrom(TEXT_COMPARISON, EMAIL_COMPARISON),
  /** After each row: how many batches are answered, and which. */
  answers: fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 40 }),
})

/** What must never be on the way twice: stated apart from the code under test. */
function mayBeEqual(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase().toUpperCase().toLowerCase().normalize("NFKC")
}

/** Most leads of one reservation that cannot be merged, so that each needs a batch of its own. */
function longestChain(values: string[], comparison: LookupComparison): number {
  const chains = new Map<string, { last: string, length: number }>()
  for (const value of values) {
    const chain = chains.get(comparison.reservation(value)) ?? { last: "\u0000", length: 0 }
    const identity = comparison.identity(value)
    chains.set(comparison.reservation(value),
      { last: identity, length: chain.length + (identity === chain.last ? 0 : 1) })
  }
  return Math.max(...[...chains.values()].map((chain) => chain.length))
}

class Wire {
  readonly sent: LeadBatch[] = []
  private readonly onTheWay: LeadBatch[] = []

  constructor(private readonly batcher: LeadBatcher) {}

  get isEmpty(): boolean {
    return this.onTheWay.length === 0
  }

  takeAll(): void {
    for (let batch = this.batcher.take(); batch !== undefined; batch = this.batcher.take()) {
      this.sent.push(batch)
      this.onTheWay.push(batch)
      const values = this.onTheWay.flatMap((each) => each.leads.map((lead) => mayBeEqual(lead.lookupValue)))
      expect(new Set(values).size, `values on the way: ${JSON.stringify(values)}`).to.equal(values.length)
    }
  }

  answer(which: number): void {
    if (this.onTheWay.length > 0) {
      this.batcher.answered(this.onTheWay.splice(which % this.onTheWay.length, 1)[0])
      this.takeAll()
    }
  }
}

describe("Batches of any lookup values, answered in any order", () => {
  it("hold each row once, in order, with nothing on the way twice, and are hardly more than they must be", () => {
    fc.assert(fc.property(scenario, ({ values, limit, comparison, answers }) => {
      const batcher = new LeadBatcher({ leads: limit, bytes: 1000000 }, comparison)
      const wire = new Wire(batcher)
      values.forEach((value, row) => {
        batcher.add({ lookupValue: value, record: { key: value, row, [`row${row}`]: true }, rows: [row] })
        wire.takeAll()
        const answer = answers[row % answers.length]
        if (answer > 3) {
          wire.answer(answer)
        }
      })
      for (let turn = 0; !wire.isEmpty || batcher.openLeads + batcher.waitingLeads > 0; turn++) {
        expect(turn, "turns").to.be.lessThan(1000)
        if (wire.isEmpty) {
          batcher.close()
          wire.takeAll()
        }
        wire.answer(turn)
      }

      const leads = wire.sent.flatMap((batch) => batch.leads)
      expect(leads.flatMap(({ rows }) => rows).sort((one, other) => one - other), "rows")
        .to.deep.equal(values.map((_value, row) => row))
      const lastRow = new Map<string, number>()
      for (const lead of leads) {
        const row = lead.record.row as number
        const key = mayBeEqual(lead.lookupValue)
        expect(row, `order of "${lead.lookupValue}"`).to.be.greaterThan(lastRow.get(key) ?? -1)
        lastRow.set(key, row)
        const own = Object.keys(lead.record).filter((name) => /^row\d+$/.test(name))
          .map((name) => Number(name.slice(3)))
        const identities = new Set(own.map((each) => comparison.identity(values[each])))
        expect([...identities], "rows merged into one lead").to.deep.equal([comparison.identity(lead.lookupValue)])
      }
      expect(wire.sent.length, "batches").to.be.at.most(
        Math.floor(leads.length / limit) + longestChain(values, comparison))
    }), { numRuns: RUNS })
  })

  it("fill up although every other row has to wait", () => {
    const batcher = new LeadBatcher({ leads: 300, bytes: 1000000 }, TEXT_COMPARISON)
    const wire = new Wire(batcher)
    for (let row = 0; row < 600; row++) {
      const key = `cust-${Math.floor(row / 2)}`
      batcher.add({ lookupValue: row % 2 === 0 ? key : key.toUpperCase(), record: { row }, rows: [row] })
      wire.takeAll()
    }
    wire.answer(0)
    expect(wire.sent.map((batch) => batch.leads.length)).to.deep.equal([300, 300])
  })
})
