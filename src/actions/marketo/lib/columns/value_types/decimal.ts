/** The most characters that a number with an exponent is written out in. */
const MOST_CHARACTERS = 2000

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/

/** `digits`, without zeros at either end, times ten to the power of `exponent`; no digits and no sign for zero. */
interface Decimal {
  isNegative: boolean
  digits: string
  exponent: number
}

/**
 * Returns true if two texts are the same decimal number, as in "1.50" and "15e-1". False for what is no decimal number.
 */
export function isSameDecimal(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)]
  return a !== undefined && b !== undefined &&
    a.digits === b.digits && a.exponent === b.exponent && a.isNegative === b.isNegative
}

/** Returns the count of a decimal number's digits between its first and its last that is not zero. */
export function significantDigits(text: string): number {
  const decimal = parse(text)
  return decimal === undefined ? 0 : decimal.digits.length
}

/** The number without an exponent. Undefined when it takes more than 2,000 characters, or is no decimal number. */
export function withoutExponent(text: string): string | undefined {
  if (!/[eE]/.test(text)) {
    return text
  }
  const decimal = parse(text)
  if (decimal === undefined || Math.abs(decimal.exponent) + decimal.digits.length > MOST_CHARACTERS) {
    return undefined
  }
  const { digits, exponent } = decimal
  if (digits === "") {
    return "0"
  }
  const sign = decimal.isNegative ? "-" : ""
  if (exponent >= 0) {
    return sign + digits + "0".repeat(exponent)
  }
  const point = digits.length + exponent
  return sign + (point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : `0.${"0".repeat(-point)}${digits}`)
}

function parse(text: string): Decimal | undefined {
  const parts = DECIMAL.exec(text)
  if (parts === null || parts[2] === "" && parts[3] === "") {
    return undefined
  }
  const all = parts[2] + parts[3]
  let first = 0
  while (all[first] === "0") {
    first++
  }
  let end = all.length
  while (end > first && all[end - 1] === "0") {
    end--
  }
  if (first === end) {
    return { isNegative: false, digits: "", exponent: 0 }
  }
  return {
    isNegative: parts[1] === "-",
    digits: all.slice(first, end),
    exponent: Number(parts[4] ?? 0) - parts[3].length + all.length - end,
  }
}
