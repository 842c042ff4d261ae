/** Returns a number as a person reads it: 4,310. */
export function figure(count: number): string {
  return count.toLocaleString("en-US")
}

/** Returns a number with its noun, whose plural ends in s: 1 lead, 4,310 leads. */
export function amount(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? "" : "s"}`
}
