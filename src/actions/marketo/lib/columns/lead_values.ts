import { SchemaField } from "../api/types"
import { booleanOf } from "./value_types/boolean_values"
import { dateConverter, dateTimeConverter } from "./value_types/date_values"
import { emailConverter } from "./value_types/email_values"
import { amountOf, exactOnly, leadIdOf, numberOf, percentOf, wholeNumberOf } from "./value_types/number_values"
import { digitsKept, longTextConverter, textConverter } from "./value_types/text_values"
import { ZoneClock } from "./value_types/time_zone"
import { Converter, NOT_A_SINGLE_VALUE } from "./value_types/value_problem"

/** The conditions of a conversion besides the field. */
export interface ConversionOptions {
  /** The zone of dates and times without one of their own: the query's. */
  zone: ZoneClock
  /** True if text that is longer than its field is cut; else it is a problem. */
  isCut: boolean
}

/**
 * How the values of a column are brought into the form that a Marketo field takes; made once for a column, since it
 * runs for every cell. Empty cells (null and the empty text) are not its concern.
 * Source of the rules: Marketo developer guide, "Field Types".
 */
export function converterFor(field: SchemaField, { zone, isCut }: ConversionOptions): Converter {
  switch (field.dataType) {
    case "boolean":
      return exactOnly(booleanOf)
    case "integer":
    case "score":
      return exactOnly(wholeNumberOf)
    case "percent":
      return exactOnly(percentOf)
    case "float":
      return exactOnly(numberOf)
    case "currency":
      return exactOnly(amountOf)
    case "date":
      return exactOnly(dateConverter(zone))
    case "datetime":
      return exactOnly(dateTimeConverter(zone))
    case "email":
      return digitsKept(emailConverter(field.name !== "email", field.length))
    case "text":
      return digitsKept(longTextConverter(isCut), longTextConverter(false))
    case "string":
    case "phone":
    case "url":
    case "reference":
      return digitsKept(textConverter(field.length, isCut), textConverter(field.length, false))
    default:
      // A type that Marketo has added since: it judges itself.
      return singleValue
  }
}

/**
 * How the values of the lookup field are converted: never cut, since a shortened value is another lead's, and without
 * blanks around it. Marketo takes the id as a number only.
 */
export function lookupConverterFor(
  lookupField: string, field: SchemaField | undefined, options: ConversionOptions,
): Converter {
  if (lookupField === "id") {
    return exactOnly(leadIdOf)
  }
  const convert = field === undefined ? anyValue : converterFor(field, { ...options, isCut: false })
  return (value) => {
    const converted = convert(typeof value === "string" ? value.trim() : value)
    return converted === "" ? null : converted
  }
}

/** Leaves a value as it is, except that a number which JavaScript does not hold becomes the text of its digits. */
export const anyValue: Converter = digitsKept((value) => value)

const singleValue: Converter = digitsKept((value) => typeof value === "object" ? NOT_A_SINGLE_VALUE : value)
