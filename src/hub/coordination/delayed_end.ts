/**
 * The end of leases that were given back with a delay. It is forgotten as soon as all of them have ended otherwise, so
 * nothing is kept in memory for those that were given back sooner after all.
 */
export class DelayedEnd {
  private readonly timer: NodeJS.Timeout

  /** Calls `end` after `afterMs`, unless `count` leases have ended before. */
  constructor(private count: number, afterMs: number, end: () => void) {
    this.timer = setTimeout(end, afterMs).unref()
  }

  /** One of the leases has ended, or has got another end. */
  isNotFor(): void {
    this.count--
    if (this.count === 0) {
      clearTimeout(this.timer)
    }
  }
}
