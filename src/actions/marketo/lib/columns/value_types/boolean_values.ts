import { NOT_A_SINGLE_VALUE, ValueProblem } from "./value_problem"

const WORDS = new Map<string, boolean>([
  ["yes", true], ["true", true], ["y", true], ["t", true], ["1", true],
  ["no", false], ["false", false], ["n", false], ["f", false], ["0", false],
])

const NOT_YES_OR_NO = new ValueProblem("is neither yes nor no", "not_a_boolean")

/** For `boolean`: Looker's Yes and No, true and false, their first letters, 1 and 0, in upper and lower case. */
export function booleanOf(value: unknown): boolean | null | ValueProblem {
  switch (typeof value) {
    case "boolean":
      return value
    case "number":
      return value === 1 ? true : value === 0 ? false : NOT_YES_OR_NO
    case "string": {
      const word = value.trim().toLowerCase()
      return word === "" ? null : WORDS.get(word) ?? NOT_YES_OR_NO
    }
    default:
      return NOT_A_SINGLE_VALUE
  }
}
