/**
 * Tells when a batch is parked: nothing of it is under way, and some of it waits for a repetition. A batch may go out
 * in several calls, of which one waits while another is under way.
 */
export class BatchParking {
  private calls = 0
  private waits = 0
  private isParked = false

  constructor(private readonly onParked: (isParked: boolean) => void) {}

  /** Follows a call to its end. */
  async duringCall<T>(call: Promise<T>): Promise<T> {
    return this.during(call, 1, 0)
  }

  /** Follows a wait, which calls may end within. */
  async duringWait<T>(wait: Promise<T>): Promise<T> {
    return this.during(wait, 0, 1)
  }

  /** A call that is being followed waits for its repetition, or goes on. */
  callWaits(isWaiting: boolean): void {
    this.count(isWaiting ? -1 : 1, isWaiting ? 1 : -1)
  }

  private async during<T>(work: Promise<T>, calls: number, waits: number): Promise<T> {
    this.count(calls, waits)
    try {
      return await work
    } finally {
      this.count(-calls, -waits)
    }
  }

  private count(calls: number, waits: number): void {
    this.calls += calls
    this.waits += waits
    const isParked = this.calls === 0 && this.waits > 0
    if (isParked !== this.isParked) {
      this.isParked = isParked
      this.onParked(isParked)
    }
  }
}
