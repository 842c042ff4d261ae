import { performance } from "perf_hooks"

/** The time in which at least one call of a run waited. Calls that wait together count once. */
export class WaitingTime {
  private waiting = 0
  private since = 0
  private pastMs = 0

  /** `now`: in ms, by a clock that nobody puts back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A call begins to wait, or has waited. */
  note(isWaiting: boolean): void {
    if (this.waiting === 0) {
      this.since = this.now()
    }
    this.waiting += isWaiting ? 1 : -1
    if (this.waiting === 0) {
      this.pastMs += this.now() - this.since
    }
  }

  /** The time so far, in whole ms; what is being waited for now is part of it. */
  get totalMs(): number {
    return Math.round(this.pastMs + (this.waiting > 0 ? this.now() - this.since : 0))
  }
}
