import { figure } from "../words/amounts"
import { Clearing } from "./first_people"

/** Fields that are told one by one. */
const MOST_FIELDS = 5

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
  return `The form allows ${percent} % of a field's values to be cleared. Look whether the query has lost these ` +
    "columns. If they are right as they are, choose to leave the field as it is under Empty Cells, or raise Most " +
    "Values to Clear (100 switches it off)."
}
