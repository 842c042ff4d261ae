import { quantity } from "../quantity"

/**
 * The reason why a download did not arrive whole:
 *
 * - `address`: the address is malformed, not http(s), or names a host that the configuration does not allow
 * - `connection`: the network failed (name look-up, refusal, reset, certificate)
 * - `timeout`: the connection, the first byte, the next byte or the whole took too long
 * - `status`: the answer's status was not 200
 * - `redirect`: too many redirects, or one that leaves https
 * - `incomplete`: the bytes differ from those that the answer announced; usually there are fewer
 * - `encoding`: the body is compressed in a way we did not ask for, or its compression is broken
 * - `spool`: the bytes set aside on disk could not be read back
 * - `proxy`: the proxy that leads to Looker refused, or its address is malformed
 * - `stopped`: the reader ended the download
 */
export type DownloadErrorKind =
  "address" | "connection" | "timeout" | "status" | "redirect" | "incomplete" | "encoding" | "spool" | "proxy" |
  "stopped"

interface DownloadErrorDetails {
  /** The underlying error, if any. */
  cause?: unknown
  /** The answer's status, for the kind `status`. */
  statusCode?: number
  /** Rows that the action had received when the download failed, if rows were being read. */
  rowsDelivered?: number
}

/**
 * Raised when the one-time download from Looker did not arrive whole. The message never contains the address, which is
 * a secret while it is valid. At most it names the host.
 */
export class DownloadError extends Error {
  readonly cause?: unknown
  readonly statusCode?: number
  readonly rowsDelivered?: number

  constructor(readonly kind: DownloadErrorKind, message: string, private readonly details: DownloadErrorDetails = {}) {
    super(message)
    this.name = "DownloadError"
    this.cause = details.cause
    this.statusCode = details.statusCode
    this.rowsDelivered = details.rowsDelivered
  }

  /** Returns the same failure with the number of rows that the action had received by then. */
  afterRows(rowsDelivered: number): DownloadError {
    return new DownloadError(this.kind, `${this.message} (${afterRows(rowsDelivered)})`, {
      ...this.details,
      rowsDelivered,
    })
  }
}

interface DocumentErrorDetails {
  /** Rows that the action had received when the document turned out to be wrong. */
  rowsDelivered: number
  /** The position in the document, in bytes from its start. */
  byteOffset: number
  /** Looker's own words, if Looker reported that the query failed. */
  lookerErrors?: string[]
}

/**
 * Raised when a result arrived but is not the whole, well-formed document it should be, or when it carries errors of
 * Looker's own. The message quotes Looker's error texts, but never the rest of the document, which holds people's data.
 */
export class DocumentError extends Error {
  readonly rowsDelivered: number
  readonly byteOffset: number
  readonly lookerErrors: string[]

  /** `what` is a sentence without its full stop. The position and the number of rows are added to it. */
  constructor(what: string, details: DocumentErrorDetails) {
    super(`${what} (at byte ${details.byteOffset}, ${afterRows(details.rowsDelivered)})`)
    this.name = "DocumentError"
    this.rowsDelivered = details.rowsDelivered
    this.byteOffset = details.byteOffset
    this.lookerErrors = details.lookerErrors ?? []
  }
}

function afterRows(rows: number): string {
  return `after ${quantity(rows, "row")}`
}
