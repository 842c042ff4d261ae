/**
 * A run of so many digits and dots may be a number with 16 digits or more, which a JavaScript number does not always
 * hold; 15 digits it always does.
 */
const LONG_RUN = 16

/** An exponent that may take a number out of a JavaScript number's range, or make it larger than a safe integer. */
const LARGE_EXPONENT = /\d[eE](?:-\d\d\d|\+?\d\d)/

/**
 * A number that is the value of a cell and may not be held as it is written. In well-formed JSON this matches outside
 * of texts only: a quotation mark within a text has a backslash before it.
 */
const NUMBER_OF_CELL = /("value"\s*:\s*)(-?(?:[\d.]{16,}|[\d.]+(?=[eE]))(?:[eE][-+]?\d+)?)/g

/** Rows hold cells, or, of a pivoted measure, objects of cells. */
const DEEPEST_CELL = 3

/**
 * Whether some number in a JSON text might not be what JSON.parse makes of it. A quick look, since it is taken at
 * every stretch that is read: it also says yes for long runs of digits within texts.
 */
export function mayLoseDigits(bytes: Uint8Array, text: string): boolean {
  return hasLongRun(bytes) || LARGE_EXPONENT.test(text)
}

/**
 * Gives each cell `{ "value": <number> }` within `rows`, which are what JSON.parse made of `text`, the number as the
 * text writes it, where JavaScript would write it otherwise and the number is long or has an exponent: as a member
 * `source` that is neither enumerated nor written by JSON.stringify. `value` stays as it is. A cell that has a
 * `source` of its own is left alone.
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

/** Whether a number is written as JavaScript writes it, and so is surely held. */
function isUsual(source: string): boolean {
  return String(Number(source)) === source
}

/** Jumps from one possible end of a run to the next, so that it looks at one byte in sixteen of ordinary text. */
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

/** `marked` is `values` with texts in the place of numbers. */
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
