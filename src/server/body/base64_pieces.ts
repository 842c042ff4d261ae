const NOT_ALPHABET = /[^A-Za-z0-9+/_-]+/g
const GROUP_CHARACTERS = 4

/**
 * Decodes base64 that lies in pieces, in place, without further memory. Yields the bytes of `Buffer.from(text,
 * "base64")` for the whole text: characters outside of the alphabet are skipped, and the first `=` is the end. It is a
 * generator, so that the caller can free the loop for others between two pieces.
 */
export function* decodedInPlace(pieces: Buffer[]): Generator<Buffer> {
  let carried = ""
  let isOver = false
  for (const [index, piece] of pieces.entries()) {
    if (isOver) {
      return
    }
    const text = piece.toString("latin1")
    const end = text.indexOf("=")
    isOver = end >= 0
    const characters = carried + (isOver ? text.slice(0, end) : text).replace(NOT_ALPHABET, "")
    const isLast = isOver || index === pieces.length - 1
    const whole = isLast ? characters.length : characters.length - characters.length % GROUP_CHARACTERS
    carried = characters.slice(whole)
    yield decodedInto(piece, characters.slice(0, whole))
  }
}

/**
 * Decodes into the piece itself, unless a tiny last piece has too little room for the characters carried over to it.
 */
function decodedInto(piece: Buffer, characters: string): Buffer {
  const fits = Buffer.byteLength(characters, "base64") <= piece.length
  return fits ? piece.subarray(0, piece.write(characters, 0, "base64")) : Buffer.from(characters, "base64")
}
