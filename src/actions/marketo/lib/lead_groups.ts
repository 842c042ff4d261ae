/** Leads that share a reason: all are counted, the lookup values of some are kept to be shown. */
export interface LeadGroup {
  count: number
  lookupValues: string[]
}

/** Lookup values kept of one group; more would not fit into a message. */
const MOST_VALUES = 500

/** Reasons that are told apart. Marketo puts values into its texts, so that every lead may bring a new one. */
const MOST_REASONS = 100

/** Characters of a lookup value that are shown. */
const LONGEST_VALUE = 254

const OTHER_REASONS = "Other reasons"

/** Counts lookup values by reason, in memory that does not grow with the run. */
export class LeadGroups {
  private readonly byReason = new Map<string, LeadGroup>()

  get isEmpty(): boolean {
    return this.byReason.size === 0
  }

  add(reason: string, lookupValue: string): void {
    const isKnown = this.byReason.has(reason)
    const key = isKnown || this.byReason.size < MOST_REASONS ? reason : OTHER_REASONS
    let group = this.byReason.get(key)
    if (group === undefined) {
      group = { count: 0, lookupValues: [] }
      this.byReason.set(key, group)
    }
    group.count++
    if (group.lookupValues.length < MOST_VALUES) {
      const isLong = lookupValue.length > LONGEST_VALUE
      group.lookupValues.push(isLong ? `${lookupValue.slice(0, LONGEST_VALUE)}…` : lookupValue)
    }
  }

  /** Reasons and their groups, in the order in which they were first met. */
  entries(): Array<[string, LeadGroup]> {
    return [...this.byReason.entries()]
  }
}
