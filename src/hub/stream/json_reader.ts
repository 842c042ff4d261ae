/* eslint-disable @typescript-eslint/no-explicit-any -- Looker's own rows and fields; upstream's contract */
import type { Readable } from "stream"
import { readSettings } from "../settings"
import { DocumentReader, readDocument } from "./document_reader"
import { lookerErrorOfRow, lookerErrorTexts } from "./looker_errors"
import { readerSettings, ReaderSettings } from "./stream_settings"
import { WaitingRows } from "./waiting_rows"

type RowCallback = (row: any) => void | Promise<void>

/** The callbacks for a `json_detail` document, called in the document's order, and options for reading it. */
export interface JsonDetailCallbacks {
  /** Called with each row. If it returns a promise, the reader waits for it, and so in the end does Looker. */
  onRow: (row: any) => void | Promise<void>
  /** Called once with the complete `fields`, before the first row. Rows that come earlier wait for it. */
  onFields?: (fields: any) => void | Promise<void>
  onRanAt?: (ranAt: string) => void | Promise<void>
  /**
   * Called with the name and the value of each member in which Looker describes the result, such as `timezone`,
   * `applied_limit`, `truncated`, `column_truncated` and `warnings`. These are all but `fields`, `ran_at`, `data`,
   * `errors` and `sql_error`. With this callback, rows that come before the fields wait for the document's end, so that
   * such members are delivered first. Members that come after rows that did not have to wait are delivered after them.
   */
  onMember?: (name: string, value: unknown) => void | Promise<void>
  /** Cells get a `source`, the text of a number that JavaScript may not hold; see `Cell`. This costs CPU time. */
  keepNumberTexts?: boolean
  /** Ends the reading, and the download, as soon as it fires, even while nothing comes. */
  signal?: AbortSignal
}

/**
 * Reads a `json` document. Calls back with each element of the top-level list, or each value of the top-level object.
 *
 * Rejects with the callback's very error if it throws or rejects. Rejects with a DocumentError if the document is cut
 * off, malformed, followed by something, or Looker's report of a failed query, and with a DownloadError if the download
 * failed. In each case the stream is destroyed.
 */
export async function readJsonRows(readable: Readable, onRow: RowCallback): Promise<void> {
  return readDocument(readable, async (document) => {
    const deliver = rowDelivery(document, onRow, (row) => {
      const text = lookerErrorOfRow(row)
      if (text !== undefined) {
        throw lookerFailure(document, [text])
      }
    })
    if (await document.begin() === "list") {
      await document.eachElement(deliver)
    } else {
      await document.eachMember(async (key) => {
        const value = await document.value()
        if (key === "errors") {
          refuseErrors(document, value)
        }
        await deliver([value])
      })
    }
    await document.finish()
  })
}

/**
 * Reads a `json_detail` or `json_detail_lite_stream` document. Calls back with `fields`, `ran_at` and each child of
 * `data` (elements of the list, or values of the object). A document without `fields` still delivers its rows.
 *
 * Rejects as {@link readJsonRows} does. Also rejects if the document has no `data`, has one of the three members twice,
 * or has `errors` or an `sql_error`; if more than `waitingRowsBytes` of rows come before the `fields` that `onFields`
 * waits for; and when the callbacks' `signal` fires.
 */
export async function readJsonDetail(
  readable: Readable,
  callbacks: JsonDetailCallbacks,
  settings: ReaderSettings = readSettings(readerSettings),
): Promise<void> {
  return readDocument(readable, async (document) => {
    const deliver = rowDelivery(document, callbacks.onRow)
    document.keepsNumberTexts = callbacks.keepNumberTexts === true
    const waitingRows = new WaitingRows(settings.waitingRowsBytes, document.keepsNumberTexts)
    const seen = new Set<string>()

    const readData = async () => {
      const mustWait = callbacks.onFields !== undefined && !seen.has("fields")
      const take = mustWait ? waitingRows.keeper(document) : deliver
      const kind = await document.kindOfValue()
      if (kind === "list") {
        return document.eachElement(take)
      }
      if (kind === "object") {
        return document.eachMemberValue(take)
      }
      throw document.error("Looker's result has a \"data\" that is not a list of rows")
    }

    if (await document.begin() !== "object") {
      throw document.error("Looker's result is not in a json_detail format: it is a list, not an object")
    }
    await document.eachMember(async (key) => {
      if ((key === "data" || key === "fields" || key === "ran_at") && seen.has(key)) {
        throw document.error(`Looker's result has its "${key}" twice`)
      }
      if (key === "data") {
        await readData()
      } else {
        const value = await document.value()
        if (key === "errors" || key === "sql_error") {
          refuseErrors(document, value)
        } else if (key === "fields") {
          await callbacks.onFields?.(value)
          if (callbacks.onMember === undefined) {
            await waitingRows.release(deliver)
          }
        } else if (key === "ran_at") {
          await callbacks.onRanAt?.(value as string)
        } else {
          await callbacks.onMember?.(key, value)
        }
      }
      seen.add(key)
    })
    await document.finish()
    if (!seen.has("data")) {
      throw document.error("Looker's result has no \"data\"")
    }
    await waitingRows.release(deliver)
  }, callbacks.signal)
}

/** Returns a callback that hands rows to `onRow` one by one, and waits if it returns a promise. */
function rowDelivery(document: DocumentReader, onRow: RowCallback, check?: (row: unknown) => void) {
  return async (rows: unknown[]) => {
    for (const row of rows) {
      check?.(row)
      const waiting = onRow(row)
      if (waiting) {
        await waiting
      }
      document.rowsDelivered++
    }
  }
}

function refuseErrors(document: DocumentReader, errors: unknown) {
  const texts = lookerErrorTexts(errors)
  if (texts.length > 0) {
    throw lookerFailure(document, texts)
  }
}

function lookerFailure(document: DocumentReader, texts: string[]) {
  return document.error(`Looker could not run the query: ${texts.slice(0, 5).join("; ")}`, texts)
}
