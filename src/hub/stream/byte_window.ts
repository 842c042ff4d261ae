import * as buffer from "buffer"
import { keepNumberTexts, mayLoseDigits } from "./number_texts"
import { noteYoungBuffer } from "./young_buffers"

/**
 * The text of a piece, two bytes a character, and of what was left of the one before must stay below the 128 KB from
 * which on V8 gives each string memory of its own from the operating system: that costs a millisecond each time.
 */
const PIECE_BYTES = 32768
const SMALLEST_CAPACITY = 8 * PIECE_BYTES

/** Node has had these since 18.15, but a project's declarations of Node may be older than its Node. */
const { isAscii, isUtf8 } = buffer as unknown as Record<"isAscii" | "isUtf8", (bytes: Uint8Array) => boolean>

/**
 * The part of a byte stream that is being looked at: `bytes` from `start` up to `end`. Moving `start` forward drops the
 * bytes before it. `fill` appends bytes and may move everything, so positions are good only until the next `fill`.
 *
 * There is always one byte before `start` and one after `end` for the brackets that `parse` writes.
 */
export class ByteWindow {
  bytes: Buffer = Buffer.allocUnsafe(SMALLEST_CAPACITY)
  start = 1
  end = 1

  private rest: Buffer = Buffer.alloc(0)
  private bytesBefore = 0

  /** `chunks` is a Readable's iterator. Text is taken as UTF-8. */
  constructor(private readonly chunks: AsyncIterator<Buffer | string>) {}

  /** The number of bytes of the stream before `start`. */
  get offset(): number {
    return this.bytesBefore + this.start - 1
  }

  get length(): number {
    return this.end - this.start
  }

  /**
   * Appends the next bytes of the stream, at most 32 KiB. JSON.parse is fastest on pieces of about that size.
   * Resolves with false at the stream's end. Rejects if the stream fails.
   */
  async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const next = await this.chunks.next()
      if (next.done) {
        return false
      }
      this.rest = typeof next.value === "string" ? Buffer.from(next.value) : next.value
    }
    const piece = this.rest.subarray(0, PIECE_BYTES)
    noteYoungBuffer(piece.length)
    this.rest = this.rest.subarray(piece.length)
    this.makeRoomFor(piece.length)
    this.end += piece.copy(this.bytes, this.end)
    return true
  }

  /**
   * Returns the comma-separated values in the `length` bytes from `start`, or undefined if those bytes contain anything
   * else. With `withNumberTexts` they are rows, whose cells get the texts of numbers (see `keepNumberTexts`).
   */
  parse(length: number, withNumberTexts = false): unknown[] | undefined {
    const from = this.start - 1
    const to = this.start + length
    const overwritten = this.bytes[to]
    this.bytes[from] = 0x5b
    this.bytes[to] = 0x5d
    try {
      const list = this.bytes.subarray(from, to + 1)
      if (!isUtf8(list)) {
        return undefined
      }
      const text = textOf(list)
      const values = JSON.parse(text) as unknown[]
      if (withNumberTexts && mayLoseDigits(list, text)) {
        keepNumberTexts(values, text)
      }
      return values
    } catch {
      // JSON.parse only reports that the text is malformed, and its message quotes people's data.
      return undefined
    } finally {
      this.bytes[to] = overwritten
    }
  }

  /** Returns a copy of the last `length` bytes before `start`. */
  copyOfLast(length: number): Buffer {
    return Buffer.from(this.bytes.subarray(this.start - length, this.start))
  }

  private makeRoomFor(length: number) {
    const kept = this.length
    const needed = 1 + kept + length + 1
    const isOversized = this.bytes.length > SMALLEST_CAPACITY && needed * 4 < this.bytes.length
    const fits = this.end + length + 1 <= this.bytes.length
    if (fits && !isOversized) {
      return
    }
    const source = this.bytes
    if (needed > source.length || isOversized) {
      this.bytes = Buffer.allocUnsafe(Math.max(SMALLEST_CAPACITY, 2 * needed))
    }
    source.copy(this.bytes, 1, this.start, this.end)
    this.bytesBefore += this.start - 1
    this.start = 1
    this.end = 1 + kept
  }
}

/**
 * Returns the text of well-formed UTF-8. UTF-16 as a detour takes about a quarter of the time of `toString("utf8")`.
 */
function textOf(bytes: Buffer): string {
  if (isAscii(bytes)) {
    return bytes.toString("latin1")
  }
  const wide = buffer.transcode(bytes, "utf8", "utf16le")
  noteYoungBuffer(wide.length)
  return wide.toString("utf16le")
}
