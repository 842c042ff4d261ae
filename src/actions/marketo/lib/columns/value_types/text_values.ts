import { figure } from "../../words/amounts"
import { withoutExponent } from "./decimal"
import { InexactNumber } from "./inexact_number"
import { Converter, NOT_A_SINGLE_VALUE, ValueProblem } from "./value_problem"

/** Longest value of a text field, in bytes of UTF-8. Source: Marketo developer guide, "Field Types". */
export const MAX_TEXT_BYTES = 30000

/** The most bytes of UTF-8 that one UTF-16 unit becomes. */
const MOST_BYTES_PER_UNIT = 3

const MAYBE_INEXACT = new ValueProblem("may have lost digits on its way to this action", "digits_lost")
const TOO_LONG_WRITTEN_OUT = new ValueProblem("has too many digits to be written out", "too_long")

/**
 * For texts, and for fields of unknown type: a number that JavaScript does not hold becomes its digits, as the result
 * has them. `convert` takes the other values, and the digits; it must not cut them, for that makes another number.
 */
export function digitsKept(convert: Converter, convertDigits: Converter = convert): Converter {
  return (value) => {
    if (!(value instanceof InexactNumber)) {
      return convert(value)
    }
    if (value.text === undefined) {
      return MAYBE_INEXACT
    }
    const digits = withoutExponent(value.text)
    return digits === undefined ? TOO_LONG_WRITTEN_OUT : convertDigits(digits)
  }
}

/**
 * For `string`, `phone` and `url`: at most so many characters, counted in UTF-16 units, which is never fewer than
 * Marketo counts. Numbers and booleans become text. Text that is too long is cut between characters, or a problem; a
 * number is not cut.
 */
export function textConverter(mostCharacters: number | undefined, isCut: boolean): Converter {
  if (mostCharacters === undefined) {
    return (value) => textOf(value)
  }
  const tooLong = new ValueProblem(`is longer than ${mostCharacters} characters`, "too_long")
  return (value) => {
    const text = textOf(value)
    if (typeof text !== "string" || text.length <= mostCharacters) {
      return text
    }
    return isCut && typeof value === "string" ? text.slice(0, boundaryBefore(text, mostCharacters)) : tooLong
  }
}

/** For `text`: at most 30,000 bytes. What is too long is cut between characters, or a problem. */
export function longTextConverter(isCut: boolean): Converter {
  const tooLong = new ValueProblem(`is longer than ${figure(MAX_TEXT_BYTES)} bytes`, "too_long")
  return (value) => {
    const text = textOf(value)
    if (typeof text !== "string" || text.length * MOST_BYTES_PER_UNIT <= MAX_TEXT_BYTES ||
      Buffer.byteLength(text) <= MAX_TEXT_BYTES) {
      return text
    }
    return isCut ? text.slice(0, unitsWithin(text, MAX_TEXT_BYTES)) : tooLong
  }
}

/** The value as text; a problem for a list or an object. */
export function textOf(value: unknown): string | ValueProblem {
  switch (typeof value) {
    case "string":
      return value
    case "number":
      return withoutExponent(String(value)) ?? NOT_A_SINGLE_VALUE
    case "boolean":
      return String(value)
    default:
      return NOT_A_SINGLE_VALUE
  }
}

/** The number of UTF-16 units whose bytes have room, without half a character at the end. */
function unitsWithin(text: string, mostBytes: number): number {
  const bytes = Buffer.from(text)
  let end = mostBytes
  while (isInsideCharacter(bytes[end])) {
    end--
  }
  return bytes.toString("utf8", 0, end).length
}

/** In UTF-8, all bytes of a character but the first are 0x80 to 0xBF. */
function isInsideCharacter(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xBF
}

function boundaryBefore(text: string, units: number): number {
  const last = text.charCodeAt(units - 1)
  const isHalfPair = last >= 0xD800 && last <= 0xDBFF
  return isHalfPair ? units - 1 : units
}
