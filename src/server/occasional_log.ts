import * as winston from "winston"

/** The time in which one line is written for an address and a message, in ms. */
const QUIET_MS = 60_000

/** Addresses and messages that are remembered; the one that was logged longest ago is forgotten first. */
const MOST_REMEMBERED = 1000

/** Lines in that time, for all addresses together. */
const MOST_LINES = 60

interface Remembered {
  loggedAt: number
  /** Those that were left out since. */
  leftOut: number
}

/**
 * Writes lines about what any stranger may cause, as often as they like: for each address and message one in a minute,
 * with the number of those that were left out, and a bounded number for all addresses. Its memory is bounded, too.
 */
export class OccasionalLog {
  private readonly remembered = new Map<string, Remembered>()
  private lineTimes: number[] = []

  constructor(private readonly now: () => number = () => performance.now()) {}

  log(level: "info" | "warn", message: string, address: string, fields: { [name: string]: string } = {}): void {
    const now = this.now()
    const key = JSON.stringify([address, message, fields])
    const before = this.remembered.get(key)
    if (before !== undefined && now - before.loggedAt < QUIET_MS) {
      before.leftOut++
      return
    }
    this.lineTimes = this.lineTimes.filter((time) => now - time < QUIET_MS)
    if (this.lineTimes.length >= MOST_LINES) {
      return
    }
    this.lineTimes.push(now)
    this.remember(key, now)
    const leftOut = before?.leftOut ?? 0
    winston.log(level, message, { ...fields, address, ...(leftOut === 0 ? {} : { leftOut }) })
  }

  private remember(key: string, now: number): void {
    this.remembered.delete(key)
    this.remembered.set(key, { loggedAt: now, leftOut: 0 })
    if (this.remembered.size > MOST_REMEMBERED) {
      const [oldest] = this.remembered.keys()
      this.remembered.delete(oldest)
    }
  }
}
