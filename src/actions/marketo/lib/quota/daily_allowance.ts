import { DAY_MS, HOUR_MS, MINUTE_MS } from "../configuration/time_units"
import { MarketoError } from "../errors"

/** When Marketo's day begins for those who count its calls, in ms after midnight UTC; see RESET_HOURS_UTC. */
export const DAY_BEGINS_AT_MS = 6 * HOUR_MS

/** Time for which a reading of the day's usage is trusted, in ms: others use the instance meanwhile. */
const TRUSTED_MS = 15 * MINUTE_MS

/**
 * The hours (UTC) at which Marketo's day may begin. The documents say midnight "CST", which is 06:00 UTC, and leave
 * open whether that follows daylight saving time; then it is 05:00 UTC in summer. A reading is forgotten at both, all
 * the year: to read once more costs a call, while yesterday's figure would keep a run from sending.
 * Source: Marketo developer guide, "Integration Best Practices" and "Error Codes", 607.
 */
const RESET_HOURS_UTC = [5, 6]

/**
 * The calls of the day that are left for us, as far as that is known. Marketo reports how many were used, but not how
 * many the contract allows, so there is a limit to keep only if the hub's administrator has set one.
 */
export class DailyAllowance {
  private leftAtReading: number | undefined
  private readAt = 0
  private spentSince = 0

  constructor(
    /** Calls a day that all integrations together may use before ours stops; undefined: no limit of ours. */
    readonly allowance: number | undefined,
    private readonly now: () => number = Date.now,
    /** Called with what was read of the day's usage, and how long (ms) the day goes on at most. */
    private readonly onReading: (usedToday: number, endsInMs: number) => void = () => undefined,
  ) {}

  /** True if the administrator has set a limit. */
  get isLimited(): boolean {
    return this.allowance !== undefined
  }

  /** Calls that are left; undefined if there is no limit, or today's usage is not known well enough. */
  get left(): number | undefined {
    const now = this.now()
    return this.leftAtReading === undefined || now - this.readAt > TRUSTED_MS || mayHaveReset(this.readAt, now) ?
      undefined : Math.max(0, this.leftAtReading - this.spentSince)
  }

  /**
   * Takes note of the calls that all integrations have used today. `askedAt` is when the question went out (ms): the
   * day may have ended before the answer came.
   */
  learn(usedToday: number, askedAt: number = this.now()): void {
    if (this.allowance !== undefined) {
      this.leftAtReading = Math.max(0, this.allowance - usedToday)
      this.readAt = askedAt
      this.spentSince = 0
    }
    this.onReading(usedToday, millisecondsOfDayLeft(this.now()))
  }

  /** Takes note of one call of ours. */
  spend(): void {
    this.spentSince++
  }
}

/** Returns true if Marketo's day may have begun anew between two times (ms). */
function mayHaveReset(from: number, to: number): boolean {
  return RESET_HOURS_UTC.some((hour) => dayOf(from, hour) !== dayOf(to, hour))
}

/** Returns how long (ms) it takes at most until Marketo's day may begin anew. */
export function millisecondsOfDayLeft(now: number): number {
  return Math.min(...RESET_HOURS_UTC.map((hour) => (dayOf(now, hour) + 1) * DAY_MS + hour * HOUR_MS - now))
}

/** Returns the number of the day that begins at an hour of UTC. */
function dayOf(time: number, hourUtc: number): number {
  return Math.floor((time - hourUtc * HOUR_MS) / DAY_MS)
}

/** Returns the error that takes the place of Marketo's own refusal once the administrator's reserve is reached. */
export function reserveReached(): MarketoError {
  return new MarketoError("quota", "The part of Marketo's daily quota that this hub may use is used up " +
    "(MARKETO_DAILY_QUOTA less MARKETO_DAILY_RESERVE).")
}
