import { performance } from "perf_hooks"
import type { CallGate, Taken } from "./call_gate"
import type { LimitRules, LimitUse, Reception } from "./coordination"
import { DayCount } from "./day_count"
import { PeriodAllowance } from "./period_allowance"
import { RecoveringLimit } from "./recovering_limit"

/** The share of a limit that is left after a refusal. */
const LEFT_AFTER_REFUSAL = 0.5

/** The same if our own calls came near all that the account takes, since only clocks disagreed then. */
const LEFT_WHEN_ALONE = 0.9

/** The checks of a recovering limit in each window. */
const CHECKS_PER_WINDOW = 20

interface Call {
  id: string
  owner: string
  startedAt: number
  /** Infinity until the call has left the machine, since it cannot leave the window before. */
  sentAt: number
  isOnTheWire: boolean
}

/**
 * The limits on the calls of one process: so many in any window, counted from the moment they were sent, and so many at
 * once. A limit shrinks when the vendor refuses a call, and recovers by a quarter in each window.
 */
export class LocalGate implements CallGate {
  /** Calls in the window or on the wire, oldest first. */
  private calls: Call[] = []
  private readonly rate: RecoveringLimit
  private readonly atOnce: RecoveringLimit
  private readonly period: PeriodAllowance
  private readonly day: DayCount
  private announceRoom: () => void = () => undefined
  private lastId = 0

  /** `date`: the time of the calendar, in ms since 1970. */
  constructor(
    private rules: LimitRules, private readonly now: () => number = () => performance.now(), date?: () => number,
  ) {
    this.rate = new RecoveringLimit(rules.callsPerWindow)
    this.atOnce = new RecoveringLimit(rules.callsAtOnce)
    this.period = new PeriodAllowance(rules.callsPerPeriod, now)
    this.day = new DayCount(rules.dayBeginsAtMs, date)
  }

  configure(rules: LimitRules): void {
    this.rules = rules
    this.rate.configure(rules.callsPerWindow)
    this.atOnce.configure(rules.callsAtOnce)
    this.period.configure(rules.callsPerPeriod)
    this.day.configure(rules.dayBeginsAtMs)
  }

  async take(owner: string): Promise<Taken> {
    return this.takeNow(owner)
  }

  /** Returns the result that `take` resolves with. */
  takeNow(owner: string): Taken {
    if (this.period.left === 0) {
      return { kind: "spent" }
    }
    const now = this.now()
    const waitMs = this.millisecondsUntilRoom(now)
    if (waitMs > 0) {
      return { kind: "wait", ms: waitMs, limit: this.isFullAtOnce(now) ? "atOnce" : "window" }
    }
    const id = String(++this.lastId)
    this.calls.push({ id, owner, startedAt: now, sentAt: Infinity, isOnTheWire: true })
    this.period.spend()
    return { kind: "granted", id }
  }

  sent(id: string): void {
    const call = this.calls.find((each) => each.id === id)
    if (call !== undefined && call.sentAt === Infinity) {
      this.countAsSent(call, this.now())
      this.announceRoom()
    }
  }

  release(id: string, reception: Reception): void {
    const call = this.calls.find((each) => each.id === id && each.isOnTheWire)
    if (call === undefined) {
      return
    }
    const now = this.now()
    const onTheWire = this.countOnTheWire()
    call.isOnTheWire = false
    this.countAsSent(call, now)
    const { windowMs, aloneFrom } = this.rules
    if (reception === "rateLimited") {
      const used = this.countInWindow(now)
      const part = used >= aloneFrom ? LEFT_WHEN_ALONE : LEFT_AFTER_REFUSAL
      this.rate.giveWay(call.startedAt, now, windowMs, used, part)
    } else if (reception === "concurrencyLimited") {
      this.atOnce.giveWay(call.startedAt, now, windowMs, onTheWire, LEFT_AFTER_REFUSAL)
    }
    this.announceRoom()
  }

  notePeriod(used: number, endsInMs: number): void {
    this.period.note(used, endsInMs)
    this.day.note(used, endsInMs)
  }

  async use(): Promise<Omit<LimitUse, "waiting">> {
    const now = this.now()
    const { windowMs } = this.rules
    return {
      callsInWindow: this.countInWindow(now), callsAtOnce: this.countOnTheWire(),
      allowedPerWindow: Math.floor(this.rate.at(now, windowMs)),
      allowedAtOnce: Math.floor(this.atOnce.at(now, windowMs)),
      leftInPeriod: this.period.left,
      today: this.day.use,
    }
  }

  abandon(owner: string): void {
    const now = this.now()
    for (const call of this.calls.filter((each) => each.owner === owner && each.isOnTheWire)) {
      this.countAsSent(call, now)
      setTimeout(() => this.release(call.id, "accepted"), this.rules.lingerMs).unref()
    }
    this.announceRoom()
  }

  onRoom(listener: () => void): void {
    this.announceRoom = listener
  }

  private countAsSent(call: Call, now: number): void {
    if (call.sentAt === Infinity) {
      call.sentAt = now
      this.day.add()
    }
  }

  private millisecondsUntilRoom(now: number): number {
    const { windowMs, slackMs } = this.rules
    if (this.isFullAtOnce(now)) {
      // A call that is given back announces its room. A recovering limit announces nothing.
      return windowMs / CHECKS_PER_WINDOW
    }
    const used = this.countInWindow(now)
    const allowed = Math.floor(this.rate.at(now, windowMs))
    if (used < allowed) {
      return 0
    }
    const inWindow = this.calls.filter((call) => call.sentAt > now - windowMs - slackMs)
      .sort((one, other) => one.sentAt === other.sentAt ? 0 : one.sentAt - other.sentAt)
    const waitMs = Math.max(1, inWindow[used - allowed].sentAt + windowMs + slackMs - now)
    const isRecovering = this.rate.isRecovering(now, windowMs)
    return isRecovering || waitMs === Infinity ? Math.min(waitMs, windowMs / CHECKS_PER_WINDOW) : waitMs
  }

  private isFullAtOnce(now: number): boolean {
    return this.countOnTheWire() >= Math.floor(this.atOnce.at(now, this.rules.windowMs))
  }

  private countInWindow(now: number): number {
    const windowStart = now - this.rules.windowMs - this.rules.slackMs
    this.calls = this.calls.filter((call) => call.isOnTheWire || call.sentAt > windowStart)
    return this.calls.reduce((count, call) => count + (call.sentAt > windowStart ? 1 : 0), 0)
  }

  private countOnTheWire(): number {
    return this.calls.reduce((count, call) => count + (call.isOnTheWire ? 1 : 0), 0)
  }
}
