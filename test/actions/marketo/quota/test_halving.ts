import { expect } from "chai"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { attemptOf, HalvingBudget, inHalves } from "../../../../src/actions/marketo/lib/quota/halving"

const REFUSAL = new MarketoError("rejected", "Not this one", { code: "1003", origin: "marketo" })

function numbers(count: number, first = 0): number[] {
  return new Array(count).fill(0).map((_unused, index) => first + index)
}

/** A service that refuses calls which hold one of these items; what passes takes longer than what is refused. */
class Service {
  calls = 0

  constructor(private readonly isRefused: (item: number) => boolean, private readonly error = REFUSAL) {}

  async send(items: number[], budget: HalvingBudget) {
    return inHalves(items, async (part) => attemptOf(part, async () => this.answer(part)), budget)
  }

  private async answer(items: number[]): Promise<number[]> {
    this.calls++
    await Promise.resolve()
    if (items.some(this.isRefused)) {
      throw this.error
    }
    await new Promise<void>((resolve) => { setTimeout(resolve, 1) })
    return items
  }
}

function sorted(items: number[]): number[] {
  return items.slice().sort((one, other) => one - other)
}

describe("halving of calls that are refused as a whole", () => {
  it("makes one call when that passes", async () => {
    const service = new Service(() => false)
    expect(await service.send(numbers(300), new HalvingBudget())).to.deep.equal(
      { outcomes: numbers(300), refused: [] })
    expect(service.calls).to.equal(1)
  })

  for (const guilty of [0, 1, 149, 150, 298, 299]) {
    it(`finds record ${guilty} of 300 with a budget that nothing has renewed before`, async () => {
      const service = new Service((item) => item === guilty)
      const { outcomes, refused } = await service.send(numbers(300), new HalvingBudget())
      expect(sorted(outcomes)).to.deep.equal(numbers(300).filter((item) => item !== guilty))
      expect(refused).to.deep.equal([{ items: [guilty], error: REFUSAL }])
      expect(service.calls).to.be.at.most(19)
    })
  }

  for (const share of [150, 50, 20, 10]) {
    it(`finds every record when one in ${share} is guilty`, async () => {
      const service = new Service((item) => item % share === share - 1)
      const { outcomes, refused } = await service.send(numbers(300), new HalvingBudget())
      expect(refused.every(({ items }) => items.length === 1)).to.equal(true)
      expect(sorted(outcomes.concat(refused.map(({ items }) => items[0])))).to.deep.equal(numbers(300))
    })
  }

  it("finds one record in each of many calls that are made at once", async () => {
    const service = new Service((item) => item % 300 === 41)
    const budget = new HalvingBudget()
    const all = await Promise.all(numbers(40).map(async (batch) => service.send(numbers(300, batch * 300), budget)))
    for (const { refused } of all) {
      expect(refused.map(({ items }) => items.length)).to.deep.equal([1])
    }
  })

  it("ends soon when nothing ever passes, for all calls together", async () => {
    const service = new Service(() => true)
    const budget = new HalvingBudget()
    const all = await Promise.all(numbers(10).map(async (batch) => service.send(numbers(300, batch * 300), budget)))
    expect(service.calls).to.equal(10 + 16)
    expect(budget.hasPassed).to.equal(false)
    for (const { outcomes, refused } of all) {
      expect(outcomes).to.deep.equal([])
      expect(refused.reduce((sum, { items }) => sum + items.length, 0)).to.equal(300)
    }
    await service.send(numbers(300), budget)
    expect(service.calls).to.equal(10 + 16 + 1)
  })

  it("leaves whole what no single record can cause", async () => {
    const error = new MarketoError("rejected", "No such list", { code: "1013", origin: "marketo" })
    const service = new Service(() => true, error)
    expect(await service.send(numbers(300), new HalvingBudget())).to.deep.equal(
      { outcomes: [], refused: [{ items: numbers(300), error }] })
    expect(service.calls).to.equal(1)
  })

  it("throws what is no failure of Marketo's", async () => {
    const attempt = inHalves([1], async (part) => attemptOf(part, async () => Promise.reject(new TypeError("Ours"))),
      new HalvingBudget())
    let thrown: unknown
    await attempt.catch((failure: unknown) => { thrown = failure })
    expect(thrown).to.be.instanceOf(TypeError)
  })
})
