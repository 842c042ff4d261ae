import * as http from "http"
import { pipeline } from "stream/promises"
import { Readable } from "stream"
import { setTimeout as wait } from "timers/promises"
import { createGzip } from "zlib"

import { DownloadFault, firstBytes, SIGN_IN_PAGE } from "./download_fault"
import { rechunked } from "./query_result"

export interface SendingOptions {
  /** Called with the size of each chunk handed to the connection, before compression. */
  onBytes: (byteCount: number) => void
  /** Ends the waits between the drops of a slow drip. */
  stopping: AbortSignal
}

const JSON_HEADERS = { "Content-Type": "application/json" }

/**
 * Answers one download with the text of `body`, spoilt by `fault`. Chunks are made no faster than the client reads.
 * Resolves when everything meant to be sent is sent. Rejects if the connection ended before, for any reason.
 */
export async function sendDownload(
  body: () => Iterable<Buffer>,
  fault: DownloadFault | undefined,
  response: http.ServerResponse,
  { onBytes, stopping }: SendingOptions,
): Promise<void> {
  const chunks = function* (wanted: Iterable<Buffer>): Generator<Buffer> {
    for (const chunk of wanted) {
      onBytes(chunk.length)
      yield chunk
    }
  }
  switch (fault?.kind) {
    case "status":
      response.writeHead(fault.status, { "Content-Type": "text/plain" }).end(fault.body ?? "")
      return
    case "html page":
      response.writeHead(200, { "Content-Type": "text/html" }).end(SIGN_IN_PAGE)
      return
    case "gzip":
      response.writeHead(200, { ...JSON_HEADERS, "Content-Encoding": "gzip" })
      await pipeline(Readable.from(chunks(body())), createGzip(), response)
      return
    case "truncated":
      response.writeHead(200, JSON_HEADERS)
      await pipeline(Readable.from(chunks(firstBytes(body(), fault.afterBytes))), response)
      return
    case "wrong content length":
      await sendWithLength(byteCount(body()) + fault.differenceBytes, chunks(body()), response)
      return
    case "slow drip":
      response.writeHead(200, JSON_HEADERS)
      await pipeline(
        Readable.from(drip(chunks(rechunked(body(), fault.chunkBytes)), fault.everyMs, stopping)), response)
      return
    case "reset":
      await sendAndKeepOpen(chunks(firstBytes(body(), fault.afterBytes)), response)
      response.socket?.resetAndDestroy()
      throw new Error("reset on purpose")
    case "stall":
      await sendAndKeepOpen(chunks(firstBytes(body(), fault.afterBytes)), response)
      await new Promise<void>((resolve) => response.once("close", resolve))
      throw new Error("stalled on purpose")
    default:
      response.writeHead(200, JSON_HEADERS)
      await pipeline(Readable.from(chunks(body())), response)
  }
}

/** Writes past http's own bookkeeping, since Node would refuse, or wait for, bytes that do not add up. */
async function sendWithLength(
  contentLength: number, chunks: Iterable<Buffer>, response: http.ServerResponse,
): Promise<void> {
  response.writeHead(200, { ...JSON_HEADERS, "Content-Length": contentLength, "Connection": "close" })
  response.flushHeaders()
  const socket = response.socket
  if (socket === null) {
    throw new Error("the client left before the body")
  }
  await pipeline(Readable.from(chunks), socket)
}

/** Writes all of `chunks` and waits until they have left this process; the response stays open. */
async function sendAndKeepOpen(chunks: Iterable<Buffer>, response: http.ServerResponse): Promise<void> {
  response.writeHead(200, JSON_HEADERS)
  response.flushHeaders()
  for (const chunk of chunks) {
    await new Promise<void>((resolve, reject) => {
      response.write(chunk, (error) => error == null ? resolve() : reject(error))
    })
  }
}

async function* drip(chunks: Iterable<Buffer>, everyMs: number, stopping: AbortSignal): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    yield chunk
    await wait(everyMs, undefined, { signal: stopping })
  }
}

function byteCount(chunks: Iterable<Buffer>): number {
  let bytes = 0
  for (const chunk of chunks) {
    bytes += chunk.length
  }
  return bytes
}
