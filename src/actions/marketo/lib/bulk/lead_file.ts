import { randomBytes } from "crypto"
import { Readable } from "stream"
import { Upload } from "../api/call"
import { Cell, csvOf } from "./csv_cells"

/** A lead in a file, made of one row of the query result or of several with one lookup value. */
export interface FileLead {
  lookupValue: string
  /** The numbers of the rows that went into it. */
  rows: number[]
  /** What was left out of which row, in words; absent if nothing was. */
  leftOut?: { row: number, values: string }[]
  /** The JSON text of its cells, in the order of the file's columns; empty once Marketo has the file. */
  cells: string
}

/** Rows that become CSV at once, before anything else has its turn. */
const ROWS_AT_ONCE = 500

/**
 * A file of leads that all have a value for each of its columns. Its CSV is made while it is sent, each time anew, and
 * is nowhere as a whole.
 */
export class LeadFile {
  constructor(readonly columns: string[], readonly leads: FileLead[]) {}

  /** Returns the body of a multipart form with the file. Source: RFC 7578, https://www.rfc-editor.org/rfc/rfc7578. */
  async asForm(): Promise<Upload> {
    const boundary = `leads-${randomBytes(16).toString("hex")}`
    const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="leads.csv"\r\n` +
      "Content-Type: text/csv; charset=utf-8\r\n\r\n")
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
    let bytes = head.length + tail.length
    for await (const chunk of this.chunks()) {
      bytes += chunk.length
    }
    return {
      contentType: `multipart/form-data; boundary=${boundary}`, bytes,
      open: () => Readable.from(this.parts(head, tail), { objectMode: false }),
    }
  }

  /** Forgets the values of the leads: they are not sent again from here. */
  forgetCells(): void {
    for (const lead of this.leads) {
      lead.cells = ""
    }
  }

  private async *parts(head: Buffer, tail: Buffer): AsyncGenerator<Buffer> {
    yield head
    yield* this.chunks()
    yield tail
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(csvOf([this.columns]))
    for (let from = 0; from < this.leads.length; from += ROWS_AT_ONCE) {
      await new Promise<void>((resolve) => { setImmediate(resolve) })
      const rows = this.leads.slice(from, from + ROWS_AT_ONCE).map(({ cells }) => JSON.parse(cells) as Cell[])
      yield Buffer.from(csvOf(rows))
    }
  }
}
