import { ApiError } from "../calls/api_reply"
import { SandboxKnobs } from "../setup/options"

/** Documented as not counted against rate and daily quota (600 by the knowledge base). */
export const UNCOUNTED_CODES: ReadonlySet<string> = new Set(["600", "601", "602", "604", "605", "608", "611"])

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RESET_HOUR_UTC = 6

/** A call's place in the counts. It can be taken back if the answer turns out not to count. */
export interface Admission {
  at: number
  day: number
  counted: boolean
}

/**
 * The three limits of the instance, shared by all its clients: calls in a sliding window (606), calls at once (615) and
 * calls per day (607). Rejected calls count as well, so a client that keeps trying keeps the window full.
 */
export class Limits {
  private window: Admission[] = []
  private inProgress = 0
  private day: number
  private usedToday: number
  private lastTenantAt: number

  constructor(private readonly knobs: SandboxKnobs, private readonly now: () => number, dailyUsed = 0) {
    this.day = quotaDay(now())
    this.usedToday = dailyUsed
    this.lastTenantAt = now()
  }

  /** Calls used of today's quota, the background tenant's included. */
  get dailyUsed(): number {
    this.passTime()
    return Math.floor(this.usedToday)
  }

  set dailyUsed(calls: number) {
    this.passTime()
    this.usedToday = calls
  }

  get concurrency(): number {
    return this.inProgress
  }

  /** Calls of our clients that count in the window that ends now. */
  get callsInWindow(): number {
    this.passTime()
    return this.window.length
  }

  /** Counts a call that has arrived, whether it is allowed or not. */
  count(): Admission {
    this.passTime()
    const admission = { at: this.now(), day: this.day, counted: true }
    this.window.push(admission)
    this.usedToday++
    return admission
  }

  /** Takes a slot for a counted call. Throws the limit that forbids it. */
  admit() {
    const { rateLimit, rateWindowMs, concurrencyLimit, dailyQuota, backgroundTenant } = this.knobs
    if (this.usedToday > dailyQuota) {
      throw new ApiError("607", "Daily quota reached")
    }
    if (this.window.length + backgroundTenant.callsPerWindow > rateLimit) {
      throw new ApiError("606",
        `Max rate limit '${rateLimit}' exceeded with in '${Math.max(1, Math.round(rateWindowMs / 1000))}' secs`)
    }
    if (this.inProgress + backgroundTenant.slots >= concurrencyLimit) {
      throw new ApiError("615", `Concurrent access limit '${concurrencyLimit}' reached`)
    }
    this.inProgress++
  }

  release() {
    this.inProgress--
  }

  /** Undoes `count` for an answer whose code is exempt. */
  uncount(admission: Admission) {
    admission.counted = false
    this.window = this.window.filter((other) => other !== admission)
    if (admission.day === this.day) {
      this.usedToday--
    }
  }

  /** Resets window and quota. Calls in progress keep their slots. */
  reset(dailyUsed = 0) {
    this.window = []
    this.usedToday = dailyUsed
    this.lastTenantAt = this.now()
  }

  private passTime() {
    const now = this.now()
    const firstInside = this.window.findIndex((admission) => now - admission.at < this.knobs.rateWindowMs)
    this.window.splice(0, firstInside < 0 ? this.window.length : firstInside)
    const today = quotaDay(now)
    if (today !== this.day) {
      this.day = today
      this.usedToday = 0
      this.lastTenantAt = Math.max(this.lastTenantAt, today * DAY_MS + RESET_HOUR_UTC * HOUR_MS)
    }
    const windows = Math.max(0, now - this.lastTenantAt) / this.knobs.rateWindowMs
    this.usedToday += windows * this.knobs.backgroundTenant.callsPerWindow
    this.lastTenantAt = now
  }
}

/** Returns the number of the quota day, which begins at 06:00 UTC. */
function quotaDay(ms: number): number {
  return Math.floor((ms - RESET_HOUR_UTC * HOUR_MS) / DAY_MS)
}
