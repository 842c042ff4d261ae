import { isSameDecimal } from "./decimal"
import { InexactNumber } from "./inexact_number"
import { Converter, NOT_A_SINGLE_VALUE, ValueProblem } from "./value_problem"

const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
/** With marks between thousands: two of them, or a decimal mark after them, show which character is which. */
const COMMAS_BETWEEN_THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+\.\d*$|^[+-]?[1-9]\d{0,2}(,\d{3}){2,}$/
const DOTS_BETWEEN_THOUSANDS = /^[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*$|^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$/
const CURRENCY_SIGN = /^([+-]?)\s*[$€£¥]\s*|\s*[$€£¥]$/
const PERCENT_SIGN = /(\d)\s*%\s*$/

const NOT_WHOLE = new ValueProblem("is not a whole number", "not_a_number")
const NOT_A_NUMBER = new ValueProblem("is not a number", "not_a_number")
const INEXACT = new ValueProblem("has more digits than can be sent exactly", "digits_lost")
const MAYBE_INEXACT = new ValueProblem("may have lost digits on its way to this action", "digits_lost")
const TOO_LARGE = new ValueProblem("is too large to be sent exactly", "digits_lost")
const NEGATIVE = new ValueProblem("is below zero", "not_a_number")
const NOT_A_LEAD_ID = new ValueProblem("is not a lead's id", "not_a_number")

/** For `integer`, `score` and `reference`: 42, "42", 14.0; not 14.1. */
export const wholeNumberOf: Converter = (value) => whole(decimal(value, false))

/** For `percent`: a whole number, also of a text with a percent sign; never a share such as 0.45, which stays open. */
export const percentOf: Converter = (value) => {
  const percent = whole(decimal(typeof value === "string" ? value.replace(PERCENT_SIGN, "$1") : value, false))
  return typeof percent === "number" && percent < 0 ? NEGATIVE : percent
}

/** For `float`: a number, or a text that can be read as one only. */
export const numberOf: Converter = (value) => decimal(value, false)

/** For `currency`: as for `float`, with or without the sign of a currency, which Marketo does not take. */
export const amountOf: Converter = (value) => decimal(value, true)

/** For the lookup field `id`: a whole number above zero. */
export const leadIdOf: Converter = (value) => {
  const id = whole(decimal(value, false))
  return typeof id === "number" && id <= 0 ? NOT_A_LEAD_ID : id
}

/**
 * For all types but texts: a number that JavaScript does not hold is a problem, since another would be sent.
 * `convert` takes the other values.
 */
export function exactOnly(convert: Converter): Converter {
  return (value) => value instanceof InexactNumber ? inexact(value.value, value.text) : convert(value)
}

function inexact(value: number, text: string | undefined): ValueProblem {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? TOO_LARGE : text === undefined ? MAYBE_INEXACT : INEXACT
}

function whole(value: number | null | ValueProblem): number | null | ValueProblem {
  if (typeof value !== "number") {
    return value === NOT_A_NUMBER ? NOT_WHOLE : value
  }
  if (!Number.isInteger(value)) {
    return NOT_WHOLE
  }
  // Without the sign of a negative zero, which JSON does not write either.
  return Number.isSafeInteger(value) ? value + 0 : TOO_LARGE
}

function decimal(value: unknown, isAmount: boolean): number | null | ValueProblem {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : NOT_A_NUMBER
  }
  if (typeof value !== "string") {
    return typeof value === "object" ? NOT_A_SINGLE_VALUE : NOT_A_NUMBER
  }
  const text = value.trim()
  if (text === "") {
    return null
  }
  return numberIn(isAmount ? text.replace(CURRENCY_SIGN, "$1") : text)
}

/** "1,234" may be a thousand or a fraction, so it is no number here. */
function numberIn(text: string): number | ValueProblem {
  let plain: string | undefined
  if (PLAIN.test(text)) {
    plain = text
  } else if (COMMAS_BETWEEN_THOUSANDS.test(text)) {
    plain = text.split(",").join("")
  } else if (DOTS_BETWEEN_THOUSANDS.test(text)) {
    plain = text.split(".").join("").replace(",", ".")
  }
  if (plain === undefined) {
    return NOT_A_NUMBER
  }
  const parsed = Number(plain)
  if (!Number.isFinite(parsed)) {
    return NOT_A_NUMBER
  }
  return isSameDecimal(plain, String(parsed)) ? parsed : inexact(parsed, plain)
}
