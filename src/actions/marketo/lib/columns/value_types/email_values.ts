import { textOf } from "./text_values"
import { Converter, ValueProblem } from "./value_problem"

/** The printable characters of ASCII. */
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/
const ONE_ADDRESS = /^[^@]+@[^@]+\.[^@]+$/

const NOT_ASCII = new ValueProblem(
  "has other characters than ASCII, which Marketo does not take in an e-mail address", "not_an_email")
const NOT_AN_ADDRESS = new ValueProblem("is not an e-mail address", "not_an_email")

/**
 * For `email`: one address, without the blanks around it, of ASCII characters only, never cut. Marketo checks the form
 * of addresses in custom fields, and is believed to take any in its own `email`, so only blanks are refused there.
 * Source: Marketo developer guide, "Leads", on `email`.
 */
export function emailConverter(isCustom: boolean, mostCharacters: number | undefined): Converter {
  const tooLong = new ValueProblem(`is longer than ${mostCharacters} characters`, "too_long")
  return (value) => {
    const text = textOf(value)
    if (typeof text !== "string") {
      return text
    }
    const address = text.trim()
    if (address === "") {
      return null
    }
    if (!PRINTABLE_ASCII.test(address)) {
      return hasOtherThanAscii(address) ? NOT_ASCII : NOT_AN_ADDRESS
    }
    if (isCustom && !ONE_ADDRESS.test(address)) {
      return NOT_AN_ADDRESS
    }
    return mostCharacters !== undefined && address.length > mostCharacters ? tooLong : address
  }
}

function hasOtherThanAscii(text: string): boolean {
  return Buffer.byteLength(text) > text.length
}
