/**
 * Returns the text of a file that a person has dropped: UTF-8, or UTF-16 with its mark. What is neither is taken for
 * Windows-1252, in which a spreadsheet saves plain CSV in much of the world.
 */
export function textOfFile(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes)
  if (first === 0xFF && second === 0xFE || first === 0xFE && second === 0xFF) {
    return new TextDecoder(first === 0xFF ? "utf-16le" : "utf-16be").decode(bytes)
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder("windows-1252").decode(bytes)
  }
}
