import { MINUTE_MS } from "../durations"

/** The time for which a reading of the period's use is trusted, in ms. Others use the account meanwhile. */
const TRUSTED_MS = 15 * MINUTE_MS

/**
 * The calls left in a period, as far as known. The vendor reports the calls used, and the rules limit them. A reading
 * is dropped when its period ends. Times are in ms.
 */
export class PeriodAllowance {
  private leftAtReading: number | undefined
  private readAt = 0
  private endsAt = 0
  private spentSince = 0

  constructor(private allowance: number | undefined, private readonly now: () => number) {}

  configure(allowance: number | undefined): void {
    if (allowance !== this.allowance) {
      this.allowance = allowance
      this.leftAtReading = undefined
    }
  }

  /** The calls that are left; undefined if there is no limit, or the use is not known well enough. */
  get left(): number | undefined {
    const now = this.now()
    return this.leftAtReading === undefined || now >= this.endsAt || now - this.readAt > TRUSTED_MS ? undefined :
      Math.max(0, this.leftAtReading - this.spentSince)
  }

  note(used: number, endsInMs: number): void {
    if (this.allowance !== undefined) {
      this.leftAtReading = Math.max(0, this.allowance - used)
      this.readAt = this.now()
      this.endsAt = this.readAt + endsInMs
      this.spentSince = 0
    }
  }

  spend(): void {
    this.spentSince++
  }
}
