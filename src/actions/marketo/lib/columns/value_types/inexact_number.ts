import { isSameDecimal, significantDigits } from "./decimal"

/** The digits of a decimal number that a JavaScript number always holds. */
const DIGITS_HELD = 15

/** Stands in the place of a number in the result that a JavaScript number does not hold, or may not. */
export class InexactNumber {
  constructor(
    /** The JavaScript number next to it. */
    readonly value: number,
    /** The number as the result writes it; undefined when the hub does not pass that on. */
    readonly text?: string,
  ) {}
}

/**
 * The number of a cell if it is the one in the result. `source` is the text that the hub put with it, which it does
 * where the number may not be held, if it does at all (`areTextsKept`). Without a text, the number is believed if it
 * is so short that it can hardly have been longer.
 */
export function heldNumber(value: number, source: unknown, areTextsKept: boolean): number | InexactNumber {
  if (typeof source === "string" && Object.is(Number(source), value)) {
    return isSameDecimal(source, String(value)) ? value : new InexactNumber(value, source)
  }
  if (Number.isSafeInteger(value) || source === undefined && areTextsKept) {
    return value
  }
  const isShort = Number.isFinite(value) && !Number.isInteger(value) && significantDigits(String(value)) <= DIGITS_HELD
  return isShort ? value : new InexactNumber(value)
}
