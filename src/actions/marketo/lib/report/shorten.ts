import { cut } from "./lead_groups"

/** Longest text of a single reason that is shown, in characters. */
const LONGEST_SHOWN = 500

/** Returns a reason, or its beginning if it is very long. */
export function shorten(text: string): string {
  return cut(text, LONGEST_SHOWN)
}
