/** Whether two decimal numbers are the same, by whole numbers of any size; false for what is no decimal number. */
export function isSameNumber(one: string, other: string): boolean {
  const [a, b] = [fractionOf(one), fractionOf(other)]
  return a !== undefined && b !== undefined && a.numerator * b.denominator === b.numerator * a.denominator
}

/** Any number that JSON can write, as often as not one that JavaScript does not hold. */
export const NUMBER_LITERAL = /^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][-+]?\d{1,3})?$/

function fractionOf(text: string): { numerator: bigint, denominator: bigint } | undefined {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (parts === null) {
    return undefined
  }
  const [, sign, whole, fraction = "", exponent = "0"] = parts
  const shift = Number(exponent) - fraction.length
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`)
  return shift >= 0 ?
    { numerator: digits * 10n ** BigInt(shift), denominator: 1n } :
    { numerator: digits, denominator: 10n ** BigInt(-shift) }
}
