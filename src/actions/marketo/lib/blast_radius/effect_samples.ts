import { FoundLead, LeadRecord } from "../api/types"
import { cut } from "../report/lead_groups"
import { LeadEffect } from "./field_effects"
import { plainText } from "./value_effects"

/** Samples of each effect on each field: enough to see what it is about. */
const MOST_SAMPLES = 10

/** Characters of a value that a sample shows. */
const LONGEST_VALUE = 100

/** Fields that one row of the report has samples of. */
const MOST_OF_A_ROW = 10

/**
 * Puts old and new values of some leads into words, for the report of rows alone: they are a person's data, and have no
 * place in a message, a log or a record.
 */
export class EffectSamples {
  private readonly taken = new Map<string, number>()

  /** Returns the sample of a lead; undefined if enough like it were taken. */
  sampleOf(effects: Map<string, LeadEffect>, record: LeadRecord, found: FoundLead): string | undefined {
    const parts: string[] = []
    for (const [field, effect] of effects) {
      if (effect !== "unchanged" && parts.length < MOST_OF_A_ROW && this.takes(`${effect} ${field}`)) {
        parts.push(`${field}: ${wordsOf(effect, record[field], found.fields[field])}`)
      }
    }
    return parts.length === 0 ? undefined : parts.join("; ")
  }

  private takes(kind: string): boolean {
    const taken = this.taken.get(kind) ?? 0
    this.taken.set(kind, taken + 1)
    return taken < MOST_SAMPLES
  }
}

function wordsOf(effect: LeadEffect, sent: unknown, found: unknown): string {
  switch (effect) {
    case "cleared":
      return `${quoted(found)} would be cleared`
    case "changed":
      return `${quoted(found)} would become ${quoted(sent)}`
    default:
      return `would be filled with ${quoted(sent)}`
  }
}

function quoted(value: unknown): string {
  return `"${cut(plainText(value), LONGEST_VALUE)}"`
}
