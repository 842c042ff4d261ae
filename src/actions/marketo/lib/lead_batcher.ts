import { LeadReservations } from "./lead_reservations"
import { LeadRecord } from "./marketo_types"

/** A lead on its way to Marketo, made of one row of the query result or of several with one lookup value. */
export interface Lead {
  /** The lookup field's value, as a person would write it. */
  lookupValue: string
  record: LeadRecord
  /** Rows that went into it. */
  rows: number
}

/** Leads that are sent in one call. */
export interface LeadBatch {
  leads: QueuedLead[]
}

/** A lead with its JSON text, which is measured once and sent as it is. */
export interface QueuedLead extends Lead {
  json: string
  /** Bytes of `json` in UTF-8. */
  bytes: number
  /** Two leads with equal keys must not be on the way at once. */
  reservation: string
}

/** What became of a row: it opened a lead, was merged into an earlier one, or can never be sent. */
export type AddOutcome = "queued" | "merged" | "tooLarge"

/** How many leads and bytes go into one call. */
export interface BatchLimits {
  leads: number
  /** Bytes of UTF-8 for the leads and the commas between them. */
  bytes: number
}

/** When two lookup values belong to one lead in Marketo. */
export interface LookupComparison {
  /** Leads with equal keys are kept apart in time. */
  reservation(lookupValue: string): string
  /** Rows with equal keys become one lead. */
  identity(lookupValue: string): string
}

/** E-mail addresses are compared without regard to case. Source: `marketo-rest-api.md`, 6.3. */
export const EMAIL_COMPARISON: LookupComparison = {
  reservation: (lookupValue) => lookupValue.trim().toLowerCase(),
  identity: (lookupValue) => lookupValue.trim().toLowerCase(),
}

/**
 * Whether Marketo regards case in other fields is not documented. Values that differ in case alone stay two leads,
 * but are never on the way at once: right in both cases.
 */
export const TEXT_COMPARISON: LookupComparison = {
  reservation: (lookupValue) => lookupValue.trim().toLowerCase(),
  identity: (lookupValue) => lookupValue.trim(),
}

/**
 * Gathers leads into batches of up to so many leads and bytes, and sees to it that no lookup value is in two batches
 * on the way at once. Marketo creates a lead twice when two calls for one new lookup value overlap.
 * Source: Marketo developer guide, "Leads", on duplicates.
 *
 * - A row whose lookup value is in the open batch is merged into that lead; later cells win.
 * - A row whose lookup value is in a closed batch, be it of another run, waits until that batch is answered; the rows
 *   behind it do not wait.
 */
export class LeadBatcher {
  /** Closed batches that nobody has taken yet, oldest first. */
  private readonly closed: LeadBatch[] = []
  private open = new Map<string, QueuedLead>()
  private openBytes = 0
  /** Leads whose lookup value is reserved, by reservation, in the order of their rows. */
  private readonly waiting = new Map<string, QueuedLead[]>()
  private waitingCount = 0
  /** Reservations of which we asked to be told when they are free. */
  private readonly awaited = new Set<string>()

  /**
   * @param reservations lookup values on the way, shared by all runs that send to one instance.
   * @param onMovedUp told when leads that waited have moved into the open batch.
   */
  constructor(
    private readonly limits: BatchLimits,
    private readonly comparison: LookupComparison,
    private readonly reservations = new LeadReservations(),
    private readonly onMovedUp: () => void = () => undefined,
  ) {}

  /** Leads in the open batch. */
  get openLeads(): number {
    return this.open.size
  }

  /** Leads that wait for a batch with their lookup value to be answered. */
  get waitingLeads(): number {
    return this.waitingCount
  }

  add(lead: Lead): AddOutcome {
    const json = JSON.stringify(lead.record)
    const queued: QueuedLead = {
      ...lead, json, bytes: Buffer.byteLength(json), reservation: this.comparison.reservation(lead.lookupValue),
    }
    if (queued.bytes > this.limits.bytes) {
      return "tooLarge"
    }
    return this.reservations.isHeld(queued.reservation) || this.waiting.has(queued.reservation) ?
      this.queueBehind(queued) : this.place(queued)
  }

  /** The oldest closed batch, which the taker must hand back through `answered`. */
  take(): LeadBatch | undefined {
    return this.closed.shift()
  }

  /** Closes the open batch, however few leads it holds; those that another run is sending just now wait. */
  close(): void {
    this.setAsideHeld()
    const leads = [...this.open.values()]
    this.open = new Map()
    this.openBytes = 0
    for (const { reservation } of leads) {
      this.reservations.hold(reservation)
      if (this.waiting.has(reservation)) {
        this.awaitRelease(reservation)
      }
    }
    if (leads.length > 0) {
      this.closed.push({ leads })
    }
  }

  /**
   * Frees the lookup values of a batch that has been answered, so that leads waiting for them move up; those of leads
   * whose upsert may still be running only when it has surely ended.
   */
  answered(batch: LeadBatch, maybeRunning: Set<Lead> = new Set()): void {
    const [later, now] = [batch.leads.filter((lead) => maybeRunning.has(lead)),
      batch.leads.filter((lead) => !maybeRunning.has(lead))]
    this.reservations.releaseAfterLoss(later.map((lead) => lead.reservation))
    this.reservations.release(now.map((lead) => lead.reservation))
  }

  /** Takes out every lead that has not been taken: those of closed batches, of the open one, and those that wait. */
  drain(): QueuedLead[] {
    const leads: QueuedLead[] = []
    const unsent = this.closed.splice(0)
    for (const batch of unsent) {
      leads.push(...batch.leads)
    }
    leads.push(...this.open.values())
    this.open = new Map()
    this.openBytes = 0
    this.waiting.forEach((queue) => leads.push(...queue))
    this.waiting.clear()
    this.waitingCount = 0
    unsent.forEach((batch) => this.answered(batch))
    return leads
  }

  private queueBehind(lead: QueuedLead): AddOutcome {
    const queue = this.waiting.get(lead.reservation) ?? []
    const last = queue.length > 0 ? queue[queue.length - 1] : undefined
    const merged = last === undefined ? undefined : this.mergedInto(last, lead)
    if (merged !== undefined) {
      queue[queue.length - 1] = merged
      return "merged"
    }
    queue.push(lead)
    this.waiting.set(lead.reservation, queue)
    this.waitingCount++
    this.awaitRelease(lead.reservation)
    return "queued"
  }

  /** Puts a lead before those that wait, but not before the earlier one should that have to wait itself. */
  private queueNextTo(earlier: QueuedLead, lead: QueuedLead): void {
    const queue = this.waiting.get(lead.reservation) ?? []
    queue.splice(queue[0] === earlier ? 1 : 0, 0, lead)
    this.waiting.set(lead.reservation, queue)
    this.waitingCount++
    this.awaitRelease(lead.reservation)
  }

  private place(lead: QueuedLead): AddOutcome {
    const earlier = this.open.get(lead.reservation)
    if (earlier !== undefined) {
      const merged = this.mergedInto(earlier, lead)
      if (merged !== undefined && this.openBytes + merged.bytes - earlier.bytes <= this.limits.bytes) {
        this.openBytes += merged.bytes - earlier.bytes
        this.open.set(lead.reservation, merged)
        this.closeIfFull()
        return "merged"
      }
      // The two cannot travel together: the earlier one goes first.
      this.close()
      this.queueNextTo(earlier, lead)
      return "queued"
    }
    const separator = this.open.size === 0 ? 0 : 1
    if (this.openBytes + separator + lead.bytes > this.limits.bytes) {
      this.close()
      return this.place(lead)
    }
    this.open.set(lead.reservation, lead)
    this.openBytes += separator + lead.bytes
    this.closeIfFull()
    return "queued"
  }

  /** One lead with the later one's cells over the earlier one's; undefined when they must stay two. */
  private mergedInto(earlier: QueuedLead, later: QueuedLead): QueuedLead | undefined {
    if (this.comparison.identity(earlier.lookupValue) !== this.comparison.identity(later.lookupValue)) {
      return undefined
    }
    const record = { ...earlier.record, ...later.record }
    const json = JSON.stringify(record)
    const bytes = Buffer.byteLength(json)
    return bytes > this.limits.bytes ? undefined :
      { ...earlier, record, json, bytes, rows: earlier.rows + later.rows }
  }

  private closeIfFull(): void {
    if (this.open.size >= this.limits.leads) {
      this.setAsideHeld()
    }
    if (this.open.size >= this.limits.leads) {
      this.close()
    }
  }

  /** Lets those leads of the open batch wait that another run has begun to send since they were added. */
  private setAsideHeld(): void {
    for (const lead of [...this.open.values()]) {
      const { reservation } = lead
      if (this.reservations.isHeld(reservation)) {
        this.open.delete(reservation)
        this.openBytes -= lead.bytes + (this.open.size > 0 ? 1 : 0)
        this.waiting.set(reservation, [lead, ...this.waiting.get(reservation) ?? []])
        this.waitingCount++
        this.awaitRelease(reservation)
      }
    }
  }

  private awaitRelease(reservation: string): void {
    if (!this.awaited.has(reservation) && this.reservations.isHeld(reservation)) {
      this.awaited.add(reservation)
      this.reservations.whenFree(reservation, () => {
        this.awaited.delete(reservation)
        this.moveUp(reservation)
      })
    }
  }

  private moveUp(reservation: string): void {
    const queue = this.waiting.get(reservation)
    const [lead] = queue ?? []
    if (queue === undefined || lead === undefined) {
      return
    }
    if (this.reservations.isHeld(reservation)) {
      // Another run, or our own open batch, was faster.
      this.awaitRelease(reservation)
      return
    }
    queue.shift()
    this.waitingCount--
    if (queue.length === 0) {
      this.waiting.delete(reservation)
    }
    // More than one waits only when they cannot be merged: the next goes after this one.
    this.place(lead)
    this.onMovedUp()
  }
}
