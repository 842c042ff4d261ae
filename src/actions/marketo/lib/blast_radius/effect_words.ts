import { amount, figure } from "../words/amounts"
import { listing } from "../words/listing"
import { FieldCounts, FieldEffects } from "./field_effects"

/** Fields that have a sentence of their own; the others are counted together. */
const MOST_SENTENCES = 12

/** Returns a sentence for each field that would change, the most worrying first, and one for all the others. */
export function effectSentences(effects: FieldEffects): string[] {
  const fields = effects.entries()
  const touched = fields.filter(([, counts]) => touches(counts)).sort(mostWorryingFirst)
  const sentences = touched.slice(0, MOST_SENTENCES).map(([name, counts]) => sentenceOf(name, counts, effects))
  const others = touched.slice(MOST_SENTENCES)
  if (others.length > 0) {
    const { cleared, changed, filled } = others.reduce((sum, [, counts]) => plus(sum, counts), NONE)
    sentences.push(`In ${amount(others.length, "more field")}, ${figure(cleared)} values would be cleared, ` +
      `${figure(changed)} changed and ${figure(filled)} filled: ${listing(others.map(([name]) => name))}.`)
  }
  const untouched = fields.filter(([, counts]) => !touches(counts)).map(([name]) => name)
  if (untouched.length > 0 && effects.existingLeads > 0) {
    sentences.push(`No value would change in: ${listing(untouched)}.`)
  }
  return sentences
}

const NONE: FieldCounts = { cleared: 0, changed: 0, filled: 0, created: 0 }

function plus(one: FieldCounts, other: FieldCounts): FieldCounts {
  return {
    cleared: one.cleared + other.cleared, changed: one.changed + other.changed, filled: one.filled + other.filled,
    created: one.created + other.created,
  }
}

function touches({ cleared, changed, filled, created }: FieldCounts): boolean {
  return cleared + changed + filled + created > 0
}

function mostWorryingFirst([, one]: [string, FieldCounts], [, other]: [string, FieldCounts]): number {
  const differences = [
    other.cleared - one.cleared, other.changed - one.changed, other.filled - one.filled, other.created - one.created,
  ]
  return differences.find((difference) => difference !== 0) ?? 0
}

function sentenceOf(name: string, counts: FieldCounts, { existingLeads }: FieldEffects): string {
  const unchanged = existingLeads - counts.cleared - counts.changed - counts.filled
  const all = parts(counts).concat(unchanged > 0 ? [`unchanged in ${figure(unchanged)}`] : [])
  return `${name} would be ${all.join(", ")}.`
}

function parts({ cleared, changed, filled, created }: FieldCounts): string[] {
  const found: string[] = []
  const add = (what: string, count: number) => {
    if (count > 0) {
      found.push(`${what} ${found.length === 0 ? amount(count, "lead") : figure(count)}`)
    }
  }
  add("cleared in", cleared)
  add("changed in", changed)
  add("filled in", filled)
  if (created > 0) {
    found.push(`set in ${amount(created, "new lead")}`)
  }
  return found
}
