import { TimeZone, ZoneClock } from "./value_types/time_zone"

/** Words in the place of a zone's name that name none, such as `user_timezone`. */
const NO_NAME = /^(?:[a-z]+_)*time_?zone$|^default$|^none$/i

/**
 * The zone of a result's dates and times. In the order of trust: what the result says, then what the plan says of its
 * query, then UTC. The result may say it late, so the clock of the moment is asked for every value.
 */
export class QueryZone implements ZoneClock {
  /** True if a value has been converted that depends on the zone. */
  wasUsed = false

  private zone: TimeZone
  private readonly planZone: TimeZone | undefined
  private isTold: boolean
  private unknownName: string | undefined

  /** `planName` is the `query_timezone` of the plan's query, whatever it is. */
  constructor(planName: unknown) {
    this.planZone = this.zoneNamed(planName)
    this.zone = this.planZone ?? TimeZone.utc
    this.isTold = this.planZone !== undefined
  }

  /** Returns a sentence about the zone that was taken; undefined if there was no doubt. */
  get note(): string | undefined {
    if (this.unknownName !== undefined) {
      return `The query's time zone "${this.unknownName}" is not known here; times were taken as ` +
        `${this.planZone === undefined ? "UTC" : `those of ${this.planZone.name}`}.`
    }
    return this.isTold ? undefined : "The query does not give its time zone; times were taken as UTC."
  }

  /**
   * To be called with the `timezone` of the result. Gives back, in words, what is wrong when values have been converted
   * by the clocks of another zone before.
   */
  resultSays(name: unknown): string | undefined {
    const told = this.zoneNamed(name)
    if (told === undefined) {
      return undefined
    }
    const before = this.zone
    this.zone = told
    this.isTold = true
    this.unknownName = undefined
    return this.wasUsed && !told.isSameAs(before) ?
      `The query result gave its time zone, ${told.name}, only after rows whose times had been taken as those of ` +
        `${before.name}: the dates and times in those rows are wrong in Marketo. Set the query's time zone to ` +
        `${told.name}, and send again.` :
      undefined
  }

  offsetAt(moment: number): number {
    this.wasUsed = true
    return this.zone.offsetAt(moment)
  }

  momentOf(clockTime: number): number {
    this.wasUsed = true
    return this.zone.momentOf(clockTime)
  }

  private zoneNamed(name: unknown): TimeZone | undefined {
    if (typeof name !== "string" || name.trim() === "" || NO_NAME.test(name.trim())) {
      return undefined
    }
    const zone = TimeZone.named(name.trim())
    if (zone === undefined) {
      this.unknownName = name.trim()
    }
    return zone
  }
}
