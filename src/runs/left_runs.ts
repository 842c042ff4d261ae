import type { RunRecord } from "./records/run_record"

/** A record of a running run that stays the same for so long, in ms, has lost its hub: they are renewed every 10 s. */
const GONE_AFTER_MS = 60_000

/** Finds runs whose hub is gone among those that are recorded as running. */
export class LeftRuns {
  /** When each state of a record was first seen here. The clocks of two machines need not agree. */
  private seen = new Map<string, { updatedAt: string, at: number }>()

  constructor(private readonly here: RunRecord["hub"], private readonly now = () => performance.now()) {}

  /** Returns those whose hub is gone. `running`: all that are recorded as running, but this hub's own. */
  among(running: RunRecord[]): RunRecord[] {
    const seen = new Map<string, { updatedAt: string, at: number }>()
    const gone = running.filter(({ id, updatedAt, hub }) => {
      const before = this.seen.get(id)
      const state = before?.updatedAt === updatedAt ? before : { updatedAt, at: this.now() }
      seen.set(id, state)
      return this.isDead(hub) || this.now() - state.at >= GONE_AFTER_MS
    })
    this.seen = seen
    return gone
  }

  /** A process of this machine is asked for directly. One with our own number was before us. */
  private isDead({ host, pid }: RunRecord["hub"]): boolean {
    if (host !== this.here.host) {
      return false
    }
    if (pid === this.here.pid) {
      return true
    }
    try {
      process.kill(pid, 0)
      return false
    } catch (failure) {
      return (failure as NodeJS.ErrnoException).code === "ESRCH"
    }
  }
}
