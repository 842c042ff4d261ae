import * as winston from "winston"

const LONGEST_TEXT = 1000

interface LookerError {
  message?: unknown
  message_details?: unknown
  fatal?: unknown
}

/**
 * Returns the texts of the `errors` member of a result, by which Looker reports that the query failed. Returns an empty
 * list if there is nothing to report. Looker also puts notes there, marked `fatal: false`, which leave the result
 * whole. The log has only their number, since their texts may hold data.
 */
export function lookerErrorTexts(errors: unknown): string[] {
  const list = Array.isArray(errors) ? errors as unknown[] : isPresent(errors) ? [errors] : []
  const notes = list.filter(isNote)
  if (notes.length > 0) {
    winston.warn(`Looker's result has notes that are not errors: ${notes.length}`)
  }
  return list.filter((entry) => !isNote(entry)).map(textOf)
}

/**
 * Returns the text of a row by which Looker reports, in the `json` formats, that the query failed: its only member is
 * `looker_error`. Returns undefined for any other row.
 */
export function lookerErrorOfRow(row: unknown): string | undefined {
  if (typeof row !== "object" || row === null || !("looker_error" in row) || Object.keys(row).length !== 1) {
    return undefined
  }
  return shorten(String(row.looker_error))
}

function isPresent(errors: unknown): boolean {
  return errors != null && errors !== false && errors !== "" &&
    !(typeof errors === "object" && Object.keys(errors).length === 0)
}

function isNote(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && (entry as LookerError).fatal === false
}

function textOf(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) {
    return shorten(String(entry))
  }
  const { message, message_details: details } = entry as LookerError
  const parts = [message, details].filter((part) => typeof part === "string" && part !== "")
  return shorten(parts.length > 0 ? parts.join(" ") : JSON.stringify(entry))
}

function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text
}
