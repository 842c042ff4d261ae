import { Readable } from "stream"
import { ByteWindow } from "./byte_window"
import { DocumentError, DownloadError } from "./errors"
import { RowBorder } from "./row_border"
import { excessOf } from "./value_limits"
import { ValueScanner } from "./value_scanner"

/**
 * The largest single value that is read: a row, or a member of the document other than its rows. It is far beyond any
 * row that Looker makes, and far below the longest string of Node.
 */
const LONGEST_VALUE_BYTES = 64 * 1024 * 1024

/** The part of a value refused by JSON.parse that is searched for the reason. */
const LONGEST_SEARCH_BYTES = 1024 * 1024

/**
 * Words that some databases and languages write for numbers, which JSON does not have. Strings are matched to be
 * skipped.
 */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|(-?\b(?:NaN|Infinity|inf|nan)\b)/g

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]
const END = -1

const code = (character: string): number => character.charCodeAt(0)
const COMMA = code(",")
const COLON = code(":")
const QUOTE = code("\"")
const OPEN_LIST = code("[")
const CLOSE_LIST = code("]")
const OPEN_OBJECT = code("{")
const CLOSE_OBJECT = code("}")

/** Takes consecutive values. `text` returns a copy of their bytes until the callback returns. */
export type ValuesCallback = (values: unknown[], text: () => Buffer) => void | Promise<void>

/**
 * Walks through one JSON document as its bytes arrive, holding no more than the current value. Each method begins where
 * the last one stopped, and the caller decides which values to descend into. Accepts exactly the documents that
 * JSON.parse accepts, with or without a byte-order mark, and rejects all others with a DocumentError.
 */
export class DocumentReader {
  /** For error messages; the code that delivers rows counts them here. */
  rowsDelivered = 0
  /** The cells of rows get the texts of their numbers; see `keepNumberTexts`. */
  keepsNumberTexts = false

  private readonly window: ByteWindow

  constructor(readable: Readable) {
    this.window = new ByteWindow(readable[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>)
  }

  /** Skips the byte-order mark, if any, and returns the kind of the document. */
  async begin(): Promise<"list" | "object"> {
    const window = this.window
    while (window.length < BYTE_ORDER_MARK.length && await this.fill()) {
      // One more round.
    }
    if (BYTE_ORDER_MARK.every((byte, index) => window.length > index && window.bytes[window.start + index] === byte)) {
      window.start += BYTE_ORDER_MARK.length
    }
    switch (await this.peek()) {
      case OPEN_LIST: return "list"
      case OPEN_OBJECT: return "object"
      case END: throw this.error("Looker sent an empty document, not a result")
      case code("<"): throw this.error("Looker sent a web page (HTML or XML), not a JSON result")
      default: throw this.error("Looker sent something that is not a JSON result")
    }
  }

  /** Returns the kind of the next value: a list or an object to descend into, or something else. */
  async kindOfValue(): Promise<"list" | "object" | "other"> {
    const byte = await this.peek()
    if (byte === END) {
      throw this.cutOff()
    }
    return byte === OPEN_LIST ? "list" : byte === OPEN_OBJECT ? "object" : "other"
  }

  /** Checks that only white space follows. */
  async finish(): Promise<void> {
    if (await this.peek() !== END) {
      throw this.error("Something follows the end of Looker's result")
    }
  }

  /**
   * Calls back with the elements of the list that begins here, in order, as many at a time as have arrived. An element
   * is handed over as soon as its last byte is there (for a bare number: its comma).
   */
  async eachElement(onValues: ValuesCallback): Promise<void> {
    this.window.start++
    if (await this.peek() === CLOSE_LIST) {
      this.window.start++
      return
    }
    // A stretch that JSON.parse refuses is read value by value, so that those before the broken one are delivered.
    let isBroken = false
    const border = new RowBorder()
    for (;;) {
      const { length, isGuess } = await this.stretch(isBroken, border)
      this.refuseExcess(length, true)
      const values = this.window.parse(length, this.keepsNumberTexts)
      if (values === undefined && isGuess) {
        border.giveUp()
        continue
      }
      if (values === undefined && !isBroken) {
        isBroken = true
        continue
      }
      if (values === undefined) {
        throw this.invalid()
      }
      if (!border.isKnown) {
        border.learn(this.window, length, values)
      }
      this.window.start += length
      border.restart()
      const waiting = onValues(values, () => this.window.copyOfLast(length))
      if (waiting) {
        await waiting
      }
      if (await this.isLast(CLOSE_LIST)) {
        return
      }
    }
  }

  /** Calls back with the key of each member of the object that begins here. The callback reads the member's value. */
  async eachMember(onKey: (key: string) => Promise<void>): Promise<void> {
    this.window.start++
    if (await this.peek() === CLOSE_OBJECT) {
      this.window.start++
      return
    }
    do {
      if (await this.peek() !== QUOTE) {
        throw await this.unexpected()
      }
      const key = await this.value()
      if (await this.peek() !== COLON) {
        throw await this.unexpected()
      }
      this.window.start++
      await onKey(key as string)
    } while (!await this.isLast(CLOSE_OBJECT))
  }

  /** Calls back with the value of each member of the object that begins here, one at a time. */
  async eachMemberValue(onValues: ValuesCallback): Promise<void> {
    return this.eachMember(async () => this.valueWithText(onValues, true))
  }

  /** Reads the value that begins here as a whole. */
  async value(): Promise<unknown> {
    let value: unknown
    await this.valueWithText(([only]) => { value = only })
    return value
  }

  /** Returns a DocumentError that names the current position in the document. */
  error(what: string, lookerErrors?: string[]): DocumentError {
    return new DocumentError(what, {
      rowsDelivered: this.rowsDelivered,
      byteOffset: this.window.offset,
      lookerErrors,
    })
  }

  private async valueWithText(onValues: ValuesCallback, isRow = false): Promise<void> {
    const { length } = await this.stretch(true)
    this.refuseExcess(length, false)
    const values = this.window.parse(length, isRow && this.keepsNumberTexts)
    if (values?.length !== 1) {
      throw this.invalid()
    }
    this.window.start += length
    await onValues(values, () => this.window.copyOfLast(length))
  }

  private refuseExcess(length: number, isRow: boolean): void {
    const excess = excessOf(this.window.bytes, this.window.start, length, isRow)
    if (excess !== undefined) {
      throw this.error(`Looker's result has ${excess}`)
    }
  }

  /**
   * Returns the length of the complete values that begin here, at least one, or of exactly one with `onlyFirst`. With a
   * known `border` it may be a guess.
   */
  private async stretch(onlyFirst: boolean, border?: RowBorder): Promise<{ length: number, isGuess: boolean }> {
    switch (await this.peek()) {
      case COMMA: case COLON: case CLOSE_LIST: case CLOSE_OBJECT: throw this.invalid()
      case END: throw await this.unexpected()
    }
    const scanner = new ValueScanner(onlyFirst)
    for (;;) {
      const guess = border?.guess(this.window) ?? 0
      const length = guess > 0 ? guess : scanner.advance(this.window)
      if (length > 0) {
        return { length, isGuess: guess > 0 }
      }
      if (this.window.length > LONGEST_VALUE_BYTES) {
        throw this.error(`A single value in Looker's result is longer than ${LONGEST_VALUE_BYTES} bytes`)
      }
      if (!await this.fill()) {
        throw this.cutOff()
      }
    }
  }

  /** Skips the comma or the closing bracket that must follow a value. Returns true for the bracket. */
  private async isLast(closing: number): Promise<boolean> {
    const byte = await this.peek()
    if (byte !== COMMA && byte !== closing) {
      throw await this.unexpected()
    }
    this.window.start++
    return byte === closing
  }

  /** Returns the next byte that is not white space, without skipping it; END if there is none. */
  private async peek(): Promise<number> {
    const window = this.window
    do {
      while (window.start < window.end) {
        const byte = window.bytes[window.start]
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
          return byte
        }
        window.start++
      }
    } while (await this.fill())
    return END
  }

  private async unexpected(): Promise<DocumentError> {
    return await this.peek() === END ? this.cutOff() : this.invalid()
  }

  /** Reads more of the document. If that fails, the error says how many rows came before. */
  private async fill(): Promise<boolean> {
    try {
      return await this.window.fill()
    } catch (error) {
      if (error instanceof DownloadError) {
        throw error.afterRows(this.rowsDelivered)
      }
      if (error instanceof Error && (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") {
        throw this.error("The stream with Looker's result was closed before its end")
      }
      throw error
    }
  }

  private invalid(): DocumentError {
    const { bytes, start, end } = this.window
    const word = notANumber(bytes.toString("utf8", start, Math.min(end, start + LONGEST_SEARCH_BYTES)))
    return this.error(word === undefined ? "Looker's result is not valid JSON" :
      `Looker's result is not valid JSON: it has ${word} in the place of a value, as some databases write for a number`)
  }

  private cutOff(): DocumentError {
    this.window.start = this.window.end
    return this.error("Looker's result ended early: the document is cut off")
  }
}

/**
 * Runs `read` on the document that `readable` carries. If anything fails, the stream is destroyed, which ends the
 * download. The same happens when `signal` fires, even while nothing comes; this then rejects with a DownloadError of
 * kind `stopped`.
 */
export async function readDocument(
  readable: Readable, read: (document: DocumentReader) => Promise<void>, signal?: AbortSignal,
): Promise<void> {
  const document = new DocumentReader(readable)
  const stop = () => { readable.destroy(new DownloadError("stopped", "Reading Looker's result was stopped")) }
  signal?.addEventListener("abort", stop)
  try {
    if (signal?.aborted) {
      stop()
    }
    await read(document)
  } catch (error) {
    readable.destroy()
    throw error
  } finally {
    signal?.removeEventListener("abort", stop)
  }
}

/** Returns a word for a missing number that stands outside of strings; undefined if there is none. */
function notANumber(text: string): string | undefined {
  for (const match of text.matchAll(TEXT_OR_WORD)) {
    if (match[1] !== undefined) {
      return match[1]
    }
  }
  return undefined
}
