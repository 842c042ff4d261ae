/** Returns a number with its noun, such as `1 row` or `2 rows`. The plural of `noun` has to be regular. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`
}
