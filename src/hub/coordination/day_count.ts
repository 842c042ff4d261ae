import { DAY_MS } from "../durations"
import type { DayUse } from "./coordination"

/**
 * The calls of a vendor's day, as one process counts them: ours, and everybody's if the vendor has told. Times are in
 * ms since 1970, since the day is one of the calendar.
 */
export class DayCount {
  private day: number | undefined
  private calls = 0
  private since: number | undefined
  private reading: { used: number, at: number, endsAt: number, callsBefore: number } | undefined

  /** `beginsAtMs`: when the day begins, after midnight UTC. */
  constructor(private beginsAtMs = 0, private readonly now: () => number = Date.now) {}

  configure(beginsAtMs = 0): void {
    this.beginsAtMs = beginsAtMs
  }

  /** Counts one call of ours. */
  add(): void {
    this.turnOver()
    this.since ??= this.now()
    this.calls++
  }

  /** Takes note of the vendor's own count of everybody's calls, which is good for `endsInMs` at most. */
  note(used: number, endsInMs: number): void {
    this.turnOver()
    const at = this.now()
    this.reading = { used, at, endsAt: at + endsInMs, callsBefore: this.calls }
  }

  get use(): DayUse {
    this.turnOver()
    const { calls, since, reading } = this
    return dayUse(calls, since, reading !== undefined && this.now() < reading.endsAt ? reading : undefined)
  }

  private turnOver(): void {
    const day = Math.floor((this.now() - this.beginsAtMs) / DAY_MS)
    if (day !== this.day) {
      this.day = day
      this.calls = 0
      this.since = undefined
      this.reading = undefined
    }
  }
}

/** Returns the use of a day. `reading`: the vendor's count, and our calls when it was read. */
export function dayUse(
  calls: number, since: number | undefined, reading: { used: number, at: number, callsBefore: number } | undefined,
): DayUse {
  return {
    calls,
    ...since === undefined ? {} : { since: new Date(since).toISOString() },
    ...reading === undefined ? {} : {
      everybody: {
        calls: reading.used + Math.max(0, calls - reading.callsBefore), readAt: new Date(reading.at).toISOString(),
      },
    },
  }
}
