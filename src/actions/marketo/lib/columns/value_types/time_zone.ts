import { DAY_MS } from "../../configuration/time_units"

/** Days whose offset is remembered; more than a query usually spans. */
const MOST_DAYS = 20000

/** Marks a day within which the clocks are changed. */
const CHANGING = NaN

/** Clocks of a place, as TimeZone has them. */
export interface ZoneClock {
  offsetAt(moment: number): number
  momentOf(clockTime: number): number
}

/** A time zone of the IANA database, such as Europe/Zurich: what its clocks show at a moment, and when they show it. */
export class TimeZone implements ZoneClock {
  static readonly utc = new TimeZone("UTC")

  /** The zone of that name; undefined when it is not known. */
  static named(name: string): TimeZone | undefined {
    try {
      return new TimeZone(name)
    } catch (failure) {
      if (failure instanceof RangeError) {
        return undefined
      }
      throw failure
    }
  }

  private readonly format: Intl.DateTimeFormat
  /** Offset by day since 1970 in UTC; asking Intl takes microseconds, and is done once a day. */
  private readonly offsets = new Map<number, number>()

  private constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: name, hour12: false, year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    })
  }

  /** Returns true if two names mean one zone, as "UTC" and "Etc/UTC" do. */
  isSameAs(other: TimeZone): boolean {
    return this.format.resolvedOptions().timeZone === other.format.resolvedOptions().timeZone
  }

  /** Ms that the zone's clocks are ahead of UTC at a moment (ms since 1970). */
  offsetAt(moment: number): number {
    const day = Math.floor(moment / DAY_MS)
    let offset = this.offsets.get(day)
    if (offset === undefined) {
      offset = this.offsetOnDay(day)
      if (this.offsets.size >= MOST_DAYS) {
        this.offsets.clear()
      }
      this.offsets.set(day, offset)
    }
    return Number.isNaN(offset) ? this.askOffset(moment) : offset
  }

  /**
   * The moment (ms since 1970) at which the zone's clocks show a time, given as if it were UTC. Of a time that they
   * show twice, the first; a time that they leap over is taken as if they had not been changed yet.
   */
  momentOf(clockTime: number): number {
    const before = this.offsetAt(clockTime - DAY_MS)
    const after = this.offsetAt(clockTime + DAY_MS)
    if (before === after || this.offsetAt(clockTime - before) === before) {
      return clockTime - before
    }
    return this.offsetAt(clockTime - after) === after ? clockTime - after : clockTime - before
  }

  private offsetOnDay(day: number): number {
    const first = this.askOffset(day * DAY_MS)
    return this.askOffset((day + 1) * DAY_MS) === first ? first : CHANGING
  }

  private askOffset(moment: number): number {
    const shown: { [part: string]: number } = {}
    for (const { type, value } of this.format.formatToParts(moment)) {
      shown[type] = Number(value)
    }
    // Midnight is written as hour 24 by some versions.
    const clockTime = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour % 24, shown.minute, shown.second)
    return clockTime - Math.floor(moment / 1000) * 1000
  }
}
