import { MarketoSettingsError, refusal } from "../errors"

/** Values of a form, or settings: Looker sends texts, other clients of the hub may send whatever JSON has. */
export interface Params {
  readonly [name: string]: unknown
}

/** Digits of a fraction that a double holds for certain. */
const CERTAIN_DIGITS = 15

/**
 * Returns a form value without the blanks around it; empty if it was not given. Numbers, true and false are read as
 * their text. Throws MarketoSettingsError, with the field's name, for what has no single text: it must not count as
 * absent.
 */
export function formText(formParams: Params, field: string): string {
  return readable(textOf(formParams[field]), field)
}

/** Returns the same for a field of several values, separated by commas: a list of texts and numbers is read, too. */
export function formListText(formParams: Params, field: string): string {
  const value = formParams[field]
  return Array.isArray(value) ?
    value.map((element: unknown) => element === null ? readable({ not: "a list with a gap" }, field) :
      readable(textOf(element), field)).join(",") :
    formText(formParams, field)
}

/** Returns a connection setting, likewise; `label` is its name as an administrator sees it. */
export function settingText(params: Params, name: string, label: string): string {
  const text = textOf(params[name])
  if (typeof text === "string") {
    return text
  }
  throw new MarketoSettingsError(`The setting "${label}" of the Marketo action is ${text.not}, where a text is ` +
    "meant. Fill it in anew in Looker, under Admin > Platform > Actions.")
}

/** Returns true if a form value or setting is there, whatever it is. */
export function isGiven(params: Params, name: string): boolean {
  return textOf(params[name]) !== ""
}

function readable(text: string | { not: string }, field: string): string {
  if (typeof text === "string") {
    return text
  }
  const message = `The form's value for ${field} is ${text.not}, where a text is meant. Choose or type it anew in ` +
    "the form."
  throw refusal(field, message)
}

/** Returns the text that a value stands for, or what it is instead. */
function textOf(value: unknown): string | { not: string } {
  switch (typeof value) {
    case "string":
      return value.trim()
    case "boolean":
      return String(value)
    case "number":
      return isCertain(value) ? String(value) : { not: "a number that cannot be read exactly" }
    case "undefined":
      return ""
    default:
      return value === null ? "" : { not: Array.isArray(value) ? "a list" : "an object" }
  }
}

/** JSON numbers are doubles here: beyond their precision, a number may have been another one. */
function isCertain(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) :
    /^-?\d+\.\d+$/.test(String(value)) && String(value).replace(/\D/g, "").length <= CERTAIN_DIGITS
}
