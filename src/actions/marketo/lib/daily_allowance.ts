import { MarketoError } from "./errors"

/** How long what was read of the day's usage is built upon, in ms; others use the instance meanwhile. */
const TRUSTED_MS = 15 * 60000

/**
 * The calls of the day that are left for us, as far as that is known: Marketo tells how many were used, but not how
 * many the contract allows, so that there is something to keep only when the hub's administrator has set it.
 */
export class DailyAllowance {
  private leftAtReading: number | undefined
  private readAt = 0
  private spentSince = 0

  constructor(
    /** Calls a day that all integrations together may use before ours stops; undefined: no limit of ours. */
    private readonly allowance: number | undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** True when the administrator has set a limit. */
  get isLimited(): boolean {
    return this.allowance !== undefined
  }

  /** Calls that are left; undefined when there is no limit, or today's usage is not known well enough. */
  get left(): number | undefined {
    return this.leftAtReading === undefined || this.now() - this.readAt > TRUSTED_MS ? undefined :
      Math.max(0, this.leftAtReading - this.spentSince)
  }

  /** Takes note of the calls that all integrations have used today. */
  learn(usedToday: number): void {
    if (this.allowance !== undefined) {
      this.leftAtReading = Math.max(0, this.allowance - usedToday)
      this.readAt = this.now()
      this.spentSince = 0
    }
  }

  /** Takes note of one call of ours. */
  spend(): void {
    this.spentSince++
  }
}

/** Raised in place of Marketo's own refusal when the administrator's reserve of the daily quota is reached. */
export function reserveReached(): MarketoError {
  return new MarketoError("quota", "The part of Marketo's daily quota that this hub may use is used up " +
    "(MARKETO_DAILY_QUOTA less MARKETO_DAILY_RESERVE).")
}
