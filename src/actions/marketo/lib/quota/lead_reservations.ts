import { performance } from "perf_hooks"
import { RunStoppedError } from "../errors/run_stopped_error"
import { RunControl } from "../stopping/run_control"
import { coordinationLost } from "../stopping/stop_reasons"
import { isCoordinationLost, SharedLeases } from "./coordination"

/** Times that values are kept anew within the time for which they outlast this process. */
const RENEWALS = 3

/**
 * The lookup values of one field that are on the way to one Marketo instance: two upserts of one value at once can
 * create two leads, whichever runs they belong to. Source: Marketo developer guide, "Leads", on duplicates.
 *
 * The runs of this process agree here, at once. Where the hub offers leases, a batch also claims its values among all
 * processes and hubs just before it is sent.
 */
export class LeadReservations {
  /** For each value that is held, who wants to know when it is free. */
  private readonly held = new Map<string, (() => void)[]>()
  /** The number of values that each run waits for since another process or hub has them. */
  private readonly elsewhere = new Map<RunControl, number>()

  constructor(private readonly leases?: SharedLeases) {}

  isHeld(value: string): boolean {
    return this.held.has(value)
  }

  /** Holds a value that nobody in this process holds. */
  hold(value: string): void {
    this.held.set(value, [])
  }

  /**
   * Claims values that are held here among all processes and hubs. Resolves with those that another one has: they stay
   * held here until `freeElsewhere` has resolved. Rejects with RunStoppedError, and stops the run, if nobody can be
   * asked.
   */
  async claim(values: string[], run: RunControl): Promise<Set<string>> {
    run.check()
    const { leases } = this
    return leases === undefined ? new Set<string>() :
      new Set(await this.orStopped(run, async () => leases.hold(values)))
  }

  /** Returns how many values a run waits for since another process or hub has them. */
  waitingElsewhere(run: RunControl): number {
    return this.elsewhere.get(run) ?? 0
  }

  /** Resolves when a value that another process or hub has may be free, and frees it here. Never rejects. */
  async freeElsewhere(value: string, run: RunControl): Promise<void> {
    this.countElsewhere(run, 1)
    try {
      await this.orStopped(run, async () => run.abortable(async (signal) => this.leases?.free(value, signal)))
    } catch (failure) {
      if (!(failure instanceof RunStoppedError)) {
        throw failure
      }
    } finally {
      this.countElsewhere(run, -1)
      this.free([value])
    }
  }

  /** Calls back once as soon as a value that is held is free in this process. */
  whenFree(value: string, listener: () => void): void {
    this.held.get(value)?.push(listener)
  }

  /** Frees values everywhere. */
  release(values: string[]): void {
    this.leases?.release(values)
    this.free(values)
  }

  /**
   * Frees values at a time (ms of `performance.now()`), at once if it is past: for those of which an upsert may be
   * running in Marketo until then, although nobody waits for its answer any more.
   */
  releaseAt(values: string[], time: number): void {
    const waitMs = time - performance.now()
    if (waitMs <= 0) {
      this.release(values)
      return
    }
    this.leases?.release(values, waitMs)
    setTimeout(() => this.free(values), waitMs).unref()
  }

  /**
   * Resolves as the work does, with which Marketo goes on by itself if this process dies: its values then stay held for
   * a time (ms). They are to be released when the work has ended.
   */
  async outlasting<T>(values: string[], milliseconds: number, work: () => Promise<T>): Promise<T> {
    const { leases } = this
    if (leases === undefined) {
      return work()
    }
    leases.release(values, milliseconds)
    const renewal = setInterval(() => leases.release(values, milliseconds), milliseconds / RENEWALS)
    try {
      return await work()
    } finally {
      clearInterval(renewal)
    }
  }

  /** Frees values in this process; those who waited for them learn of it when all of them are free. */
  private free(values: string[]): void {
    const waiting: (() => void)[] = []
    for (const value of values) {
      waiting.push(...this.held.get(value) ?? [])
      this.held.delete(value)
    }
    for (const listener of waiting) {
      listener()
    }
  }

  private countElsewhere(run: RunControl, change: number): void {
    const waiting = this.waitingElsewhere(run) + change
    if (waiting === 0) {
      this.elsewhere.delete(run)
    } else {
      this.elsewhere.set(run, waiting)
    }
  }

  private async orStopped<T>(run: RunControl, asking: () => Promise<T>): Promise<T> {
    try {
      return await asking()
    } catch (failure) {
      if (isCoordinationLost(failure)) {
        run.stop(coordinationLost(failure.message))
        throw new RunStoppedError(failure.message)
      }
      throw failure
    }
  }
}
