import { figure } from "../words/amounts"
import { Clearing } from "./first_people"

/** Fields that are told one by one: what to do about them has to fit into the same line. */
const MOST_FIELDS = 3

/** Returns how much would be cleared of which fields, as one sentence. */
export function clearingSentence(clearings: Clearing[]): string {
  const [first, ...others] = clearings.slice(0, MOST_FIELDS)
  const left = clearings.length - MOST_FIELDS
  return `${first.field}: ${figure(first.present)} of the first ${figure(first.people)} people have one, ` +
    `${figure(first.cleared)} would lose it` +
    others.map(({ field, present, cleared }) => `; ${field}: ${figure(present)} have one, ${figure(cleared)} would ` +
      "lose it").join("") + (left > 0 ? `; and ${figure(left)} more` : "") + "."
}

/** Returns what to do about that, in sentences. */
export function clearingAdvice(percent: number): string {
  return `The form allows ${percent} % to be cleared. Check whether the query has lost a column. If it is right as ` +
    "it is, raise Most Values to Clear (100: no limit); or choose under Empty Cells to leave the field as it is."
}
