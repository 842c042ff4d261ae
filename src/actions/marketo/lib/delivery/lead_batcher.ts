import { LeadReservations } from "../quota/lead_reservations"
import { bytesOf, laterOver, Lead, memberBytesOf, QueuedLead } from "../report/lead"
import { LookupComparison } from "./lookup_comparison"

/** Leads that are sent together. */
export interface LeadBatch {
  leads: QueuedLead[]
  /** True from the moment that the leads may go out. */
  isOnTheWire: boolean
}

/** Outcome of a row: it opened a lead, was merged into an earlier one, or can never be sent. */
export type AddOutcome = "queued" | "merged" | "tooLarge"

/** Most leads and bytes of one call. */
export interface BatchLimits {
  leads: number
  /** Bytes of UTF-8 for the leads and the commas between them. */
  bytes: number
}

/**
 * Gathers leads into batches of limited numbers and bytes, and keeps any lookup value from being in two batches on the
 * way at once. Marketo creates a lead twice if two calls for one new lookup value overlap.
 * Source: Marketo developer guide, "Leads", on duplicates.
 *
 * - A row whose lookup value is in the open batch is merged into that lead; later cells win. Where the two must stay
 *   two leads, or would be too large together, the later one waits until the earlier one has been answered.
 * - A row whose lookup value is in a closed batch waits until Marketo has answered the batch that holds it, in this run
 *   or another.
 * - The rows after one that waits do not wait: the open batch goes on filling up.
 */
export class LeadBatcher {
  /** Closed batches that nobody has taken yet, oldest first. */
  private readonly closed: LeadBatch[] = []
  private open = new Map<string, QueuedLead>()
  private openBytes = 0
  /** Leads whose lookup value is held, by reservation, in the order of their rows. */
  private readonly waiting = new Map<string, QueuedLead[]>()
  private waitingCount = 0
  private waitingSize = 0
  /** Bytes of the leads in closed batches, until they are answered. */
  private closedBytes = 0
  /** Bytes that all leads which have not been answered hold for program members. */
  private memberBytes = 0
  /** Reservations whose release will move leads up. */
  private readonly awaited = new Set<string>()
  private announceMoveUp: (() => void) | undefined

  /** `reservations` are the lookup values on the way, shared by all runs that send to one instance. */
  constructor(
    private readonly limits: BatchLimits,
    private readonly comparison: LookupComparison,
    private readonly reservations = new LeadReservations(),
  ) {}

  /** Leads in the open batch. */
  get openLeads(): number {
    return this.open.size
  }

  /** Leads that wait for the batch with their lookup value, closed or open, to be answered. */
  get waitingLeads(): number {
    return this.waitingCount
  }

  /** True while leads wait for a batch that has been closed; the others wait for the open one. */
  get isAwaitingAnswers(): boolean {
    return this.awaited.size > 0
  }

  /** Bytes of the leads that wait. */
  get waitingBytes(): number {
    return this.waitingSize
  }

  /** Bytes of all leads that have not been answered. */
  get heldBytes(): number {
    return this.openBytes + this.waitingSize + this.closedBytes + this.memberBytes
  }

  /** Sets what is called when leads that waited have moved into the open batch. */
  onMovedUp(listener: () => void): void {
    this.announceMoveUp = listener
  }

  add(lead: Lead): AddOutcome {
    const json = JSON.stringify(lead.record)
    const queued: QueuedLead = {
      ...lead, json, bytes: Buffer.byteLength(json), reservation: this.comparison.reservation(lead.lookupValue),
    }
    if (queued.bytes > this.limits.bytes) {
      return "tooLarge"
    }
    this.memberBytes += memberBytesOf([queued])
    return this.reservations.isHeld(queued.reservation) || this.waiting.has(queued.reservation) ?
      this.queueBehind(queued) : this.place(queued)
  }

  /** Takes out the oldest closed batch, which the taker must hand back through `answered`. */
  take(): LeadBatch | undefined {
    return this.closed.shift()
  }

  /** Closes the open batch, however few leads it holds; those that another run is sending now wait. */
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
      this.closedBytes += bytesOf(leads)
      this.closed.push({ leads, isOnTheWire: false })
    }
  }

  /**
   * Frees the lookup values of a batch that has been answered, so leads that wait for them move up. Values of which an
   * upsert may still be running are freed at that time (ms of `performance.now()`).
   */
  answered(batch: LeadBatch, runningUntil: Map<QueuedLead, number> = new Map()): void {
    this.closedBytes -= bytesOf(batch.leads)
    this.memberBytes -= memberBytesOf(batch.leads)
    const byEnd = new Map<number, string[]>()
    for (const lead of batch.leads) {
      const end = runningUntil.get(lead) ?? 0
      const values = byEnd.get(end)
      if (values === undefined) {
        byEnd.set(end, [lead.reservation])
      } else {
        values.push(lead.reservation)
      }
    }
    byEnd.forEach((values, end) => this.reservations.releaseAt(values, end))
  }

  /**
   * Moves those leads of a batch whose lookup value another process or hub is sending back to waiting, first in their
   * line. Their values stay held here until somebody frees them.
   */
  setAside(batch: LeadBatch, busy: Set<string>): void {
    const leads = batch.leads.filter((lead) => busy.has(lead.reservation))
    batch.leads = batch.leads.filter((lead) => !busy.has(lead.reservation))
    this.closedBytes -= bytesOf(leads)
    leads.forEach((lead) => this.wait(lead, 0))
  }

  /** Takes out every lead that has not been taken: those of closed batches, of the open one, and those that wait. */
  drain(): QueuedLead[] {
    const leads: QueuedLead[] = []
    const unsent = this.closed.splice(0)
    for (const batch of unsent) {
      leads.push(...batch.leads)
    }
    const closedLeads = leads.length
    leads.push(...this.open.values())
    this.open = new Map()
    this.openBytes = 0
    this.waiting.forEach((queue) => leads.push(...queue))
    this.waiting.clear()
    this.waitingCount = 0
    this.waitingSize = 0
    unsent.forEach((batch) => this.answered(batch))
    this.memberBytes -= memberBytesOf(leads.slice(closedLeads))
    return leads
  }

  private queueBehind(lead: QueuedLead): AddOutcome {
    const queue = this.waiting.get(lead.reservation) ?? []
    const last = queue.length > 0 ? queue[queue.length - 1] : undefined
    const merged = last === undefined ? undefined : this.mergedInto(last, lead)
    if (last !== undefined && merged !== undefined) {
      this.noteMerged(merged, last, lead)
      queue[queue.length - 1] = withRowsOf(merged, lead)
      this.waitingSize += merged.bytes - last.bytes
      return "merged"
    }
    this.wait(lead, queue.length)
    return "queued"
  }

  /** Queues a lead at a place among those that wait for its reservation. */
  private wait(lead: QueuedLead, place: number): void {
    const queue = this.waiting.get(lead.reservation) ?? []
    queue.splice(place, 0, lead)
    this.waiting.set(lead.reservation, queue)
    this.waitingCount++
    this.waitingSize += lead.bytes
    this.awaitRelease(lead.reservation)
  }

  private place(lead: QueuedLead): AddOutcome {
    const earlier = this.open.get(lead.reservation)
    if (earlier !== undefined) {
      const merged = this.mergedInto(earlier, lead)
      if (merged !== undefined && this.openBytes + merged.bytes - earlier.bytes <= this.limits.bytes) {
        this.openBytes += merged.bytes - earlier.bytes
        this.noteMerged(merged, earlier, lead)
        this.open.set(lead.reservation, withRowsOf(merged, lead))
        this.closeIfFull()
        return "merged"
      }
      // The two cannot travel together. The earlier one goes first, and those that came later go last.
      this.wait(lead, 0)
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

  /** Returns the earlier lead with the later one's cells over its own; undefined if they must stay two. */
  private mergedInto(earlier: QueuedLead, later: QueuedLead): QueuedLead | undefined {
    if (this.comparison.identity(earlier.lookupValue) !== this.comparison.identity(later.lookupValue)) {
      return undefined
    }
    const record = { ...earlier.record, ...later.record }
    const json = JSON.stringify(record)
    const bytes = Buffer.byteLength(json)
    const member = laterOver(earlier.member, later.member)
    return bytes > this.limits.bytes ? undefined :
      { ...earlier, record, json, bytes, ...(member === undefined ? {} : { member }) }
  }

  private noteMerged(merged: QueuedLead, earlier: QueuedLead, later: QueuedLead): void {
    this.memberBytes += memberBytesOf([merged]) - memberBytesOf([earlier, later])
  }

  private closeIfFull(): void {
    if (this.open.size >= this.limits.leads) {
      this.setAsideHeld()
    }
    if (this.open.size >= this.limits.leads) {
      this.close()
    }
  }

  /** Moves leads of the open batch back to waiting if another run has started sending the same lookup value. */
  private setAsideHeld(): void {
    for (const lead of [...this.open.values()]) {
      const { reservation } = lead
      if (this.reservations.isHeld(reservation)) {
        this.open.delete(reservation)
        this.openBytes -= lead.bytes + (this.open.size > 0 ? 1 : 0)
        this.wait(lead, 0)
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
      // Another run was faster.
      this.awaitRelease(reservation)
      return
    }
    queue.shift()
    this.waitingCount--
    this.waitingSize -= lead.bytes
    if (queue.length === 0) {
      this.waiting.delete(reservation)
    }
    // More than one waits only if they cannot be merged: the next moves up when the batch of this one is answered.
    this.place(lead)
    this.announceMoveUp?.()
  }
}

/**
 * Returns a merged lead with the rows of the later one added. Its list is extended: a copy for each of a million rows
 * with one lookup value would take hours.
 */
function withRowsOf(merged: QueuedLead, later: Lead): QueuedLead {
  const { rows, leftOut = [] } = merged
  later.rows.forEach((row) => rows.push(row))
  later.leftOut?.forEach((each) => leftOut.push(each))
  return leftOut.length === 0 ? merged : { ...merged, leftOut }
}
