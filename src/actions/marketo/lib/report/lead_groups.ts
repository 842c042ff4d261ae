import { MarketoProblem } from "../errors"
import { figure } from "../words/amounts"

/** A lead in the report: its lookup value, or the number of its row if it has none. */
export type LeadName = string | number

/** Rows that follow one another. */
interface RowRange {
  from: number
  to: number
}

/** Leads that share a reason: all are counted, some are kept to be shown. */
export interface LeadGroup {
  count: number
  lookupValues: string[]
  /** Rows without a lookup value; absent while there are none. */
  rows?: RowRange[]
  /** Marketo's code, empty for none; absent if the reason is our own. */
  code?: string
  /** True if the reason has a code, and is our own all the same. */
  isOurs?: boolean
}

/** Lookup values, and ranges of rows, kept of one group; more would not fit into a message. */
const MOST_NAMES = 1000

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

/** Counts one more lead, and keeps its name while there is room. */
export function addToGroup(group: LeadGroup, name: LeadName): void {
  group.count++
  if (typeof name === "number") {
    addRow(group, name)
  } else if (group.lookupValues.length < MOST_NAMES) {
    group.lookupValues.push(cut(name, LONGEST_VALUE))
  }
}

function addRow(group: LeadGroup, row: number): void {
  const rows = group.rows ?? []
  const last = rows.length > 0 ? rows[rows.length - 1] : undefined
  if (last !== undefined && last.to === row - 1) {
    last.to = row
  } else if (rows.length < MOST_NAMES) {
    rows.push({ from: row, to: row })
  }
  group.rows = rows
}

/** Returns at most so many names of a group, and how many of its leads they stand for. */
export function namesOf({ lookupValues, rows = [] }: LeadGroup, most: number): { names: string[], leads: number } {
  const values = lookupValues.slice(0, most)
  const ranges = rows.slice(0, most - values.length)
  return {
    names: values.concat(ranges.map(({ from, to }) => from === to ? `row ${from}` : `rows ${from}-${to}`)),
    leads: ranges.reduce((sum, { from, to }) => sum + to - from + 1, values.length),
  }
}

/** Returns some names of a group as a sentence shows them: a@x.org, b@x.org and 12 more. */
export function someNamesOf(group: LeadGroup, most: number): string {
  const { names, leads } = namesOf(group, most)
  const left = group.count - leads
  return names.length === 0 ? "" : `${names.join(", ")}${left > 0 ? ` and ${figure(left)} more` : ""}`
}

/** Counts leads by reason, in memory that does not grow with the run. */
export class LeadGroups {
  private readonly byReason = new Map<string, LeadGroup>()

  get isEmpty(): boolean {
    return this.byReason.size === 0
  }

  /** Names a lead under its reason, or under each of several; once under each. */
  add(reasons: string | (string | MarketoProblem)[], name: LeadName): void {
    const groups = new Set<LeadGroup>()
    for (const reason of typeof reasons === "string" ? [reasons] : reasons) {
      groups.add(typeof reason === "string" ? this.groupOf(reason) :
        this.groupOf(reason.message, reason.code, reason.isOurs))
    }
    groups.forEach((group) => addToGroup(group, name))
  }

  /** Reasons and their groups, in the order in which they were first met. */
  entries(): [string, LeadGroup][] {
    return [...this.byReason.entries()]
  }

  private groupOf(reason: string, code?: string, isOurs = false): LeadGroup {
    const text = cut(reason, LONGEST_REASON)
    const hasPlace = this.byReason.has(text) || this.byReason.size < MOST_REASONS
    const key = hasPlace ? text : OTHER_REASONS
    const group = this.byReason.get(key) ?? {
      ...emptyGroup(), ...(hasPlace && code !== undefined ? { code } : {}), ...(hasPlace && isOurs ? { isOurs } : {}),
    }
    this.byReason.set(key, group)
    return group
  }
}

/** The text, or its beginning when it is longer than that. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
