import { performance } from "perf_hooks"
import { MINUTE_MS } from "../configuration/time_units"

/** Time (ms) for which connections of a host are not used twice, after it closed one under a call. */
const REMEMBERED_MS = 10 * MINUTE_MS

/** Hosts that are remembered; the one that closed a connection longest ago goes first. */
const MOST_HOSTS = 1000

/** The hosts that lately closed a connection under a call, by name and port. */
export class ClosingHosts {
  /** Time (ms) of the latest closing, oldest first. */
  private readonly closedAt = new Map<string, number>()

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Hosts that are remembered. */
  get size(): number {
    return this.closedAt.size
  }

  /** Takes note of a connection that was closed under a call. */
  add(host: string): void {
    this.closedAt.delete(host)
    this.closedAt.set(host, this.now())
    for (const [other, closedAt] of [...this.closedAt]) {
      if (this.closedAt.size > MOST_HOSTS || this.now() - closedAt >= REMEMBERED_MS) {
        this.closedAt.delete(other)
      }
    }
  }

  has(host: string): boolean {
    const closedAt = this.closedAt.get(host)
    return closedAt !== undefined && this.now() - closedAt < REMEMBERED_MS
  }
}
