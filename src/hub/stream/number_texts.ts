/**
 * The length of a run of digits and dots that may be a number with 16 digits or more. A JavaScript number holds 15
 * digits always, and more only sometimes.
 */
const LONG_RUN = 16

/** An exponent that may take a number out of a JavaScript number's range, or make it larger than a safe integer. */
const LARGE_EXPONENT = /\d[eE](?:-\d\d\d|\+?\d\d)/

/**
 * A number that is the value of a cell and that JavaScript may not hold as it is written. In well-formed JSON this
 * matches outside of strings only, since a quotation mark within a string follows a backslash.
 */
const NUMBER_OF_CELL = /("value"\s*:\s*)(-?(?:[\d.]{16,}|[\d.]+(?=[eE]))(?:[eE][-+]?\d+)?)/g

/** Rows hold cells, or, for a pivoted measure, objects of cells. */
const DEEPEST_CELL = 3

/**
 * Returns true if JSON.parse might change some number in a JSON text. This is a quick look at every stretch that is
 * read, so it also returns true for long runs of digits within strings.
 */
export function mayLoseDigits(bytes: Uint8Array, text: string): boolean {
  return hasLongRun(bytes) || LARGE_EXPONENT.test(text)
}

/**
 * Adds the text of a number to each cell `{ "value": <number> }` within `rows`, the result of JSON.parse on `text`, if
 * JavaScript would write the number differently and it is long or has an exponent. The text becomes a member `source`,
 * which is neither enumerated nor written by JSON.stringify. `value` stays unchanged. A cell with a `source` of its own
 * is left alone.
 */
export function keepNumberTexts(rows: unknown[], text: string): void {
  if (hasUnusualNumber(text)) {
    const marked = text.replace(NUMBER_OF_CELL, (match, start: string, source: string) =>
      isUsual(source) ? match : `${start}"${source}"`)
    copySources(rows, JSON.parse(marked), 0)
  }
}

function hasUnusualNumber(text: string): boolean {
  NUMBER_OF_CELL.lastIndex = 0
  for (let match = NUMBER_OF_CELL.exec(text); match !== null; match = NUMBER_OF_CELL.exec(text)) {
    if (!isUsual(match[2])) {
      return true
    }
  }
  return false
}

/** Returns true if a number is written as JavaScript writes it, and so is surely held. */
function isUsual(source: string): boolean {
  return String(Number(source)) === source
}

/** Jumps from one possible end of a run to the next, so it looks at one byte in sixteen of ordinary text. */
function hasLongRun(bytes: Uint8Array): boolean {
  const end = bytes.length
  let last = LONG_RUN - 1
  while (last < end) {
    let first = last
    const beforeRun = last - LONG_RUN
    while (first > beforeRun && isDigitOrDot(bytes[first])) {
      first--
    }
    if (first === beforeRun) {
      return true
    }
    last = first + LONG_RUN
  }
  return false
}

function isDigitOrDot(byte: number): boolean {
  return byte >= 0x2e && byte <= 0x39 && byte !== 0x2f
}

/** Copies the texts from `marked`, which is `values` with texts in place of numbers. */
function copySources(values: unknown, marked: unknown, depth: number): void {
  if (!isObject(values) || !isObject(marked)) {
    return
  }
  const source = marked.value
  if (depth > 1 && typeof source === "string" && typeof values.value === "number") {
    if (!Object.prototype.hasOwnProperty.call(values, "source")) {
      Object.defineProperty(values, "source", { value: source, enumerable: false, configurable: true, writable: true })
    }
  }
  if (depth < DEEPEST_CELL) {
    for (const key of Object.keys(marked)) {
      copySources(values[key], marked[key], depth + 1)
    }
  }
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null
}
