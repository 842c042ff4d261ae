import type { ByteWindow } from "./byte_window"

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
// Setting this bit turns [ into { and ] into }, and nothing else into either.
const BRACKET_BIT = 0x20
const OPENING = 0x7b
const CLOSING = 0x7d

/**
 * Finds the ends of JSON values, in the bytes from a window's start, which must be the first byte of a value. The
 * window may be filled between two calls, but its start must stay.
 *
 * It knows only strings and depth. In well-formed bytes it finds ends of values. In others it finds something that
 * JSON.parse refuses. A caller that parses each marked stretch thus accepts exactly what JSON.parse accepts.
 */
export class ValueScanner {
  private scanned = 0
  private ended = 0
  private depth = 0
  private isInString = false
  private isEscaped = false
  private isOver = false

  /** With `onlyFirst` it stops at the end of the first value instead of the last. */
  constructor(private readonly onlyFirst: boolean) {}

  /** Returns the number of bytes from the window's start to the last known end of a value; 0 while none has ended. */
  advance(window: ByteWindow): number {
    const { bytes, start, end } = window
    let position = start + this.scanned
    let ended = start + this.ended
    let { depth, isInString, isEscaped } = this
    while (position < end && !this.isOver) {
      const byte = bytes[position]
      if (isInString) {
        if (isEscaped) {
          isEscaped = false
        } else if (byte === BACKSLASH) {
          isEscaped = true
        } else if (byte === QUOTE) {
          isInString = false
          if (depth === 0) {
            ended = position + 1
            this.isOver = this.onlyFirst
          }
        }
      } else if (byte === QUOTE) {
        isInString = true
      } else if ((byte | BRACKET_BIT) === OPENING) {
        depth++
      } else if ((byte | BRACKET_BIT) === CLOSING) {
        depth--
        if (depth === 0) {
          ended = position + 1
          this.isOver = this.onlyFirst
        } else if (depth < 0) {
          ended = position
          this.isOver = true
        }
      } else if (byte === COMMA && depth === 0) {
        ended = position
        this.isOver = this.onlyFirst
      }
      position++
    }
    this.scanned = position - start
    this.ended = ended - start
    this.depth = depth
    this.isInString = isInString
    this.isEscaped = isEscaped
    return this.ended
  }
}
