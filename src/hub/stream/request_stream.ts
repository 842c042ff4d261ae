import { Readable } from "stream"
import { setImmediate } from "timers/promises"
import { Metrics, NO_METRICS } from "../metrics"
import { readSettings } from "../settings"
import type { Trace } from "../tracing"
import { download } from "./download"
import { DownloadError } from "./errors"
import { Spool } from "./spool"
import { streamSettings } from "./stream_settings"

const ATTACHMENT_PIECE_BYTES = 65536

/** The source of the bytes: a one-time address, or else an attachment that Looker has already sent. */
export interface StreamSource {
  downloadUrl?: string | null
  dataBuffer?: Buffer
}

/** Where a download is told of; nobody is if absent. */
export interface StreamWitnesses {
  metrics?: Metrics
  trace?: Trace
}

/**
 * Calls `callback` at once with a paused stream, then lets the source's bytes arrive on it.
 *
 * Resolves with the callback's result, once both it and the transfer have ended. Rejects as soon as either fails: with
 * the callback's very error, with a DownloadError, or, if Looker's answer had another status than 200, with a sentence
 * that is a string (upstream's contract). Nothing of such an answer's body reaches the stream. If the callback fails or
 * destroys the stream, the download ends with it.
 */
export async function streamRequest<T>(
  source: StreamSource, callback: (readable: Readable) => Promise<T>, witnesses: StreamWitnesses = {},
): Promise<T> {
  if (source.downloadUrl) {
    return streamDownload(source.downloadUrl, callback, witnesses)
  }
  if (source.dataBuffer) {
    return streamAttachment(source.dataBuffer, callback)
  }
  const nothing = new Readable({ read() { this.push(null) } })
  // The outcome does not matter. Without a source the run has failed already.
  callOn(nothing, callback).catch(() => undefined)
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- Upstream's contract: the hub rejects with the text.
  throw "startStream was called on an ActionRequest that does not have" +
    "a streaming download url or an attachment. Ensure usesStreaming is set properly on the action."
}

async function streamDownload<T>(
  url: string, callback: (readable: Readable) => Promise<T>, { metrics = NO_METRICS, trace }: StreamWitnesses,
): Promise<T> {
  const settings = readSettings(streamSettings)
  const spool = new Spool(settings.spool, undefined, metrics)
  const span = trace?.begin("download")
  const transfer = endOf(spool).catch(async (error: unknown) => {
    // The callback receives the failure first, since its own error may add facts, such as the number of rows.
    await setImmediate()
    throw error
  })
  const outcome = callOn(spool, callback)
  const abort = download(url, settings, spool)
  spool.once("close", abort)
  try {
    const value = await Promise.race([outcome, failureOf(transfer)])
    if (spool.readableFlowing === null && spool.listenerCount("readable") === 0) {
      // Nobody will take the bytes, but their arrival still decides how the run went.
      spool.resume()
    }
    await transfer
    span?.end({ bytes: spool.bytesTaken })
    return value
  } catch (error) {
    spool.destroy()
    span?.end({ bytes: spool.bytesTaken }, spool.failure instanceof DownloadError ? spool.failure.kind : "action")
    throw spool.failure instanceof DownloadError && spool.failure.kind === "status" ? spool.failure.message : error
  }
}

async function streamAttachment<T>(data: Buffer, callback: (readable: Readable) => Promise<T>): Promise<T> {
  let position = 0
  const attachment = new Readable({
    read() {
      const piece = data.subarray(position, position + ATTACHMENT_PIECE_BYTES)
      position += piece.length
      this.push(piece.length > 0 ? piece : null)
    },
  })
  try {
    return await Promise.race([callOn(attachment, callback), failureOf(endOf(attachment))])
  } catch (error) {
    attachment.destroy()
    throw error
  }
}

/** Calls `callback` synchronously. An exception becomes a rejection. */
async function callOn<T>(readable: Readable, callback: (readable: Readable) => Promise<T>): Promise<T> {
  return callback(readable)
}

/** Settles when the stream has delivered its last byte, has failed, or was closed by a reader that wants no more. */
async function endOf(readable: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    readable.once("end", resolve)
    readable.once("close", resolve)
    readable.once("error", (error: NodeJS.ErrnoException) => {
      // An early exit from a `for await` looks like this.
      if (error.code === "ABORT_ERR") {
        resolve()
      } else {
        reject(error)
      }
    })
  })
}

/** Rejects when `transfer` does, and never resolves. */
async function failureOf(transfer: Promise<void>): Promise<never> {
  await transfer
  return new Promise(() => undefined)
}
