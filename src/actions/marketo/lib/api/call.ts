import { Readable } from "stream"
import { Operation } from "./operations"

/** Parameters of a query, in their order; a list gives its parameter several times. */
export interface Query {
  [name: string]: string | string[] | undefined
}

/** A body that is sent as it is made. */
export interface Upload {
  contentType: string
  bytes: number
  open(): Readable
}

/** One call of an operation. */
export interface MarketoCall {
  operation: Operation
  /** Takes the place of `{id}` in the operation's path. */
  id?: string
  /** May be of any length where the operation is a GET. */
  query?: Query
  /** JSON text, or its bytes in UTF-8. */
  body?: string | Buffer
  /** Sent as application/x-www-form-urlencoded, as asset writes want it. */
  form?: { [name: string]: string }
  /** A body that is made anew for each attempt, since it is never in memory as a whole. */
  upload?: Upload
  /** True if the answer is a file. The envelope's `result` then has its text. */
  wantsFile?: boolean
  /** Milliseconds to wait for the answer; the connection's usual time if absent. */
  answerTimeoutMs?: number
  /** Called when the turn of an attempt has come. What it throws is thrown by `send`, and nothing is sent. */
  beforeAttempt?: () => void
  /** Called when all of an attempt's request has been handed to the network. */
  onSent?: () => void
}

/** Returns the path and query of a call. */
export function pathOf({ operation, id, query }: MarketoCall): string {
  const path = operation.path.replace("{id}", encodeURIComponent(id ?? ""))
  const text = queryText(query ?? {})
  return text === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${text}`
}

function queryText(query: Query): string {
  const parts: string[] = []
  for (const name of Object.keys(query)) {
    const value = query[name]
    for (const each of value === undefined ? [] : typeof value === "string" ? [value] : value) {
      // Commas need no escape, and separate ids readably.
      parts.push(`${name}=${encodeURIComponent(each).replace(/%2C/g, ",")}`)
    }
  }
  return parts.join("&")
}
