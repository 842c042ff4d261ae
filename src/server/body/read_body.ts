import type { Request } from "express"
import { setImmediate as nextTurn } from "timers/promises"
import type { Readable } from "stream"
import * as zlib from "zlib"

import { isBase64 } from "../../hub/attachment"
import { AttachmentBytes } from "../../hub/attachment_bytes"
import { noteYoungBuffer } from "../../hub/stream/young_buffers"
import { RefusedRequest } from "../refused_request"
import { decodedInPlace } from "./base64_pieces"
import { BodyMemory, BodyShare } from "./body_memory"
import { BodyPatience, BodyWatch } from "./body_patience"
import { AttachedData, BodyScanner, SplitBody } from "./body_scanner"
import { requireJson } from "./inline_json"

/** The size up to which an attachment's data is an ordinary member of the body. JSON.parse takes some ms for it. */
const SMALL_DATA_BYTES = 1024 * 1024

/** The bytes that decompression passes on at once. */
const CHUNK_BYTES = 64 * 1024

const NOT_JSON = "The request could not be read: the body has to be one valid JSON object or array."
const WRONG_ENCODING = "The request body has to be JSON in UTF-8, plain or compressed with gzip, deflate or br."

/** The rules for reading a body. */
export interface BodyRules {
  /** The most bytes of a body after decompression. */
  limitBytes: number
  patience: BodyPatience
  /** Shared by all bodies of the hub. */
  memory: BodyMemory
}

/**
 * Reads a JSON body as its bytes arrive, without holding up the loop. An attachment's data is set aside and decoded in
 * pieces, and becomes {@link AttachmentBytes} if it is large. Resolves with the object or the array, or with `{}` for a
 * body without bytes. `share` learns of the bytes and is to be ended by whoever gave it.
 * Rejects with a RefusedRequest at the first byte that decides it, and leaves the rest of the body unread.
 */
export async function readBody(req: Request, rules: BodyRules, share: BodyShare): Promise<object> {
  const decoder = decoderFor(req)
  if (Number(req.headers["content-length"] ?? 0) > rules.limitBytes) {
    throw tooLarge(rules)
  }
  const scanner = new BodyScanner()
  const bytes = await scanAll(req, decoder, scanner, rules, share)
  return bytes === 0 ? {} : wholeBody(scanner.end())
}

/** Returns undefined for a body that is not compressed. Throws a RefusedRequest for one that the hub cannot read. */
function decoderFor(req: Request): (Readable & NodeJS.WritableStream) | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(req.headers["content-type"] ?? "")?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new RefusedRequest(415, WRONG_ENCODING)
  }
  switch ((req.headers["content-encoding"] ?? "identity").toLowerCase()) {
    case "identity": return undefined
    case "gzip": case "x-gzip": return zlib.createGunzip({ chunkSize: CHUNK_BYTES })
    case "deflate": return zlib.createInflate({ chunkSize: CHUNK_BYTES })
    case "br": return zlib.createBrotliDecompress({ chunkSize: CHUNK_BYTES })
    default: throw new RefusedRequest(415, WRONG_ENCODING)
  }
}

/** Resolves with the number of bytes when all are scanned. */
async function scanAll(
  req: Request, decoder: (Readable & NodeJS.WritableStream) | undefined, scanner: BodyScanner, rules: BodyRules,
  share: BodyShare,
): Promise<number> {
  const source: Readable = decoder ?? req
  let bytes = 0
  let isSettled = false
  return new Promise<number>((resolve, reject) => {
    const settle = (finish: () => void) => {
      if (isSettled) {
        return
      }
      isSettled = true
      watch.end()
      source.off("data", take)
      // Later bytes have no reader, and a connection or stream that breaks now does not matter.
      source.on("error", () => undefined)
      req.on("error", () => undefined)
      if (decoder !== undefined) {
        req.unpipe(decoder)
        decoder.destroy()
      }
      req.pause()
      finish()
    }
    const fail = (error: Error) => settle(() => reject(error))
    const take = (chunk: Buffer) => {
      try {
        bytes += chunk.length
        if (bytes > rules.limitBytes) {
          throw tooLarge(rules)
        }
        share.add(chunk.length)
        scanner.scan(chunk)
        noteYoungBuffer(chunk.length)
        watch.bytesCame(scanner.isInData)
      } catch (error) {
        fail(readable(error as Error))
      }
    }
    const watch = new BodyWatch(rules.patience, fail)
    source.on("data", take)
    source.once("end", () => settle(() => resolve(bytes)))
    source.once("error", () => fail(new RefusedRequest(400, NOT_JSON)))
    req.once("close", () => {
      if (!req.complete) {
        fail(new RefusedRequest(400, "The connection was closed before the body was complete."))
      }
    })
    if (decoder !== undefined) {
      req.pipe(decoder)
    }
  })
}

async function wholeBody({ json, data }: SplitBody): Promise<object> {
  const body = parseJson(json)
  if (typeof body !== "object" || body === null) {
    throw new RefusedRequest(400, NOT_JSON)
  }
  const { attachment } = body as { attachment?: { data: unknown, mimetype?: unknown } }
  if (data !== undefined && attachment !== undefined) {
    const { mimetype } = attachment
    attachment.data = await attachedData(data, typeof mimetype === "string" && isBase64(mimetype))
  }
  return body
}

/** Returns the value for `attachment.data`: what JSON.parse would return, if the data is small. */
async function attachedData({ kind, pieces }: AttachedData, isBase64Text: boolean): Promise<unknown> {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
  if (bytes <= SMALL_DATA_BYTES) {
    const whole = Buffer.concat(pieces)
    return kind === "json" ? parseJson(whole) : whole.toString("utf8")
  }
  if (kind === "json") {
    await requireJson(pieces, () => new RefusedRequest(400, NOT_JSON))
    return new AttachmentBytes(pieces, true)
  }
  return new AttachmentBytes(isBase64Text ? await decoded(pieces) : pieces, false)
}

async function decoded(pieces: Buffer[]): Promise<Buffer[]> {
  const bytes: Buffer[] = []
  for (const piece of decodedInPlace(pieces)) {
    bytes.push(piece)
    await nextTurn()
  }
  return bytes
}

function parseJson(bytes: Buffer): unknown {
  try {
    // The platform's decoder drops a byte-order mark.
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    throw new RefusedRequest(400, NOT_JSON)
  }
}

/** Returns an error that the sender understands. The scanner's own refusals have their words. */
function readable(error: Error): Error {
  return error instanceof SyntaxError ? new RefusedRequest(400, NOT_JSON) : error
}

function tooLarge({ limitBytes }: BodyRules): RefusedRequest {
  return new RefusedRequest(413, "The request body is larger than this hub accepts: " +
    `${limitBytes / 1024 / 1024} MB (ACTION_HUB_BODY_LIMIT_MB).`)
}
