/** What goes wrong with one download. Bytes are counted in the response's body. */
export type DownloadFault =
  /** The body ends properly, as far as HTTP can tell, after so many bytes. */
  | { kind: "truncated", afterBytes: number }
  /** Content-Length says so many bytes more (fewer, when negative) than the body has; then the connection ends. */
  | { kind: "wrong content length", differenceBytes: number }
  | { kind: "status", status: number, body?: string }
  /** A sign-in page with status 200, as a proxy in between may answer. */
  | { kind: "html page" }
  /** Nothing more comes after so many bytes, and the connection stays open. */
  | { kind: "stall", afterBytes: number }
  /** So many bytes at a time, with so long a wait after each. */
  | { kind: "slow drip", chunkBytes: number, everyMs: number }
  /** The connection is reset after so many bytes. */
  | { kind: "reset", afterBytes: number }
  /** The body is compressed, and says so, though nobody asked for it. */
  | { kind: "gzip" }
  /** So many redirects (1 when absent) to further one-time URLs come before the document. */
  | { kind: "redirect", times?: number, status?: 301 | 302 | 303 | 307 | 308 }
  /** The query fails after so many rows: the document is well formed, and ends with an `errors` member. */
  | { kind: "errors key", afterRows: number }

/** The first `byteCount` bytes; the source is not asked for more than needed. */
export function* firstBytes(chunks: Iterable<Buffer>, byteCount: number): Generator<Buffer> {
  let left = byteCount
  if (left <= 0) {
    return
  }
  for (const chunk of chunks) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) {
      return
    }
  }
}

export const SIGN_IN_PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>" +
  "<body><form action=\"/login\">Please sign in.</form></body></html>\n"
