import { FieldDefinition } from "../setup/field_schema"
import { SandboxKnobs } from "../setup/options"
import { sentText } from "./sent_text"

/** A value as the sandbox stores it. A cleared value is `null`. */
export type LeadValue = string | number | boolean | null

/** A value that Marketo would accept, or the refusal of a bad one. */
export type CheckedValue = { kind: "value", value: LeadValue } | { kind: "bad" }

const BAD: CheckedValue = { kind: "bad" }
const MAX_TEXT_BYTES = 30_000
const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const DATETIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/
// eslint-disable-next-line no-control-regex -- control characters are ASCII too, and Marketo's rule speaks of ASCII
const ASCII_WITHOUT_BLANKS = /^[\x00-\x1f\x21-\x7f]+$/
const ONE_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/**
 * Checks and converts one value for a field of a lead, by the data type that describe shows. `null` and "" clear the
 * field. For a boolean, clearing means `false`.
 */
export function checkValue(field: FieldDefinition, sent: unknown, knobs: SandboxKnobs): CheckedValue {
  if (sent === null || sent === undefined || sent === "") {
    return { kind: "value", value: field.dataType === "boolean" ? false : null }
  }
  if (typeof sent === "object") {
    return BAD
  }
  const text = sentText(sent)
  switch (field.dataType) {
    case "string":
    case "phone":
    case "url":
    case "reference":
      return checkText(text, field.length ?? 255, knobs)
    case "text":
      return Buffer.byteLength(text) > MAX_TEXT_BYTES ? overlong(text, 7_500, knobs) : value(text)
    case "email":
      return checkEmail(text, field, knobs)
    case "integer":
    case "score":
      return checkInteger(sent)
    case "percent": {
      const checked = checkInteger(sent)
      return checked.kind === "value" && Number(checked.value) < 0 ? BAD : checked
    }
    case "float":
    case "currency":
      return checkDecimal(sent)
    case "boolean":
      return checkBoolean(text)
    case "date":
      return typeof sent === "string" && isDate(sent) ? value(sent) : BAD
    case "datetime":
      return checkDatetime(sent)
    case "formula":
      return BAD
    default:
      // An unknown type holds text, as far as anyone knows.
      return checkText(text, field.length ?? 255, knobs)
  }
}

/** Returns the text of the record-level 1003 for a bad value. The wording changed in 2021. */
export function badValueMessage(restName: string, sent: unknown, knobs: SandboxKnobs): string {
  const start = `Invalid value for field '${restName}'`
  return knobs.badValueWording === "withoutValue" ? start : `${start} and value '${sentText(sent)}'`
}

function value(accepted: LeadValue): CheckedValue {
  return { kind: "value", value: accepted }
}

function checkText(text: string, length: number, knobs: SandboxKnobs): CheckedValue {
  return text.length > length ? overlong(text, length, knobs) : value(text)
}

function overlong(text: string, length: number, knobs: SandboxKnobs): CheckedValue {
  return knobs.overlongText === "truncate" ? value(text.slice(0, length)) : BAD
}

function checkEmail(text: string, field: FieldDefinition, knobs: SandboxKnobs): CheckedValue {
  if (!ASCII_WITHOUT_BLANKS.test(text.trim()) || (field.custom && !ONE_ADDRESS.test(text))) {
    return BAD
  }
  return checkText(text, field.length ?? 255, knobs)
}

function checkInteger(sent: unknown): CheckedValue {
  if (typeof sent === "number") {
    return Number.isInteger(sent) && Math.abs(sent) < 2 ** 63 ? value(sent) : BAD
  }
  return typeof sent === "string" && INTEGER.test(sent) && Math.abs(Number(sent)) < 2 ** 63 ? value(Number(sent)) : BAD
}

function checkDecimal(sent: unknown): CheckedValue {
  if (typeof sent === "number") {
    return value(sent)
  }
  return typeof sent === "string" && DECIMAL.test(sent) ? value(Number(sent)) : BAD
}

function checkBoolean(text: string): CheckedValue {
  switch (text.toLowerCase()) {
    case "true":
    case "1":
      return value(true)
    case "false":
    case "0":
      return value(false)
    default:
      return BAD
  }
}

function isDate(text: string): boolean {
  const parts = DATE.exec(text)
  if (!parts) {
    return false
  }
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** Accepts any offset, or none (taken as UTC). The value is stored as UTC without milliseconds. */
function checkDatetime(sent: unknown): CheckedValue {
  const parts = typeof sent === "string" ? DATETIME.exec(sent) : null
  if (!parts || !isDate(parts[1])) {
    return BAD
  }
  const [, day, hours, minutes, seconds = "00", offset = "Z"] = parts
  const zone = offset === "Z" || offset.includes(":") ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`
  const moment = new Date(`${day}T${hours}:${minutes}:${seconds}${zone}`)
  return Number.isNaN(moment.getTime()) ? BAD : value(timestamp(moment.getTime()))
}

/** Returns a moment as the lead database prints it: UTC, `Z`, no milliseconds. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** Returns a moment as the asset family prints it: the same with a `+0000` that makes it invalid ISO 8601. */
export function assetTimestamp(ms: number): string {
  return `${timestamp(ms)}+0000`
}
