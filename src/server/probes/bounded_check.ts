import { duration } from "../../hub/durations"
import type { Check } from "./check"

/** The bounds of a check, in ms. */
export interface CheckBounds {
  /** The time for which an outcome is trusted. */
  trustedMs: number
  /** The longest time that a probe waits for an outcome. */
  limitMs: number
}

/**
 * A check that costs little however often it is asked for, and that answers in time. An outcome is kept for a while. A
 * check that hangs, such as on a disk that is gone, is a problem as soon as its time is over, and no second one begins
 * while it hangs: each would take a thread of the few that Node has for files.
 */
export class BoundedCheck implements Check {
  readonly name: string

  private running: Promise<string | undefined> | undefined
  private startedAt = 0
  private endedAt = -Infinity
  private outcome: string | undefined

  constructor(
    private readonly check: Check, private readonly bounds: CheckBounds,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.name = check.name
  }

  async problem(): Promise<string | undefined> {
    if (this.running === undefined && this.now() - this.endedAt < this.bounds.trustedMs) {
      return this.outcome
    }
    if (this.running === undefined) {
      this.startedAt = this.now()
      this.running = this.run()
    }
    return this.inTime(this.running)
  }

  /** Never rejects. */
  private async run(): Promise<string | undefined> {
    try {
      this.outcome = await this.check.problem()
    } catch (thrown) {
      this.outcome = `The check failed (${thrown instanceof Error ? thrown.name : typeof thrown}).`
    }
    this.endedAt = this.now()
    this.running = undefined
    return this.outcome
  }

  private async inTime(running: Promise<string | undefined>): Promise<string | undefined> {
    const { limitMs } = this.bounds
    const leftMs = this.startedAt + limitMs - this.now()
    const tooLate = `The check has not ended within ${duration(limitMs)}.`
    if (leftMs <= 0) {
      return tooLate
    }
    let timer: NodeJS.Timeout | undefined
    const timeUp = new Promise<string>((resolve) => { timer = setTimeout(() => resolve(tooLate), leftMs) })
    const outcome = await Promise.race([running, timeUp])
    clearTimeout(timer)
    return outcome
  }
}
