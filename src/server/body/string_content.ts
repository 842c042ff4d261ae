import * as buffer from "buffer"
import { StringDecoder } from "string_decoder"

/** Node has had it since 18.15, but a project's declarations of Node may be older than its Node. */
const { isAscii } = buffer as unknown as { isAscii: (bytes: Uint8Array) => boolean }

const BACKSLASH = 0x5c
/** The length of `\uXXXX`. */
const UNICODE_ESCAPE_LENGTH = 6

/**
 * Turns the content of a JSON string, which arrives in arbitrary pieces, into the string's UTF-8 bytes. Accepts what
 * JSON.parse accepts.
 */
export class StringContent {

  private readonly decoder = new StringDecoder("utf8")
  /** The beginning of an escape whose end has not come yet. */
  private open = ""
  /** The last piece ended with a whole character. */
  private isAtCharacter = true

  /**
   * Returns the string's bytes as far as they are known. Throws a SyntaxError, which quotes nothing, if it is not JSON.
   */
  write(bytes: Buffer): Buffer {
    if (this.isAtCharacter && this.open === "" && isPlain(bytes)) {
      return bytes
    }
    const text = this.open + this.decoder.write(bytes)
    this.isAtCharacter = bytes.length > 0 ? bytes[bytes.length - 1] < 0x80 : this.isAtCharacter
    const whole = lengthWithoutOpenEscape(text)
    this.open = text.slice(whole)
    return unescaped(text.slice(0, whole))
  }

  /** Returns the bytes that were still open at the closing quote. Throws as {@link write} does. */
  end(): Buffer {
    return unescaped(this.open + this.decoder.end())
  }

}

function isPlain(bytes: Buffer): boolean {
  return !bytes.includes(BACKSLASH) && isAscii(bytes) && !hasControlCharacter(bytes)
}

function hasControlCharacter(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte < 0x20) {
      return true
    }
  }
  return false
}

function unescaped(content: string): Buffer {
  try {
    return Buffer.from(JSON.parse(`"${content}"`) as string, "utf8")
  } catch {
    // The engine's own message quotes the string, which may be people's data.
    throw new SyntaxError("A text in the body is not valid JSON.")
  }
}

/** Both halves of a pair of surrogates have to be read together, so a first half at the end counts as open. */
function lengthWithoutOpenEscape(text: string): number {
  const last = text.lastIndexOf("\\")
  const isOpen = last >= 0 && startsEscape(text, last) &&
    text.length - last < (text[last + 1] === "u" ? UNICODE_ESCAPE_LENGTH : 2)
  const length = isOpen ? last : text.length
  const before = length - UNICODE_ESCAPE_LENGTH
  const isHalf = before >= 0 && /^\\u[dD][89abAB]/.test(text.slice(before, length)) && startsEscape(text, before)
  return isHalf ? before : length
}

/** Returns true if the backslash there is not itself escaped. */
function startsEscape(text: string, position: number): boolean {
  let backslashes = 0
  while (text[position - 1 - backslashes] === "\\") {
    backslashes++
  }
  return backslashes % 2 === 0
}
