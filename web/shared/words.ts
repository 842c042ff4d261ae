const NUMBERS = new Intl.NumberFormat("en-US")
const MOMENTS = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" })

/** Returns a number with separators, such as 22,200. */
export function figure(value: number): string {
  return NUMBERS.format(value)
}

/** Returns the number with the noun, such as "1 row" or "22,200 rows". */
export function quantity(value: number, noun: string): string {
  return `${figure(value)} ${noun}${value === 1 ? "" : "s"}`
}

/** Returns a duration in ms as a person says it, such as "850 ms", "12 s", "3 min 5 s" or "2 h 10 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return ms < 1000 ? `${Math.round(ms)} ms` : seconds < 60 ? `${seconds} s` :
    seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` :
      `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`
}

/** Returns a moment in the time zone of the browser. */
export function moment(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : MOMENTS.format(time)
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" })

/** Returns the time of day of a moment, in the time zone of the browser. */
export function clock(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : CLOCK.format(time)
}
