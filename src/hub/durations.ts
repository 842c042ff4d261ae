import { quantity } from "./quantity"

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/**
 * The longest time that a timer can wait, about 24 days.
 * Source: https://nodejs.org/docs/latest-v20.x/api/timers.html#settimeoutcallback-delay-args
 */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Returns a duration in words, such as `90 seconds` or `2 minutes`. */
export function duration(ms: number): string {
  const seconds = ms < 1000 ? ms / 1000 : Math.round(ms / 1000)
  return seconds >= 120 && seconds % 60 === 0 ? quantity(seconds / 60, "minute") : quantity(seconds, "second")
}
