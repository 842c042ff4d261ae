/** A fault in one download. Bytes are counted in the response's body. */
export type DownloadFault =
  /** The body ends properly, as far as HTTP is concerned, after `afterBytes`. */
  | { kind: "truncated", afterBytes: number }
  /** Content-Length is `differenceBytes` more (fewer, if negative) than the body has. Then the connection ends. */
  | { kind: "wrong content length", differenceBytes: number }
  | { kind: "status", status: number, body?: string }
  /** A sign-in page with status 200, as a proxy in between may answer. */
  | { kind: "html page" }
  /** Nothing more comes after `afterBytes`, and the connection stays open. */
  | { kind: "stall", afterBytes: number }
  /** `chunkBytes` at a time, with a wait of `everyMs` after each. */
  | { kind: "slow drip", chunkBytes: number, everyMs: number }
  /** The connection is reset after `afterBytes`. */
  | { kind: "reset", afterBytes: number }
  /** The body is compressed, with the matching header, although nobody asked for it. */
  | { kind: "gzip" }
  /** `times` redirects (1 if absent) to further one-time URLs come before the document. */
  | { kind: "redirect", times?: number, status?: 301 | 302 | 303 | 307 | 308 }
  /** The query fails after `afterRows`: the document is well formed, and ends with an `errors` member. */
  | { kind: "errors key", afterRows: number }

/** Yields the first `byteCount` bytes. The source is not asked for more than needed. */
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
