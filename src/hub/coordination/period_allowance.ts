/** How long a reading of the period's use is trusted, in ms: others use the account meanwhile. */
const TRUSTED_MS = 15 * 60000

/**
 * The calls that are left in a period, as far as that is known: the vendor says how many were used, and the rules how
 * many may be. A reading is forgotten when its period ends. Times in ms.
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

  /** Calls that are left; undefined when there is no limit, or the use is not known well enough. */
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
