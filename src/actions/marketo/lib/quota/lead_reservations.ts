import { performance } from "perf_hooks"

/**
 * The lookup values that are on the way to one Marketo instance, over all runs of this process: two upserts of one
 * value at once can create two leads, whichever runs they belong to.
 * Source: Marketo developer guide, "Leads", on duplicates.
 */
export class LeadReservations {
  /** For each value that is held, who wants to know when it is free. */
  private readonly held = new Map<string, (() => void)[]>()

  isHeld(value: string): boolean {
    return this.held.has(value)
  }

  /** Holds a value that nobody holds. */
  hold(value: string): void {
    this.held.set(value, [])
  }

  /** Calls back once as soon as a value that is held is free. */
  whenFree(value: string, listener: () => void): void {
    this.held.get(value)?.push(listener)
  }

  /** Frees values; those who waited for them are told when all of them are free. */
  release(values: string[]): void {
    const waiting: (() => void)[] = []
    for (const value of values) {
      waiting.push(...this.held.get(value) ?? [])
      this.held.delete(value)
    }
    for (const listener of waiting) {
      listener()
    }
  }

  /**
   * Frees values at a time (ms of `performance.now()`), at once when it is past: for those of which an upsert may be
   * running in Marketo until then, although nobody waits for its answer any more.
   */
  releaseAt(values: string[], time: number): void {
    const waitMs = time - performance.now()
    if (waitMs > 0) {
      setTimeout(() => this.release(values), waitMs).unref()
    } else {
      this.release(values)
    }
  }
}
