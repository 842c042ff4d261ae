import { MarketoError, RunStoppedError } from "../errors"
import { mayBeOneRecord } from "./retry_policy"

/** Calls that may be spent on finding the records which make a call fail; every call that passes renews some. */
const FIRST_BUDGET = 16
const BUDGET_PER_SUCCESS = 16
const MOST_BUDGET = 128

/**
 * The calls that may still be spent on halving calls that were refused as a whole, for all batches of one kind in a
 * run. If nothing ever passes it is used up soon: then the refusal does not lie in single records.
 */
export class HalvingBudget {
  /** True once a call has passed: a call that is refused from then on is refused for what it holds. */
  hasPassed = false
  private underWay = 0
  private waiting: (() => void)[] = []

  /** `left`: calls to begin with; `perSuccess`: those that a call which passes renews. */
  constructor(private left = FIRST_BUDGET, private readonly perSuccess = BUDGET_PER_SUCCESS) {}

  /** Follows a call. It renews the budget if `isPassed` holds for its value. */
  async follow<T>(call: Promise<T>, isPassed: (value: T) => boolean = () => true): Promise<T> {
    this.underWay++
    try {
      const value = await call
      if (isPassed(value)) {
        this.hasPassed = true
        this.left = Math.min(MOST_BUDGET, this.left + this.perSuccess)
      }
      return value
    } finally {
      this.underWay--
      const waiting = this.waiting
      this.waiting = []
      waiting.forEach((goOn) => goOn())
    }
  }

  /** Takes the two calls of a halving. While other calls may still renew the budget, it waits for them. */
  async take(): Promise<boolean> {
    while (this.left < 2) {
      if (this.underWay === 0) {
        // Those who have just taken theirs may be about to begin.
        await new Promise<void>((resolve) => { setImmediate(resolve) })
        if (this.underWay === 0) {
          return this.spend()
        }
      }
      await new Promise<void>((resolve) => { this.waiting.push(resolve) })
    }
    return this.spend()
  }

  private spend(): boolean {
    const isEnough = this.left >= 2
    this.left -= isEnough ? 2 : 0
    return isEnough
  }
}

/** Items of a call that was refused as a whole, and why. */
export interface Refused<Item> {
  items: Item[]
  error: MarketoError | RunStoppedError
}

/** Result of a call: an outcome for each item, except for those that were refused together. */
export interface Attempt<Item, Outcome> {
  outcomes: Outcome[]
  refused?: Refused<Item>
}

/** Result of a call and of its parts. */
export interface Halved<Item, Outcome> {
  outcomes: Outcome[]
  /** Single items, if they were found to be what makes the call fail; otherwise those that shared a call. */
  refused: Refused<Item>[]
}

/**
 * Makes a call. When it is refused as a whole for what a single record may cause, it is made again in halves, and
 * those that are refused in halves of theirs, until the guilty records are alone or the budget is used up. Both halves
 * go out before a quarter does: what passes shows that the refusal lies in the records, and renews the budget.
 */
export async function inHalves<Item, Outcome>(
  items: Item[],
  attempt: (items: Item[]) => Promise<Attempt<Item, Outcome>>,
  budget: HalvingBudget,
  isWorthHalving: (error: MarketoError) => boolean = mayBeOneRecord,
): Promise<Halved<Item, Outcome>> {
  const begin = async (part: Item[]) => budget.follow(attempt(part), ({ refused }) => refused === undefined)
  const settle = async (made: Attempt<Item, Outcome>): Promise<Halved<Item, Outcome>> => {
    const { outcomes, refused } = made
    if (refused === undefined) {
      return { outcomes, refused: [] }
    }
    const mayHalve = refused.items.length > 1 && refused.error instanceof MarketoError && isWorthHalving(refused.error)
    if (!mayHalve || !await budget.take()) {
      return { outcomes, refused: [refused] }
    }
    const middle = Math.ceil(refused.items.length / 2)
    const halves = await Promise.all([begin(refused.items.slice(0, middle)), begin(refused.items.slice(middle))])
    const all: Halved<Item, Outcome> = { outcomes: outcomes.slice(), refused: [] }
    for (const half of halves) {
      const settled = await settle(half)
      all.outcomes.push(...settled.outcomes)
      all.refused.push(...settled.refused)
    }
    return all
  }
  return settle(await begin(items))
}

/** Makes a call that has an outcome for each item, or is refused as a whole. Throws what is no failure of Marketo's. */
export async function attemptOf<Item, Outcome>(
  items: Item[], call: (items: Item[]) => Promise<Outcome[]>,
): Promise<Attempt<Item, Outcome>> {
  try {
    return { outcomes: await call(items) }
  } catch (failure) {
    if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
      return { outcomes: [], refused: { items, error: failure } }
    }
    throw failure
  }
}
