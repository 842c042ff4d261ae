import * as crypto from "crypto"

/** Digits for the milliseconds since 1970, in base 36: enough until the year 5188. */
const TIME_DIGITS = 9
/** About 41 random bits set apart the runs of all hubs that begin in the same millisecond. */
const RANDOM_DIGITS = 8

const RUN_ID = new RegExp(`^[0-9a-z]{${TIME_DIGITS}}-[0-9a-z]{${RANDOM_DIGITS}}$`)

/** Returns a new id for a run that begins at `time` (ms since 1970). Ids sort by time. */
export function newRunId(time = Date.now()): string {
  const random = Array.from({ length: RANDOM_DIGITS }, () => crypto.randomInt(36).toString(36)).join("")
  return `${timePart(time)}-${random}`
}

/** Returns true if the text has the form of a run's id. It is then safe as a part of a path or a key. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text)
}

/** Returns when the run with the id began, in ms since 1970. */
export function timeOfRunId(id: string): number {
  return parseInt(id.slice(0, TIME_DIGITS), 36)
}

/** Returns the least id that a run of that time (ms since 1970) may have. */
export function timePart(time: number): string {
  return Math.max(0, Math.floor(time)).toString(36).padStart(TIME_DIGITS, "0")
}
