import { bytesOf, QueuedLead } from "../report/lead"

/** Calls of no more leads than these do not run out of time for their number. */
const FEWEST_LEADS = 25

/** Calls of no more bytes than these are not refused for their size alone. */
const FEWEST_BYTES = 10000

/** Times that the limits are lowered until a call passes. If none ever does, smaller ones are only more of them. */
const MOST_LOWERINGS = 2

/**
 * The most leads and bytes that one upsert of a run carries. The run begins with full batches. When Marketo runs out
 * of time over a call (604), or a call is refused for its size (413), all that follow are smaller.
 *
 * What was learned holds to the end of the run: to try larger calls again would cost a time limit of Marketo's each
 * time. It is taken back only as far as a call that was already on its way passes all the same; then it was not the
 * size, but a lead in the call that failed.
 */
export class UpsertLimits {
  /** Times that they were lowered since a call last passed. */
  private lowerings = 0

  /** Most leads of a call to begin with, and most bytes of them and the commas between them. */
  constructor(private leads = Infinity, private bytes = Infinity) {}

  /** Marketo ran out of time over a call of these leads. */
  timedOut(leads: QueuedLead[]): void {
    const smaller = Math.max(FEWEST_LEADS, Math.ceil(leads.length / 2))
    if (smaller < this.leads && this.lowerings < MOST_LOWERINGS) {
      this.leads = smaller
      this.lowerings++
    }
  }

  /** A call of these leads was refused for its size. */
  tooLarge(leads: QueuedLead[]): void {
    const refused = bodyBytesOf(leads)
    const smaller = Math.max(FEWEST_BYTES, leads.length > 1 ? Math.ceil(refused / 2) : refused - 1)
    if (smaller < this.bytes && this.lowerings < MOST_LOWERINGS) {
      this.bytes = smaller
      this.lowerings++
    }
  }

  /** A call of these leads passed. */
  passed(leads: QueuedLead[]): void {
    this.lowerings = 0
    this.leads = Math.max(this.leads, leads.length)
    this.bytes = Math.max(this.bytes, bodyBytesOf(leads))
  }

  /** Returns true if these leads may go into one call. */
  allow(leads: QueuedLead[]): boolean {
    return leads.length === 1 || leads.length <= this.leads && bodyBytesOf(leads) <= this.bytes
  }

  /**
   * Returns the leads, in their order, in calls of about equal numbers; none is larger than allowed unless it is one
   * lead.
   */
  split(leads: QueuedLead[], mostLeads = Infinity): QueuedLead[][] {
    const most = Math.min(mostLeads, this.leads)
    const size = Math.ceil(leads.length / Math.ceil(leads.length / most))
    const calls: QueuedLead[][] = []
    let bytes = 0
    for (const lead of leads) {
      const call = calls.length === 0 ? undefined : calls[calls.length - 1]
      if (call === undefined || call.length >= size || bytes + 1 + lead.bytes > this.bytes) {
        calls.push([lead])
        bytes = lead.bytes
      } else {
        call.push(lead)
        bytes += 1 + lead.bytes
      }
    }
    return calls
  }
}

/** Bytes of the leads and the commas between them. */
function bodyBytesOf(leads: QueuedLead[]): number {
  return bytesOf(leads) + leads.length - 1
}
