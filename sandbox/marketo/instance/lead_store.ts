import { FieldDefinition, FieldSchema } from "../setup/field_schema"
import { LeadValue, timestamp } from "./lead_values"
import { sentText } from "./sent_text"

/** Set values only; a field that is not set has no member. */
export type LeadValues = Record<string, LeadValue>

export interface Lead {
  id: number
  partitionId: number
  /** ms since 1970. */
  createdAt: number
  /** ms since 1970; moves only when a value changes. */
  updatedAt: number
  values: LeadValues
}

export interface LeadStoreOptions {
  schema: FieldSchema
  now: () => number
  caseInsensitiveKeys: () => boolean
  /** false keeps the values of searchable fields only. */
  keepValues: boolean
}

/** The leads of each key: one id, or several once there are duplicates. */
type KeyIndex = Map<string, number | number[]>

export const FIRST_LEAD_ID = 50001

/**
 * The leads of the instance. Keys are found through one index per lookup field, built when that field is first needed.
 * Nothing here makes a key unique: as in Marketo, several leads may share one.
 */
export class LeadStore {
  private readonly leads = new Map<number, Lead>()
  private readonly indexes = new Map<string, KeyIndex>()
  private nextId = FIRST_LEAD_ID

  constructor(private readonly options: LeadStoreOptions) {}

  get size(): number {
    return this.leads.size
  }

  all(): IterableIterator<Lead> {
    return this.leads.values()
  }

  get(id: number): Lead | undefined {
    return this.leads.get(id)
  }

  /**
   * Returns ids of the leads whose field has that value, ascending. By `id`, returns the lead itself if there is one.
   */
  find(restName: string, lookupValue: unknown): number[] {
    if (restName === "id") {
      const id = Number(lookupValue)
      return this.leads.has(id) ? [id] : []
    }
    if (restName === "leadPartitionId") {
      return [...this.leads.values()].filter((lead) => lead.partitionId === Number(lookupValue)).map((lead) => lead.id)
    }
    const found = this.index(restName).get(this.key(lookupValue))
    return found === undefined ? [] : typeof found === "number" ? [found] : [...found]
  }

  create(values: LeadValues, partitionId = 1, createdAt = this.options.now(), id = this.nextId): Lead {
    const lead: Lead = { id, partitionId, createdAt, updatedAt: createdAt, values: this.kept(values) }
    this.nextId = Math.max(this.nextId, id + 1)
    this.leads.set(id, lead)
    for (const [restName, index] of this.indexes) {
      this.addToIndex(index, lead.values[restName], id)
    }
    return lead
  }

  /** Writes the values (null clears). Returns true if any of them differed from the stored one. */
  update(lead: Lead, values: LeadValues): boolean {
    let changed = false
    for (const [restName, value] of Object.entries(this.kept(values, true))) {
      const before = lead.values[restName] ?? null
      if (before === value || (before === null && value === false)) {
        continue
      }
      changed = true
      const index = this.indexes.get(restName)
      if (index) {
        this.removeFromIndex(index, before, lead.id)
        this.addToIndex(index, value, lead.id)
      }
      if (value === null) {
        delete lead.values[restName]
      } else {
        lead.values[restName] = value
      }
    }
    if (changed) {
      lead.updatedAt = this.options.now()
    }
    return changed
  }

  delete(id: number): boolean {
    const lead = this.leads.get(id)
    if (!lead) {
      return false
    }
    for (const [restName, index] of this.indexes) {
      this.removeFromIndex(index, lead.values[restName], id)
    }
    return this.leads.delete(id)
  }

  clear() {
    this.leads.clear()
    this.indexes.clear()
    this.nextId = FIRST_LEAD_ID
  }

  /** Returns a field as a read shows it: unset is null, an unset boolean false, computed fields computed. */
  read(lead: Lead, field: FieldDefinition): LeadValue {
    switch (field.restName) {
      case undefined:
        return null
      case "id":
        return lead.id
      case "createdAt":
        return timestamp(lead.createdAt)
      case "updatedAt":
        return timestamp(lead.updatedAt)
      case "leadPartitionId":
        return lead.partitionId
      case "mktoName":
        return [lead.values.firstName, lead.values.lastName].filter(Boolean).join(" ") || null
      default:
        return lead.values[field.restName] ?? (field.dataType === "boolean" ? false : null)
    }
  }

  /** Returns the form in which two values of one lookup field are the same key. */
  key(lookupValue: unknown): string {
    const text = sentText(lookupValue)
    return this.options.caseInsensitiveKeys() ? text.trim().toLowerCase() : text
  }

  private kept(values: LeadValues, keepNulls = false): LeadValues {
    const kept: LeadValues = {}
    for (const restName in values) {
      const value = values[restName]
      if ((value !== null || keepNulls) && (this.options.keepValues || this.isSearchable(restName))) {
        kept[restName] = value
      }
    }
    return kept
  }

  private isSearchable(restName: string): boolean {
    return this.options.schema.field(restName)?.searchable === true
  }

  private index(restName: string): KeyIndex {
    let index = this.indexes.get(restName)
    if (!index) {
      index = new Map()
      for (const lead of this.leads.values()) {
        this.addToIndex(index, lead.values[restName], lead.id)
      }
      this.indexes.set(restName, index)
    }
    return index
  }

  private addToIndex(index: KeyIndex, value: LeadValue | undefined, id: number) {
    if (value === null || value === undefined) {
      return
    }
    const key = this.key(value)
    const held = index.get(key)
    if (held === undefined) {
      index.set(key, id)
    } else {
      index.set(key, [...(typeof held === "number" ? [held] : held), id].sort((one, other) => one - other))
    }
  }

  private removeFromIndex(index: KeyIndex, value: LeadValue | undefined, id: number) {
    if (value === null || value === undefined) {
      return
    }
    const key = this.key(value)
    const held = index.get(key)
    if (held === id) {
      index.delete(key)
    } else if (Array.isArray(held)) {
      const rest = held.filter((other) => other !== id)
      index.set(key, rest.length === 1 ? rest[0] : rest)
    }
  }
}
