/** The part of the configured value that comes back in each window after the vendor refused a call. */
const RECOVERY_PER_WINDOW = 0.25

/** A limit that shrinks when the vendor refuses a call, and recovers gradually. Times are in ms. */
export class RecoveringLimit {
  private reduced: number
  private reducedAt = -Infinity

  constructor(private configured: number) {
    this.reduced = configured
  }

  /** Returns the calls allowed at a moment. */
  at(now: number, windowMs: number): number {
    const windows = (now - this.reducedAt) / windowMs
    return Math.min(this.configured, this.reduced + windows * RECOVERY_PER_WINDOW * this.configured)
  }

  isRecovering(now: number, windowMs: number): boolean {
    return this.at(now, windowMs) < this.configured
  }

  /**
   * Reduces the limit to a part of what was used. It does so once for all calls that were under way when the vendor
   * first refused one: `startedAt` is when the refused call began.
   */
  giveWay(startedAt: number, now: number, windowMs: number, used: number, part: number): void {
    if (startedAt > this.reducedAt) {
      this.reduced = Math.max(1, Math.min(this.at(now, windowMs), used) * part)
      this.reducedAt = now
    }
  }

  /** Takes another configured value. A reduction stays in force. */
  configure(configured: number): void {
    if (configured !== this.configured) {
      const wasFull = this.reducedAt === -Infinity
      this.configured = configured
      this.reduced = wasFull ? configured : Math.min(this.reduced, configured)
    }
  }
}
