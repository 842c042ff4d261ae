/**
 * What kept a download from arriving whole:
 *
 * - `address`: the address is malformed, not http(s), or names a host that the configuration does not allow
 * - `connection`: the network failed (name look-up, refusal, reset, certificate)
 * - `timeout`: the connection, the first byte, the next byte or the whole took too long
 * - `status`: the answer's status was not 200
 * - `redirect`: too many redirects, or one that leaves https
 * - `incomplete`: other bytes came than the answer promised: fewer, as a rule
 * - `encoding`: the body is compressed in a way we did not ask for, or its compression is broken
 * - `spool`: what was set aside on disk could not be read back
 * - `proxy`: the proxy that leads to Looker refused, or its address is malformed
 * - `stopped`: whoever reads said that it is enough
 */
export type DownloadErrorKind =
  "address" | "connection" | "timeout" | "status" | "redirect" | "incomplete" | "encoding" | "spool" | "proxy" |
  "stopped"

interface DownloadErrorDetails {
  /** The error underneath, when there is one. */
  cause?: unknown
  /** The answer's status, for the kind `status`. */
  statusCode?: number
  /** Rows that the action had received when the download failed, when rows were being read. */
  rowsDelivered?: number
}

/**
 * Raised when the one-time download from Looker did not arrive whole. The message never holds the address, which is
 * a secret while it is valid; at most it names the host.
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

  /** The same failure, saying how many rows the action had received by then. */
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
  /** Where in the document, counted in bytes from its start. */
  byteOffset: number
  /** Looker's own words, when Looker reported that the query failed. */
  lookerErrors?: string[]
}

/**
 * Raised when a result arrived but is not the whole, well-formed document it should be, or when it carries errors of
 * Looker's own. The message never quotes the document, since that holds people's data; Looker's error texts are the
 * exception.
 */
export class DocumentError extends Error {
  readonly rowsDelivered: number
  readonly byteOffset: number
  readonly lookerErrors: string[]

  /** `what` reads as a sentence without its full stop; where and after how many rows are added to it. */
  constructor(what: string, details: DocumentErrorDetails) {
    super(`${what} (at byte ${details.byteOffset}, ${afterRows(details.rowsDelivered)})`)
    this.name = "DocumentError"
    this.rowsDelivered = details.rowsDelivered
    this.byteOffset = details.byteOffset
    this.lookerErrors = details.lookerErrors ?? []
  }
}

function afterRows(rows: number): string {
  return rows === 1 ? "after 1 row" : `after ${rows} rows`
}
