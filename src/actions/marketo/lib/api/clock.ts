/** A span of Marketo's time in which a moment of ours lies; both in ms since 1970. */
export interface MarketoTime {
  earliest: number
  latest: number
}

/**
 * Five hexadecimal digits at most, a hash, and the time in hexadecimal ms. No document says so; it was read from the
 * `requestId` of every sample answer in the Marketo developer guide, such as those of "Static Lists".
 */
const REQUEST_ID = /^[0-9a-f]{1,5}#([0-9a-f]{9,12})$/i

/**
 * Marketo's clock, as far as its answers show it: each carries the time at which it was given, between the moments at
 * which the call left and the answer came. What Marketo dates can then be compared with what we did, without trust in
 * the clock of this machine.
 */
export class MarketoClock {
  /** Ms by which Marketo's clock is ahead of `performance.now()`, at least and at most. */
  private least = -Infinity
  private most = Infinity

  /**
   * Takes an answer's requestId; the times are ms of `performance.now()`. One that contradicts what was learned
   * before, since a clock was set, takes its place.
   */
  note(requestId: unknown, sentAt: number, receivedAt: number): void {
    const digits = typeof requestId === "string" ? REQUEST_ID.exec(requestId) : null
    if (digits === null) {
      return
    }
    const saidAt = parseInt(digits[1], 16)
    const [least, most] = [saidAt - receivedAt, saidAt - sentAt]
    const isConsistent = least <= this.most && most >= this.least
    this.least = isConsistent ? Math.max(this.least, least) : least
    this.most = isConsistent ? Math.min(this.most, most) : most
  }

  /** Marketo's time at a moment of `performance.now()`; undefined before the first answer. */
  at(moment: number): MarketoTime | undefined {
    return this.most === Infinity ? undefined : { earliest: moment + this.least, latest: moment + this.most }
  }
}
