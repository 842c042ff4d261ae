import { LeadRecord } from "../api/types"
import { FileSizes } from "../configuration/limits"
import { LookupComparison } from "../delivery/lookup_comparison"
import { Lead } from "../report/lead"
import { cellsOf } from "./csv_cells"
import { FileLead, LeadFile } from "./lead_file"

/** Kinds of rows, by the columns that they have values for, that are kept apart; the others go by calls. */
const MOST_SHELVES = 64

/** Bytes that a file begins with, and those that a form adds to it. */
const FIRST_BYTES = 20000

/** Leads that have values for the same columns; or, without columns, leads that go by calls. */
interface Shelf {
  columns?: string[]
  leads: Map<string, FileLead>
  bytes: number
}

/**
 * Leads that wait for their file to fill. Rows with one lookup value become one lead, later cells winning. A file has
 * no blank cells, so leads are kept apart by the columns that they have values for; those with an empty cell, or with a
 * value whose meaning in a file is not certain, are kept for calls.
 */
export class OpenLeads {
  private readonly shelves = new Map<string, Shelf>()
  private readonly shelfOf = new Map<string, Shelf>()
  /** Leads whose lookup value Marketo may take for that of another lead which waits: they come after it. */
  private later: Lead[] = []
  private readonly laterKeys = new Set<string>()

  private bytes = FIRST_BYTES

  constructor(private readonly sizes: FileSizes, private readonly comparison: LookupComparison) {}

  /** Leads that wait. */
  get count(): number {
    return this.shelfOf.size + this.later.length
  }

  /** True if a file's worth of leads waits. */
  get isFull(): boolean {
    return this.bytes >= this.sizes.bytes || this.count >= this.sizes.leads
  }

  /** Leads of the largest kind, and whether they go by calls; undefined if nobody waits. */
  get largest(): { leads: number, isForCalls: boolean } | undefined {
    const shelf = this.largestShelf()
    return shelf === undefined ? undefined : { leads: shelf.leads.size, isForCalls: shelf.columns === undefined }
  }

  /** Takes a lead. */
  add(lead: Lead): void {
    const key = this.comparison.reservation(lead.lookupValue)
    const earlier = this.shelfOf.get(key)?.leads.get(key)
    if (this.laterKeys.has(key) || earlier !== undefined && !this.isSame(earlier, lead)) {
      this.later.push(lead)
      this.laterKeys.add(key)
      return
    }
    this.place(key, earlier === undefined ? lead : merged(this.remove(key) ?? lead, lead))
  }

  /** Takes leads back whose turn it is not yet; rows that came meanwhile stay the later ones. */
  putBack(leads: Lead[]): void {
    for (const lead of leads) {
      const key = this.comparison.reservation(lead.lookupValue)
      const newer = this.remove(key)
      if (newer !== undefined && !this.isSame(newer, lead)) {
        this.place(key, lead)
        this.later.unshift(newer)
        this.laterKeys.add(key)
      } else {
        this.place(key, newer === undefined ? lead : merged(lead, newer))
      }
    }
  }

  /**
   * Takes out leads of the largest kind: as a file, unless it goes by calls. Those that are held stay, and so do those
   * for which the file has no room.
   */
  takeFile(isHeld: (key: string) => boolean): LeadFile {
    const shelf = this.largestShelf()
    const columns = shelf?.columns ?? []
    const taken: FileLead[] = []
    let bytes = FIRST_BYTES
    if (shelf !== undefined) {
      for (const [key, lead] of shelf.leads) {
        if (taken.length >= this.sizes.leads || bytes + bytesOf(lead) > this.sizes.bytes && taken.length > 0) {
          break
        }
        if (!isHeld(key)) {
          bytes += bytesOf(lead)
          taken.push(lead)
          this.takeOut(key, shelf, lead)
        }
      }
    }
    this.moveUp()
    return new LeadFile(columns, taken)
  }

  /** Takes out all leads of the largest kind. */
  takeLargest(): Lead[] {
    const shelf = this.largestShelf()
    const leads: Lead[] = []
    shelf?.leads.forEach((lead, key) => {
      leads.push(leadOf(lead, shelf.columns))
      this.takeOut(key, shelf, lead)
    })
    this.moveUp()
    return leads
  }

  /** Takes out everybody, in the order of their rows where they share a lookup value. */
  takeAll(): Lead[] {
    const leads: Lead[] = []
    while (this.count > 0) {
      leads.push(...this.takeLargest())
    }
    return leads
  }

  private largestShelf(): Shelf | undefined {
    let largest: Shelf | undefined
    this.shelves.forEach((shelf) => {
      largest = largest === undefined || shelf.bytes > largest.bytes ? shelf : largest
    })
    return largest
  }

  private isSame(one: { lookupValue: string }, other: { lookupValue: string }): boolean {
    return this.comparison.identity(one.lookupValue) === this.comparison.identity(other.lookupValue)
  }

  private place(key: string, lead: Lead): void {
    const columns = Object.keys(lead.record).sort()
    const cells = cellsOf(lead.record, columns)
    const name = JSON.stringify(columns)
    const text = cells === undefined ? "" : JSON.stringify(cells)
    // One lead that is too large for a file would keep Marketo from taking any.
    const isForFile = cells !== undefined && (this.shelves.has(name) || this.shelves.size < MOST_SHELVES) &&
      FIRST_BYTES + Buffer.byteLength(text) <= this.sizes.bytes
    const shelf = this.shelfNamed(isForFile ? name : "", isForFile ? columns : undefined)
    const fileLead: FileLead = { lookupValue: lead.lookupValue, rows: lead.rows,
      cells: isForFile ? text : JSON.stringify(lead.record) }
    if (lead.leftOut !== undefined) {
      fileLead.leftOut = lead.leftOut
    }
    shelf.leads.set(key, fileLead)
    shelf.bytes += bytesOf(fileLead)
    this.bytes += bytesOf(fileLead)
    this.shelfOf.set(key, shelf)
  }

  private shelfNamed(name: string, columns: string[] | undefined): Shelf {
    const shelf = this.shelves.get(name) ?? { columns, leads: new Map<string, FileLead>(), bytes: 0 }
    this.shelves.set(name, shelf)
    return shelf
  }

  private remove(key: string): Lead | undefined {
    const shelf = this.shelfOf.get(key)
    const lead = shelf?.leads.get(key)
    if (shelf === undefined || lead === undefined) {
      return undefined
    }
    this.takeOut(key, shelf, lead)
    return leadOf(lead, shelf.columns)
  }

  private takeOut(key: string, shelf: Shelf, lead: FileLead): void {
    shelf.leads.delete(key)
    shelf.bytes -= bytesOf(lead)
    this.bytes -= bytesOf(lead)
    this.shelfOf.delete(key)
    if (shelf.leads.size === 0) {
      this.shelves.forEach((each, name) => {
        if (each === shelf) {
          this.shelves.delete(name)
        }
      })
    }
  }

  private moveUp(): void {
    const later = this.later
    this.later = []
    this.laterKeys.clear()
    later.forEach((lead) => this.add(lead))
  }
}

/** Returns a lead with its record again; without columns, its cells are the record. */
export function leadOf({ lookupValue, rows, leftOut, cells }: FileLead, columns?: string[]): Lead {
  const values = JSON.parse(cells) as LeadRecord | unknown[]
  const record = columns === undefined ? values as LeadRecord :
    Object.fromEntries(columns.map((column, index) => [column, (values as unknown[])[index]]))
  return { lookupValue, rows, record, ...(leftOut === undefined ? {} : { leftOut }) }
}

/**
 * Returns the earlier lead with the later one's cells over its own. Its list of rows is extended: a copy for each of a
 * million rows with one lookup value would take hours.
 */
function merged(earlier: Lead, later: Lead): Lead {
  const { lookupValue, rows, leftOut = [] } = earlier
  later.rows.forEach((row) => rows.push(row))
  later.leftOut?.forEach((each) => leftOut.push(each))
  const record = { ...earlier.record, ...later.record }
  return { lookupValue, rows, record, ...(leftOut.length === 0 ? {} : { leftOut }) }
}

function bytesOf({ cells }: FileLead): number {
  return Buffer.byteLength(cells)
}
