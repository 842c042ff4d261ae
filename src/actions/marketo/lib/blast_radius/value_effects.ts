import { SchemaField } from "../api/types"
import { booleanOf } from "../columns/value_types/boolean_values"
import { dateConverter, dateTimeConverter } from "../columns/value_types/date_values"
import { amountOf, numberOf } from "../columns/value_types/number_values"
import { TimeZone } from "../columns/value_types/time_zone"
import { Converter, ValueProblem } from "../columns/value_types/value_problem"

/** What sending a value does to the field of a lead that is in Marketo. */
export type Effect = "unchanged" | "filled" | "changed" | "cleared"

/** Returns true for what empties a field when it is sent, and for what Marketo answers for an empty one. */
export function isEmptyValue(value: unknown): boolean {
  return value === null || value === undefined || typeof value === "string" && value.trim() === ""
}

/**
 * Returns true if a lead has something in a field that it can lose. Marketo has no empty boolean: it answers false for
 * one that was never set, and null sets it to false. Source: recorded answers.
 */
export function hasValue(found: unknown): boolean {
  return found !== false && !isEmptyValue(found)
}

/** Returns the effect of a value that is sent, as it was converted for its field, on what Marketo answers for it. */
export function effectOf(sent: unknown, found: unknown, field?: SchemaField): Effect {
  if (isEmptyValue(sent)) {
    return hasValue(found) ? "cleared" : "unchanged"
  }
  if (isEmptyValue(found)) {
    return sent === false ? "unchanged" : "filled"
  }
  return isSameValue(sent, found, field) ? "unchanged" : "changed"
}

const asDay = dateConverter(TimeZone.utc)
const asMoment = dateTimeConverter(TimeZone.utc)

/**
 * Compares by the field's type, since Marketo answers in forms of its own: numbers may be texts, times are in UTC.
 * Blanks around a text, and the kind of its line breaks, do not count. E-mail addresses that differ in case alone are
 * one mailbox's, as they are where leads are told apart.
 */
function isSameValue(sent: unknown, found: unknown, field?: SchemaField): boolean {
  switch (field?.dataType) {
    case "boolean":
      return isSameBy(booleanOf, sent, found)
    case "integer":
    case "score":
    case "percent":
    case "float":
      return isSameBy(numberOf, sent, found)
    case "currency":
      return isSameBy(amountOf, sent, found)
    case "date":
      return isSameBy(asDay, sent, found)
    case "datetime":
      return isSameBy(asMoment, sent, found)
    case "email":
      return plainText(sent).toLowerCase() === plainText(found).toLowerCase()
    default:
      return plainText(sent) === plainText(found)
  }
}

/** Values that are none of the type are compared as texts. */
function isSameBy(convert: Converter, sent: unknown, found: unknown): boolean {
  const one = convert(sent)
  const other = convert(found)
  return one instanceof ValueProblem || other instanceof ValueProblem ? plainText(sent) === plainText(found) :
    one === other
}

/** Returns a value as a text without blanks around it. */
export function plainText(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value) ?? "").replace(/\r\n?/g, "\n").trim()
}
