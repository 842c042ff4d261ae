import { parse } from "csv-parse"

/** A row of a failure or warning file. */
export interface ReasonRow {
  /** As Marketo writes it; empty if the file does not have it. */
  lookupValue: string
  reason: string
}

/** Characters that are handed to the parser at once. */
const CHARACTERS_AT_ONCE = 65536

/** The last column of both files. Source: observed; no document names it. */
const REASON_COLUMN = /^\s*import (?:failure|warning) reason\s*$/i

/**
 * Reads a failure or warning file of Marketo's by the names in its header: columns that are empty in all of its rows
 * may be missing. Throws Error if it is no such file.
 */
export async function readReasons(text: string, lookupField: string): Promise<ReasonRow[]> {
  const rows: ReasonRow[] = []
  let reasonAt = -1
  let lookupAt = -1
  const parser = parse({ bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true })
  const ended = new Promise<void>((resolve, reject) => {
    parser.on("readable", () => {
      for (let row = parser.read() as string[] | null; row !== null; row = parser.read() as string[] | null) {
        if (reasonAt < 0) {
          reasonAt = row.findIndex((name) => REASON_COLUMN.test(name))
          lookupAt = row.findIndex((name) => name.trim() === lookupField)
          if (reasonAt < 0) {
            reject(new Error("The file has no column with reasons."))
            return
          }
        } else {
          rows.push({ lookupValue: lookupAt < 0 ? "" : row[lookupAt] ?? "", reason: (row[reasonAt] ?? "").trim() })
        }
      }
    })
    parser.on("error", reject)
    parser.on("end", () => {
      if (reasonAt < 0) {
        reject(new Error("The file has no header."))
      } else {
        resolve()
      }
    })
  })
  for (let from = 0; from < text.length; from += CHARACTERS_AT_ONCE) {
    if (!parser.write(text.slice(from, from + CHARACTERS_AT_ONCE))) {
      await Promise.race([ended, new Promise<void>((resolve) => { parser.once("drain", resolve) })])
    }
  }
  parser.end()
  await ended
  return rows
}
