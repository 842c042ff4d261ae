import { MINUTE_MS } from "../../configuration/time_units"
import { ZoneClock } from "./time_zone"
import { Converter, NOT_A_SINGLE_VALUE, ValueProblem } from "./value_problem"

/** A day, or a day and a time down to any of its parts, with or without an offset. */
const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?$/
/** The forms of Looker's years, months and quarters. */
const PERIOD = /^(\d{4})(?:-(?:(\d\d)|Q([1-4])))?$/

const NOT_A_DATE = new ValueProblem("is not a date", "not_a_date")
const NOT_A_DATE_AND_TIME = new ValueProblem("is not a date with time", "not_a_date")

const FIRST_MOMENT = Date.UTC(1000, 0, 1)
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59)

/**
 * For `date`: YYYY-MM-DD. A time is cut off; one with an offset is brought into the query's zone before. A month, a
 * quarter or a year becomes its first day.
 */
export function dateConverter(zone: ZoneClock): Converter {
  return (value) => {
    const text = dateText(value)
    if (typeof text !== "string") {
      return text === undefined ? NOT_A_DATE : text
    }
    if (text.length <= 7) {
      return firstDayOf(text)
    }
    const parts = MOMENT.exec(text)
    if (parts === null || !isDay(parts)) {
      return NOT_A_DATE
    }
    if (parts[7] === undefined) {
      return text.slice(0, 10)
    }
    const moment = momentOf(parts, zone)
    return moment === undefined ? NOT_A_DATE : dayOf(moment + zone.offsetAt(moment))
  }
}

/**
 * For `datetime`: ISO 8601 in UTC, without milliseconds. A time without an offset is one of the query's zone; a day
 * is its midnight there. Months and longer are no moment.
 */
export function dateTimeConverter(zone: ZoneClock): Converter {
  return (value) => {
    const text = typeof value === "string" ? dateText(value) : undefined
    if (typeof text !== "string") {
      return text === undefined ? typeof value === "object" ? NOT_A_SINGLE_VALUE : NOT_A_DATE_AND_TIME : text
    }
    const parts = MOMENT.exec(text)
    const moment = parts === null || !isDay(parts) ? undefined : momentOf(parts, zone)
    return moment === undefined || !isWritable(moment) ? NOT_A_DATE_AND_TIME :
      `${new Date(moment).toISOString().slice(0, 19)}Z`
  }
}

/** The text to read; undefined for what cannot be a date. A year may come as a number. */
function dateText(value: unknown): string | null | undefined | ValueProblem {
  switch (typeof value) {
    case "string": {
      const text = value.trim()
      return text === "" ? null : text
    }
    case "number":
      return Number.isInteger(value) ? String(value) : undefined
    case "object":
      return NOT_A_SINGLE_VALUE
    default:
      return undefined
  }
}

function firstDayOf(period: string): string | ValueProblem {
  const parts = PERIOD.exec(period)
  if (parts === null || period < "1000") {
    return NOT_A_DATE
  }
  const [, year, month, quarter] = parts as (string | undefined)[]
  if (quarter !== undefined) {
    return `${year}-${["01", "04", "07", "10"][Number(quarter) - 1]}-01`
  }
  return month !== undefined && (month < "01" || month > "12") ? NOT_A_DATE : `${year}-${month ?? "01"}-01`
}

function isDay([, year, month, day]: RegExpExecArray): boolean {
  const dayOfMonth = Number(day)
  return year >= "1000" && month >= "01" && month <= "12" && dayOfMonth >= 1 &&
    (dayOfMonth <= 28 || dayOfMonth <= daysIn(Number(year), Number(month)))
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Ms since 1970; undefined for a time or an offset that no clock shows. */
function momentOf(parts: RegExpExecArray, zone: ZoneClock): number | undefined {
  const [, year, month, day, hours = "00", minutes = "00", seconds = "00", offset] = parts as (string | undefined)[]
  if (hours > "23" || minutes > "59" || seconds > "59") {
    return undefined
  }
  const clockTime =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds))
  if (offset === undefined) {
    return zone.momentOf(clockTime)
  }
  if (offset === "Z" || offset === "UTC") {
    return clockTime
  }
  const offsetHours = Number(offset.slice(1, 3))
  const offsetMinutes = offset.length > 3 ? Number(offset.slice(-2)) : 0
  if (offsetHours > 14 || offsetMinutes > 59) {
    return undefined
  }
  const ahead = (offsetHours * 60 + offsetMinutes) * MINUTE_MS
  return offset.startsWith("-") ? clockTime + ahead : clockTime - ahead
}

function dayOf(clockTime: number): string | ValueProblem {
  return isWritable(clockTime) ? new Date(clockTime).toISOString().slice(0, 10) : NOT_A_DATE
}

/** Returns true if the year has four digits. */
function isWritable(moment: number): boolean {
  return moment >= FIRST_MOMENT && moment <= LAST_MOMENT
}
