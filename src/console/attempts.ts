/** Failed attempts after which an address has to wait, and the time for which they count, in ms. */
const MOST_ATTEMPTS = 10
const COUNTED_FOR_MS = 5 * 60_000

/** Addresses that are remembered; beyond them, the ones that failed longest ago are forgotten. */
const MOST_ADDRESSES = 1000

/** Failed attempts to sign in, by the address they came from. */
export class Attempts {
  private readonly failures = new Map<string, number[]>()

  /** `now`: in ms, by a clock that nobody puts back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Returns the whole seconds that an address has to wait before it may try again; 0 if it may now. */
  waitOf(address: string): number {
    const recent = this.recentOf(address)
    return recent.length < MOST_ATTEMPTS ? 0 :
      Math.max(1, Math.ceil((recent[recent.length - MOST_ATTEMPTS] + COUNTED_FOR_MS - this.now()) / 1000))
  }

  failed(address: string): void {
    const recent = [...this.recentOf(address), this.now()].slice(-MOST_ATTEMPTS)
    this.failures.delete(address)
    this.failures.set(address, recent)
    if (this.failures.size > MOST_ADDRESSES) {
      const [oldest] = this.failures.keys()
      this.failures.delete(oldest)
    }
  }

  succeeded(address: string): void {
    this.failures.delete(address)
  }

  private recentOf(address: string): number[] {
    return (this.failures.get(address) ?? []).filter((at) => this.now() - at < COUNTED_FOR_MS)
  }
}
