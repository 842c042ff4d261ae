import { performance } from "perf_hooks"
import { MARKETO_CALLS_PER_WINDOW, Pace, QuotaShare } from "../configuration/limits"
import { RunStoppedError } from "../errors/run_stopped_error"
import { RunControl } from "../stopping/run_control"
import { CallPermit, Quota, QuotaWait } from "./quota"

interface Waiter {
  run: RunControl
  goesFirst: boolean
  waitedFor?: QuotaWait
  grant(permit: CallPermit): void
}

/** Part of the configured limit that comes back in each window after Marketo refused a call. */
const RECOVERY_PER_WINDOW = 0.25

/** Part of a limit that is left after a refusal. */
const LEFT_AFTER_REFUSAL = 0.5

/**
 * The same if the calls of this process alone came near all that Marketo takes: then nobody else is there to give way
 * to, and only the clocks of the two ends disagreed.
 */
const LEFT_WHEN_ALONE = 0.9

/** Calls of ours in a window from which on hardly anybody else can be using the instance. */
export const ALONE_FROM = 0.95 * MARKETO_CALLS_PER_WINDOW

/** Times in a window that a limit that recovers is checked. */
const CHECKS_PER_WINDOW = 20

/**
 * The quota of one process, for a hub that offers no coordination: limits the calls in any window, and the calls
 * at once. Runs take turns, so a short one is not held up by a long one. If Marketo refuses a call because
 * others use the instance, the quota gives way by half and comes back by a quarter in each window.
 * Source of both limits: Marketo developer guide, "Integration Best Practices".
 */
export class CallQuota implements Quota {
  /** Calls of the running window, by the time (ms) at which they were sent, oldest first. */
  private readonly recent: RecentCall[] = []
  private readonly queues = new Map<RunControl, Waiter[]>()
  private callsAtOnce = 0
  private rate: RecoveringLimit
  private concurrency: RecoveringLimit
  private timer: NodeJS.Timeout | undefined

  constructor(
    share: QuotaShare,
    private readonly pace: Pace,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.rate = { configured: share.callsPerWindow, reduced: share.callsPerWindow, reducedAt: -Infinity }
    this.concurrency = { configured: share.concurrentCalls, reduced: share.concurrentCalls, reducedAt: -Infinity }
  }

  get concurrentCalls(): number {
    return this.concurrency.configured
  }

  get callsPerWindow(): number {
    return this.rate.configured
  }

  waitingOf(run: RunControl): number {
    return this.queues.get(run)?.length ?? 0
  }

  async acquire(run: RunControl, goesFirst = false): Promise<CallPermit> {
    run.check()
    return new Promise<CallPermit>((resolve, reject) => {
      const waiter: Waiter = {
        run,
        goesFirst,
        grant: (permit) => {
          unsubscribe()
          resolve(permit)
        },
      }
      const queue = this.queues.get(run)
      if (queue === undefined) {
        this.queues.set(run, [waiter])
      } else {
        const behind = queue.findIndex((other) => goesFirst && !other.goesFirst)
        queue.splice(behind < 0 ? queue.length : behind, 0, waiter)
      }
      const unsubscribe = run.onStop(() => {
        this.forget(waiter)
        reject(new RunStoppedError(run.stopReason === undefined ? "" : run.stopReason.message))
      })
      this.grantWhatIsAllowed()
    })
  }

  private forget(waiter: Waiter): void {
    const queue = this.queues.get(waiter.run)
    if (queue === undefined) {
      return
    }
    const rest = queue.filter((other) => other !== waiter)
    if (rest.length > 0) {
      this.queues.set(waiter.run, rest)
      return
    }
    this.queues.delete(waiter.run)
    if (this.queues.size === 0) {
      clearTimeout(this.timer)
      this.timer = undefined
    }
  }

  private grantWhatIsAllowed(): void {
    while (this.queues.size > 0 && this.callsAtOnce < Math.floor(this.current(this.concurrency))) {
      const waitMs = this.millisecondsUntilRateAllows()
      if (waitMs > 0) {
        this.noteObstacle("rate")
        this.lookAgainIn(waitMs)
        return
      }
      const waiter = this.nextInTurn()
      if (waiter !== undefined) {
        waiter.grant({ waitedFor: waiter.waitedFor, ...this.startCall() })
      }
    }
    if (this.queues.size > 0) {
      this.noteObstacle("concurrency")
    }
  }

  private noteObstacle(limit: QuotaWait): void {
    this.queues.forEach((queue) => queue.forEach((waiter) => { waiter.waitedFor = limit }))
  }

  /** Takes the first waiter of the run whose turn it is and sends that run to the end of the line. */
  private nextInTurn(): Waiter | undefined {
    const first = this.queues.entries().next()
    if (first.done === true) {
      return undefined
    }
    const [run, queue] = first.value
    const waiter = queue.shift()
    this.queues.delete(run)
    if (queue.length > 0) {
      this.queues.set(run, queue)
    }
    return waiter
  }

  private startCall(): CallPermit {
    const startedAt = this.now()
    const call: RecentCall = { sentAt: Infinity }
    this.recent.push(call)
    this.callsAtOnce++
    let isReleased = false
    return {
      sent: () => {
        this.noteSent(call)
        this.grantWhatIsAllowed()
      },
      release: (reception) => {
        if (isReleased) {
          return
        }
        isReleased = true
        this.callsAtOnce--
        if (reception === "notSent") {
          // Marketo never saw it: it takes no place in the window.
          this.forgetCall(call)
        } else if (call.sentAt === Infinity) {
          this.noteSent(call)
        }
        if (reception === "rateLimited") {
          this.giveWay(this.rate, startedAt, this.callsInWindow())
        } else if (reception === "concurrencyLimited") {
          this.giveWay(this.concurrency, startedAt, this.callsAtOnce + 1)
        }
        this.grantWhatIsAllowed()
      },
    }
  }

  private forgetCall(call: RecentCall): void {
    const index = this.recent.indexOf(call)
    if (index >= 0) {
      this.recent.splice(index, 1)
    }
  }

  private noteSent(call: RecentCall): void {
    call.sentAt = this.now()
    this.recent.sort((one, other) => one.sentAt === other.sentAt ? 0 : one.sentAt - other.sentAt)
  }

  /** Takes a limit back, once for all the calls that were under way when Marketo first refused one. */
  private giveWay(limit: RecoveringLimit, startedAt: number, used: number): void {
    if (startedAt > limit.reducedAt) {
      const part = limit === this.rate && used >= ALONE_FROM ? LEFT_WHEN_ALONE : LEFT_AFTER_REFUSAL
      limit.reduced = Math.max(1, Math.min(this.current(limit), used) * part)
      limit.reducedAt = this.now()
    }
  }

  private current(limit: RecoveringLimit): number {
    const windows = (this.now() - limit.reducedAt) / this.pace.rateWindowMs
    return Math.min(limit.configured, limit.reduced + windows * RECOVERY_PER_WINDOW * limit.configured)
  }

  private callsInWindow(): number {
    const windowStart = this.now() - this.pace.rateWindowMs - this.pace.rateSlackMs
    while (this.recent.length > 0 && this.recent[0].sentAt <= windowStart) {
      this.recent.shift()
    }
    return this.recent.length
  }

  private millisecondsUntilRateAllows(): number {
    const used = this.callsInWindow()
    const allowed = Math.floor(this.current(this.rate))
    if (used < allowed) {
      return 0
    }
    const leavesNext = this.recent[used - allowed]
    return Math.max(1, leavesNext.sentAt + this.pace.rateWindowMs + this.pace.rateSlackMs - this.now())
  }

  private lookAgainIn(milliseconds: number): void {
    // While a limit recovers, there may be room before a call leaves the window.
    const isRecovering = this.current(this.rate) < this.rate.configured
    const waitMs = isRecovering ? Math.min(milliseconds, this.pace.rateWindowMs / CHECKS_PER_WINDOW) : milliseconds
    // A call that is on its way out looks again by itself.
    if (this.timer === undefined && waitMs < Infinity) {
      this.timer = setTimeout(() => {
        this.timer = undefined
        this.grantWhatIsAllowed()
      }, Math.ceil(waitMs))
    }
  }
}

interface RecentCall {
  /** Infinity until the call has left this machine: it cannot leave the window before. */
  sentAt: number
}

interface RecoveringLimit {
  configured: number
  /** What was left of it when it was last reduced. */
  reduced: number
  /** When that was, in ms. */
  reducedAt: number
}
