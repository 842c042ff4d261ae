/** The deepest nesting that is parsed. Looker's own never comes near: a cell with links has four levels. */
const DEEPEST_NESTING = 100
/** The most members of a row. A row of 100,000 columns has some 500,000. */
const MOST_MEMBERS_OF_ROW = 1_000_000
/** The most members of another value. The description of 100,000 columns has some five million. */
const MOST_MEMBERS_OF_VALUE = 10_000_000

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
// Setting this bit turns [ into { and ] into }, and nothing else into either.
const BRACKET_BIT = 0x20
const OPENING = 0x7b
const CLOSING = 0x7d

/**
 * Describes why JSON values, separated by commas, are more than a process should parse: how deep one is nested, or how
 * many members and elements one has. A value of 30 million levels keeps JSON.parse busy for a minute. Returns undefined
 * for values within the limits. Looks at `length` bytes from `start`, which need not be well-formed.
 */
export function excessOf(bytes: Buffer, start: number, length: number, isRow: boolean): string | undefined {
  const mostMembers = isRow ? MOST_MEMBERS_OF_ROW : MOST_MEMBERS_OF_VALUE
  const end = start + length
  let depth = 0
  let members = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1, end)
    } else if ((byte | BRACKET_BIT) === OPENING) {
      depth++
      members++
      if (depth > DEEPEST_NESTING) {
        return `a value that is nested more than ${DEEPEST_NESTING} levels deep`
      }
    } else if ((byte | BRACKET_BIT) === CLOSING) {
      depth--
    } else if (byte === COMMA) {
      members = depth === 0 ? 0 : members + 1
      if (members > mostMembers) {
        return `a ${isRow ? "row" : "value"} of more than ${mostMembers} members`
      }
    }
  }
  return undefined
}

/** Returns the index of the closing quote, or `end`. */
function endOfString(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1
  }
  return at
}
