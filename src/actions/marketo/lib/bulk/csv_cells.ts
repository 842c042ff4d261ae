import { stringify } from "csv-stringify/sync"
import { LeadRecord } from "../api/types"

/** A value as a file can hold it. */
export type Cell = string | number | boolean

/** Half characters, which UTF-8 cannot hold, and NUL, which ends a text for many a reader. */
const UNSAFE = /[\0\p{Surrogate}]/u

/** Texts that readers of CSV may split or trim unless they are quoted. */
const TO_QUOTE = /[\r\v\f\u0085\u2028\u2029]|^[\s\uFEFF]|\s$/

/**
 * Returns true if the meaning of a value in a file is certain. What Marketo does with a blank cell is not documented,
 * nor what it makes of the word NULL, or of values that are no text, number or boolean: those go by calls.
 * Source: Marketo developer guide, "Bulk Lead Import".
 */
function isCertain(value: unknown): value is Cell {
  return typeof value === "string" ? value.trim() !== "" && !/^\s*null\s*$/i.test(value) && !UNSAFE.test(value) :
    typeof value === "number" && Number.isFinite(value) || typeof value === "boolean"
}

/** Returns the values of a lead in the order of its columns; undefined if the meaning of one would not be certain. */
export function cellsOf(record: LeadRecord, columns: string[]): Cell[] | undefined {
  const cells: Cell[] = []
  for (const column of columns) {
    const value = record[column]
    if (!isCertain(value)) {
      return undefined
    }
    cells.push(value)
  }
  return cells
}

/**
 * Returns rows as CSV, each with a line feed at its end, quoted as RFC 4180 has it. A text of a row's cells as JSON has
 * at least as many bytes: it quotes every text, and escapes what CSV writes as it is or doubles.
 */
export function csvOf(rows: Cell[][]): string {
  return stringify(rows, { cast: { boolean: String, number: String }, quoted_match: TO_QUOTE, record_delimiter: "\n" })
}
