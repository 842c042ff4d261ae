/** Leads that share a reason: all are counted, the lookup values of some are kept to be shown. */
export interface LeadGroup {
  count: number
  lookupValues: string[]
}

/** Lookup values kept of one group; more would not fit into a message. */
const MOST_VALUES = 500

/** Reasons that are kept apart. Marketo puts values into its texts, so every lead may bring a new one. */
const MOST_REASONS = 100

/** Characters of a lookup value that are shown. */
const LONGEST_VALUE = 254

/** Characters of a reason that are kept. */
export const LONGEST_REASON = 1000

const OTHER_REASONS = "Other reasons"

/** A group of nobody. */
export function emptyGroup(): LeadGroup {
  return { count: 0, lookupValues: [] }
}

/** Counts one more lead, and keeps its lookup value while there is room. */
export function addToGroup(group: LeadGroup, lookupValue: string): void {
  group.count++
  if (group.lookupValues.length < MOST_VALUES) {
    group.lookupValues.push(cut(lookupValue, LONGEST_VALUE))
  }
}

/** Counts lookup values by reason, in memory that does not grow with the run. */
export class LeadGroups {
  private readonly byReason = new Map<string, LeadGroup>()

  get isEmpty(): boolean {
    return this.byReason.size === 0
  }

  /** Names a lead under its reason, or under each of several; once under each. */
  add(reasons: string | string[], lookupValue: string): void {
    const groups = new Set<LeadGroup>()
    for (const reason of typeof reasons === "string" ? [reasons] : reasons) {
      groups.add(this.groupOf(cut(reason, LONGEST_REASON)))
    }
    groups.forEach((group) => addToGroup(group, lookupValue))
  }

  /** Reasons and their groups, in the order in which they were first met. */
  entries(): [string, LeadGroup][] {
    return [...this.byReason.entries()]
  }

  private groupOf(reason: string): LeadGroup {
    const key = this.byReason.has(reason) || this.byReason.size < MOST_REASONS ? reason : OTHER_REASONS
    const group = this.byReason.get(key) ?? emptyGroup()
    this.byReason.set(key, group)
    return group
  }
}

/** The text, or its beginning when it is longer than that. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
