/** A small seeded generator (mulberry32), so that a run with random faults can be replayed exactly. */
export class SeededRandom {
  private state: number

  constructor(readonly seed: number) {
    this.state = seed >>> 0
  }

  /** Returns a number from 0 (included) to 1 (excluded). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** Returns `digits` lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = ""
    while (text.length < digits) {
      text += Math.floor(this.next() * 16).toString(16)
    }
    return text
  }

  /** Starts the same sequence anew. */
  restart() {
    this.state = this.seed >>> 0
  }
}
