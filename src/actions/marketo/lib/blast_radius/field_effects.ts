import { FoundLead, LeadRecord, LeadSchema, SchemaField } from "../api/types"
import { Effect, effectOf, isEmptyValue } from "./value_effects"

/** Effects on one field, in leads. Those that keep its value are all the others. */
export interface FieldCounts {
  filled: number
  changed: number
  cleared: number
  /** New leads that get a value. */
  created: number
}

/** What sending one lead does to a field. */
export type LeadEffect = Effect | "created"

/** Leads of which the effects are remembered; of later ones, rows that are far apart may count as several leads. */
const MOST_LEADS = 200000

/** Texts of marks of which one copy is shared. */
const MOST_PATTERNS = 10000

/** Marks in what is remembered of a lead, one for each field in the order in which they were first met. */
const MARKS: { [effect in LeadEffect]: string } = {
  unchanged: "-", filled: "f", changed: "c", cleared: "x", created: "n",
}
const EFFECTS = new Map(Object.entries(MARKS).map(([effect, mark]) => [mark, effect as LeadEffect]))

/**
 * Counts what a run would do to each field. Each lead counts once for a field, however many rows it has: the last row
 * with a cell for the field decides, as it does when they are sent one after the other. Memory is bounded.
 */
export class FieldEffects {
  /** Leads that are in Marketo and would be updated. */
  existingLeads = 0
  /** Leads that would be created. */
  newLeads = 0
  private readonly counts = new Map<string, FieldCounts>()
  private readonly places = new Map<string, number>()
  private readonly schemaFields: Map<string, SchemaField>
  /** Marks by lead: Marketo's id, or the lookup value of a new one. */
  private readonly seen = new Map<number | string, string>()
  /** Most leads fare as others do, so one copy of a text of marks serves many. */
  private readonly patterns = new Map<string, string>()

  /** Without the schema, values are compared as texts. */
  constructor(
    private readonly lookupField: string, schema?: LeadSchema, private readonly mostLeads = MOST_LEADS,
  ) {
    this.schemaFields = new Map((schema?.fields ?? []).map((field) => [field.name, field]))
  }

  /** Fields that leads had cells for, the lookup field aside, with their counts. */
  entries(): [string, FieldCounts][] {
    return [...this.counts]
  }

  /** Takes what is sent to a lead that was found. Returns the effect on each of the fields. */
  updated(record: LeadRecord, found: FoundLead): Map<string, LeadEffect> {
    this.existingLeads += this.seen.has(found.id) ? 0 : 1
    return this.take(found.id, record, (field) =>
      effectOf(record[field], found.fields[field], this.schemaFields.get(field)))
  }

  /** Takes what is sent to a lead that is to be created; `key` tells it from other new ones. */
  created(record: LeadRecord, key: string): void {
    this.newLeads += this.seen.has(key) ? 0 : 1
    this.take(key, record, (field) => isEmptyValue(record[field]) ? "unchanged" : "created")
  }

  private take(
    key: number | string, record: LeadRecord, effectOn: (field: string) => LeadEffect,
  ): Map<string, LeadEffect> {
    const before = this.seen.get(key)
    const marks = before === undefined ? [] : [...before]
    const effects = new Map<string, LeadEffect>()
    for (const field of Object.keys(record)) {
      if (field === this.lookupField) {
        continue
      }
      const place = this.placeOf(field)
      while (marks.length <= place) {
        marks.push(MARKS.unchanged)
      }
      const effect = effectOn(field)
      this.count(field, EFFECTS.get(marks[place]) ?? "unchanged", -1)
      this.count(field, effect, 1)
      marks[place] = MARKS[effect]
      effects.set(field, effect)
    }
    if (before !== undefined || this.seen.size < this.mostLeads) {
      this.seen.set(key, this.patternOf(marks.join("")))
    }
    return effects
  }

  private placeOf(field: string): number {
    const place = this.places.get(field) ?? this.places.size
    this.places.set(field, place)
    return place
  }

  private count(field: string, effect: LeadEffect, more: number): void {
    const counts = this.counts.get(field) ?? { filled: 0, changed: 0, cleared: 0, created: 0 }
    this.counts.set(field, counts)
    if (effect !== "unchanged") {
      counts[effect] += more
    }
  }

  private patternOf(marks: string): string {
    const known = this.patterns.get(marks)
    if (known !== undefined) {
      return known
    }
    if (this.patterns.size < MOST_PATTERNS) {
      this.patterns.set(marks, marks)
    }
    return marks
  }
}
