import * as crypto from "crypto"
import * as zlib from "zlib"

/** The key's length. It is in the report's link, and nowhere else. */
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const LENGTH_BYTES = 4
const CIPHER = "aes-256-gcm"

/** Fast, and not far behind the best for text like this. */
const COMPRESSION = { level: 3 }

/** A sealed block at its head: its length, then the flag of the last block. */
const HEAD_BYTES = LENGTH_BYTES + 1

/** Returns a key for one report, as it stands in a link. */
export function newReportKey(): string {
  return crypto.randomBytes(KEY_BYTES).toString("base64url")
}

/** Returns true if the text has the form of a key. */
export function isReportKey(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}

/**
 * Compresses and encrypts the text of a report, block by block. Each block is sealed for its report, its place and
 * whether it is the last one, so blocks cannot be left out, moved or exchanged without notice.
 */
export class ReportSealer {
  private readonly key: Buffer
  private blocks = 0

  constructor(private readonly id: string, key: string) {
    this.key = Buffer.from(key, "base64url")
  }

  /** Returns the next block, with its head. */
  seal(text: string, isLast: boolean): Buffer {
    const cipher = crypto.createCipheriv(CIPHER, this.key, nonceOf(this.blocks))
    cipher.setAAD(placeOf(this.id, this.blocks++, isLast))
    const packed = zlib.deflateRawSync(text, COMPRESSION)
    const sealed = Buffer.concat([cipher.update(packed), cipher.final(), cipher.getAuthTag()])
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt32BE(sealed.length)
    head[LENGTH_BYTES] = isLast ? 1 : 0
    return Buffer.concat([head, sealed])
  }
}

/** The state of a report that is being opened: a piece of its text, or why there is no more. */
export type Opened = { kind: "text", text: string } | { kind: "damaged" } | { kind: "unfinished" }

/**
 * Opens the blocks of a report in pieces of any size. Ends with `unfinished` after a report whose last block is not
 * there, and with `damaged` at the first block that the key does not open.
 */
export async function* openReport(
  id: string, key: string, pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Opened> {
  const keyBytes = Buffer.from(key, "base64url")
  let unread = Buffer.alloc(0)
  let blocks = 0
  for await (const piece of pieces) {
    unread = Buffer.concat([unread, piece])
    for (;;) {
      const length = unread.length < HEAD_BYTES ? Infinity : HEAD_BYTES + unread.readUInt32BE()
      if (unread.length < length) {
        break
      }
      const isLast = unread[LENGTH_BYTES] === 1
      const text = openBlock(keyBytes, unread.subarray(HEAD_BYTES, length), placeOf(id, blocks, isLast), blocks)
      if (text === undefined) {
        yield { kind: "damaged" }
        return
      }
      yield { kind: "text", text }
      if (isLast) {
        return
      }
      blocks++
      unread = unread.subarray(length)
    }
  }
  yield { kind: "unfinished" }
}

function openBlock(key: Buffer, sealed: Buffer, place: Buffer, number: number): string | undefined {
  try {
    const decipher = crypto.createDecipheriv(CIPHER, key, nonceOf(number), { authTagLength: TAG_BYTES })
    decipher.setAAD(place)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const packed = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
    return zlib.inflateRawSync(packed).toString("utf8")
  } catch {
    return undefined
  }
}

/** A number is a good nonce, since no key serves two reports. */
function nonceOf(block: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUIntBE(block, NONCE_BYTES - 6, 6)
  return nonce
}

function placeOf(id: string, block: number, isLast: boolean): Buffer {
  return Buffer.from(`${id} ${block} ${isLast ? "last" : "more"}`)
}
