import { performance } from "perf_hooks"

/** The time in which at least one call of a run waited. Calls that wait together count once. */
export class WaitingTime {
  private waiting = 0
  private since = 0
  private pastMs = 0

  /** A call begins to wait, or has waited. */
  note(isWaiting: boolean): void {
    if (this.waiting === 0) {
      this.since = performance.now()
    }
    this.waiting += isWaiting ? 1 : -1
    if (this.waiting === 0) {
      this.pastMs += performance.now() - this.since
    }
  }

  /** The time so far, in whole ms; what is being waited for now is part of it. */
  get totalMs(): number {
    return Math.round(this.pastMs + (this.waiting > 0 ? performance.now() - this.since : 0))
  }
}
