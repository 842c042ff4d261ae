import { figure } from "./amounts"

/** Names that one sentence shows. */
const MOST_NAMES = 20

/** Returns names as a sentence lists them. Of many, the first ones and the number of the others. */
export function listing(names: string[]): string {
  const left = names.length - MOST_NAMES
  return names.slice(0, MOST_NAMES).join(", ") + (left > 0 ? ` and ${figure(left)} more` : "")
}
