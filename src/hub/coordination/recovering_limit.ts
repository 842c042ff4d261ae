/** How much of the configured value comes back in each window after the vendor refused a call. */
const RECOVERY_PER_WINDOW = 0.25

/** A limit that gives way when the vendor refuses a call, and comes back little by little. Times in ms. */
export class RecoveringLimit {
  private reduced: number
  private reducedAt = -Infinity

  constructor(private configured: number) {
    this.reduced = configured
  }

  /** What is allowed at a moment. */
  at(now: number, windowMs: number): number {
    const windows = (now - this.reducedAt) / windowMs
    return Math.min(this.configured, this.reduced + windows * RECOVERY_PER_WINDOW * this.configured)
  }

  isRecovering(now: number, windowMs: number): boolean {
    return this.at(now, windowMs) < this.configured
  }

  /**
   * Gives way to a part of what was used, once for all the calls that were under way when the vendor first refused one:
   * `startedAt` is when the refused call began.
   */
  giveWay(startedAt: number, now: number, windowMs: number, used: number, part: number): void {
    if (startedAt > this.reducedAt) {
      this.reduced = Math.max(1, Math.min(this.at(now, windowMs), used) * part)
      this.reducedAt = now
    }
  }

  /** Takes another configured value; what was given way stays given way. */
  configure(configured: number): void {
    if (configured !== this.configured) {
      const wasFull = this.reducedAt === -Infinity
      this.configured = configured
      this.reduced = wasFull ? configured : Math.min(this.reduced, configured)
    }
  }
}
