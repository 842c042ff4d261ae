import type { ByteWindow } from "./byte_window"

/** The longest first key that is worth looking for. */
const LONGEST_BORDER_BYTES = 1024

const WHITE_SPACE = [0x20, 0x0a, 0x0d, 0x09]
const COMMA = 0x2c
const CLOSE_OBJECT = 0x7d

/**
 * A guess at where rows end, which saves looking at each byte. The rows of one result all begin with the same key, so
 * the bytes between two rows, from the closing bracket to that key, are nearly always the same. They are learned from
 * rows that were found the exact way.
 *
 * It is only a guess, since a string may contain the same bytes. That is enough: if JSON.parse accepts the bytes from
 * one row's border up to the guess as comma-separated values, a value does end there.
 */
export class RowBorder {
  private border?: Buffer
  private hasFailed = false
  private searched = 0

  /** Borders are known and can be looked for. */
  get isKnown(): boolean {
    return this.border !== undefined
  }

  /** Learns how `rows` are separated from their text, the `length` bytes from the window's start. */
  learn(window: ByteWindow, length: number, rows: unknown[]) {
    const row = rows[rows.length - 1]
    if (this.hasFailed || rows.length < 2 || typeof row !== "object" || row === null || Array.isArray(row)) {
      return
    }
    const [firstKey] = Object.keys(row)
    const text = window.bytes.subarray(window.start, window.start + length)
    const opening = Buffer.from(`{${JSON.stringify(firstKey ?? "")}`)
    const at = text.lastIndexOf(opening)
    const comma = skipBack(text, at - 1)
    const closing = skipBack(text, comma - 1)
    const border = text.subarray(Math.max(0, closing), at + opening.length)
    if (text[comma] === COMMA && border[0] === CLOSE_OBJECT && border.length <= LONGEST_BORDER_BYTES) {
      this.border = Buffer.from(border)
    }
  }

  /**
   * Returns the length of the rows that seem to begin at the window's start and to have ended; 0 if none are seen.
   * Between two calls the window's start must stay, or `restart` be called.
   */
  guess({ bytes, start, end }: ByteWindow): number {
    if (this.border === undefined) {
      return 0
    }
    const from = start + Math.max(0, this.searched - this.border.length)
    this.searched = end - start
    const at = bytes.subarray(from, end).lastIndexOf(this.border)
    return at < 0 ? 0 : from - start + at + 1
  }

  /** Starts over, since the window's start has moved. */
  restart() {
    this.searched = 0
  }

  /** Ends guessing after a wrong guess. A second try is not worth it: each costs as much as the rows themselves. */
  giveUp() {
    this.border = undefined
    this.hasFailed = true
  }
}

/** Returns the last position, from `position` down, without white space. */
function skipBack(text: Buffer, position: number): number {
  while (position >= 0 && WHITE_SPACE.includes(text[position])) {
    position--
  }
  return position
}
