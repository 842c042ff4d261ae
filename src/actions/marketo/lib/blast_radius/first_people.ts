import { FoundLead, LeadRecord } from "../api/types"
import { hasValue, isEmptyValue } from "./value_effects"

/** A person of the first rows: what the last of their rows say, and which fields have a value in Marketo. */
interface Person {
  lookupValue: string
  record: LeadRecord
  /** Names of such fields, for each lead in Marketo that would be updated, by its id; empty until it is found. */
  inMarketo: Map<number, string[]>
}

/** Present values of a field, and how many of them would be cleared. */
export interface Clearing {
  field: string
  /** Leads in Marketo that would be updated. */
  people: number
  present: number
  cleared: number
}

/** Rows that a judgement is based on. */
export const FIRST_ROWS = 3000

/** Characters of their values, at most: wide rows are fewer. */
const MOST_CHARACTERS = 8 * 1024 * 1024

/** What a cell takes besides the characters of a text. */
const CHARACTERS_OF_A_CELL = 8

/**
 * The people of a run's first rows. Rows of one person count as one: later cells win. Knows which columns are so empty
 * that they may blank a field in everybody, and, once the people have been looked up, whether they do.
 */
export class FirstPeople {
  private readonly people = new Map<string, Person>()
  private rows = 0
  private characters = 0

  constructor(
    private readonly lookupField: string, private readonly mostRows = FIRST_ROWS,
    private readonly mostCharacters = MOST_CHARACTERS,
  ) {}

  /** True when a judgement has all that it needs. */
  get isFull(): boolean {
    return this.rows >= this.mostRows || this.characters >= this.mostCharacters
  }

  /** Takes the next row; rows with equal keys are one person's. */
  add(key: string, lookupValue: string, record: LeadRecord): void {
    this.rows++
    this.characters += charactersOf(record)
    const earlier = this.people.get(key)
    this.people.set(key, {
      lookupValue, record: earlier === undefined ? record : { ...earlier.record, ...record },
      inMarketo: earlier?.inMarketo ?? new Map<number, string[]>(),
    })
  }

  /** Lets go of everything that was taken. */
  forget(): void {
    this.people.clear()
  }

  /** The people, by their keys, with the lookup values of their last rows. */
  entries(): [string, Pick<Person, "lookupValue" | "record">][] {
    return [...this.people]
  }

  /** Returns the fields that are empty in more than a share (percent) of the people. */
  sparseFields(percent: number): string[] {
    const empty = new Map<string, number>()
    this.people.forEach(({ record }) => {
      for (const field of Object.keys(record)) {
        if (isEmptyValue(record[field]) && field !== this.lookupField) {
          empty.set(field, (empty.get(field) ?? 0) + 1)
        }
      }
    })
    return [...empty].filter(([, count]) => isMoreThan(count, percent, this.people.size)).map(([field]) => field)
  }

  /**
   * Takes the leads in Marketo that would be updated for a person; passes over those who are not among the first. Where
   * rows of a person are looked up one after the other, each look-up may have asked for other fields.
   */
  found(key: string, leads: FoundLead[]): void {
    const person = this.people.get(key)
    if (person !== undefined) {
      person.inMarketo = new Map(leads.map(({ id, fields }) =>
        [id, Object.keys(fields).filter((field) => hasValue(fields[field])).concat(person.inMarketo.get(id) ?? [])]))
    }
  }

  /**
   * Returns the fields of which more than a share (percent) of the present values would be cleared, the worst first.
   * Only sparse fields can be among them.
   */
  clearings(percent: number): Clearing[] {
    return this.sparseFields(percent).map((field) => this.clearingOf(field))
      .filter(({ cleared, present }) => isMoreThan(cleared, percent, present))
      .sort((one, other) => other.cleared - one.cleared)
  }

  private clearingOf(field: string): Clearing {
    const clearing: Clearing = { field, people: 0, present: 0, cleared: 0 }
    this.people.forEach(({ record, inMarketo }) => {
      const isCleared = field in record && isEmptyValue(record[field])
      for (const fields of inMarketo.values()) {
        clearing.people++
        if (fields.includes(field)) {
          clearing.present++
          clearing.cleared += isCleared ? 1 : 0
        }
      }
    })
    return clearing
  }
}

/** In whole numbers, since a limit is to hold exactly. */
function isMoreThan(count: number, percent: number, all: number): boolean {
  return count * 100 > all * percent
}

function charactersOf(record: LeadRecord): number {
  let characters = 0
  for (const field of Object.keys(record)) {
    const value = record[field]
    characters += CHARACTERS_OF_A_CELL + (typeof value === "string" ? value.length : 0)
  }
  return characters
}
