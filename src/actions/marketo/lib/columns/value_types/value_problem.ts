import { InexactNumber } from "./inexact_number"

/** The kinds of such problems, for counting. */
export const VALUE_PROBLEM_KINDS = [
  "too_long", "digits_lost", "not_a_number", "not_a_date", "not_an_email", "not_a_boolean", "not_a_single_value",
] as const
export type ValueProblemKind = typeof VALUE_PROBLEM_KINDS[number]

/**
 * Stands in the place of a value that its Marketo field does not take. The wording follows the kind of the value, as
 * in "text is not a whole number"; the value itself is not kept, since it may be somebody's personal data.
 */
export class ValueProblem {
  constructor(readonly wording: string, readonly kind: ValueProblemKind) {}
}

/**
 * Brings a cell's value into the form that one Marketo field accepts, or says why it cannot be. Never throws.
 * `null` is the result for a value that holds nothing, such as blanks for a number.
 */
export type Converter = (value: unknown) => unknown

/** The complaint about a list or an object, whatever the field's type. */
export const NOT_A_SINGLE_VALUE = new ValueProblem("is not a single value", "not_a_single_value")

/** The word for a value's type in reports. */
export function typeWord(value: unknown): string {
  if (Array.isArray(value)) {
    return "list"
  }
  if (value instanceof InexactNumber) {
    return "number"
  }
  switch (typeof value) {
    case "string":
      return "text"
    case "object":
      return value === null ? "empty cell" : "object"
    default:
      return typeof value
  }
}
