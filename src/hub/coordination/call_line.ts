import { performance } from "perf_hooks"
import type { CallGate } from "./call_gate"
import {
  CoordinationLostError, LimitRules, LimitUse, Obstacle, PeriodSpentError, Permit, SharedLimit, Turn,
} from "./coordination"
import type { LimitState } from "./coordination_home"

/** The share of a window's calls that brief parties may make ahead of the others, and its least number. */
const BRIEF_SHARE = 0.2
const FEWEST_BRIEF = 5

interface Waiter {
  turn: Turn
  owner: string
  waitedFor?: Obstacle
  grant(permit: Permit): void
  refuse(reason: Error): void
}

/**
 * The line in front of a gate. Parties take turns, call by call, so a long run does not hold up a short one. Brief
 * parties go first, within a small share of the window.
 */
export class CallLine {
  private readonly queues = new Map<string, Waiter[]>()
  /** Times at which brief calls went ahead in the running window, in ms, oldest first. */
  private aheadAt: number[] = []
  private isAsking = false
  private hasChanged = false
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly gate: CallGate, private rules: LimitRules,
    private readonly now: () => number = () => performance.now(),
  ) {
    gate.onRoom(() => this.advance())
  }

  configure(rules: LimitRules): void {
    this.rules = rules
    this.gate.configure(rules)
  }

  /** Returns the limit as one owner sees it. */
  of(owner: string): SharedLimit {
    return {
      acquire: async (turn, signal) => this.acquire(owner, turn, signal),
      notePeriod: (used, endsInMs) => this.gate.notePeriod(used, endsInMs),
      use: async () => this.use(),
    }
  }

  /** Resolves and rejects as SharedLimit.acquire does. */
  async acquire(owner: string, turn: Turn, signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted()
    return new Promise<Permit>((resolve, reject) => {
      const leave = () => {
        this.forget(waiter)
        reject(signal?.reason as Error)
      }
      const waiter: Waiter = {
        turn, owner,
        grant: (permit) => {
          signal?.removeEventListener("abort", leave)
          resolve(permit)
        },
        refuse: (reason) => {
          signal?.removeEventListener("abort", leave)
          reject(reason)
        },
      }
      signal?.addEventListener("abort", leave)
      this.enter(waiter)
      this.advance()
    })
  }

  /** Removes the calls of an owner that is gone. */
  abandon(owner: string): void {
    for (const queue of [...this.queues.values()]) {
      queue.filter((waiter) => waiter.owner === owner).forEach((waiter) => {
        this.forget(waiter)
        waiter.refuse(new CoordinationLostError("Whoever asked for this call is gone."))
      })
    }
    this.gate.abandon(owner)
  }

  /** The calls that wait for their turn. */
  get waiting(): number {
    return [...this.queues.values()].reduce((count, queue) => count + queue.length, 0)
  }

  async use(): Promise<LimitUse> {
    return { ...await this.gate.use(), waiting: this.waiting }
  }

  async state(): Promise<LimitState> {
    return this.stateWith(await this.gate.use())
  }

  /** Returns the state of the limit for a use of it that is known already. */
  stateWith(use: Omit<LimitUse, "waiting">): LimitState {
    return limitState(this.rules, { ...use, waiting: this.waiting })
  }

  private enter(waiter: Waiter): void {
    const { party, goesFirst } = waiter.turn
    const queue = this.queues.get(party)
    if (queue === undefined) {
      this.queues.set(party, [waiter])
      return
    }
    const next = goesFirst === true ? queue.findIndex((other) => other.turn.goesFirst !== true) : -1
    queue.splice(next < 0 ? queue.length : next, 0, waiter)
  }

  private forget(waiter: Waiter): void {
    const { party } = waiter.turn
    const rest = (this.queues.get(party) ?? []).filter((other) => other !== waiter)
    if (rest.length === 0) {
      this.queues.delete(party)
    } else {
      this.queues.set(party, rest)
    }
  }

  /** Asks the gate on behalf of the waiting calls, one question at a time. */
  private advance(): void {
    this.hasChanged = true
    if (!this.isAsking) {
      void this.ask()
    }
  }

  private async ask(): Promise<void> {
    this.isAsking = true
    while (this.hasChanged) {
      this.hasChanged = false
      while (this.queues.size > 0) {
        const { owner } = this.next()
        const taken = await this.gate.take(owner).catch((reason: Error) => ({ kind: "lost" as const, reason }))
        if (taken.kind === "wait") {
          this.queues.forEach((queue) => queue.forEach((each) => { each.waitedFor = taken.limit }))
          this.askAgainIn(taken.ms)
          break
        }
        const waiter = this.nextOf(owner)
        if (taken.kind === "granted") {
          this.grant(waiter, taken.id)
        } else if (waiter !== undefined) {
          this.forget(waiter)
          waiter.refuse(taken.kind === "spent" ? new PeriodSpentError() : taken.reason)
        }
      }
    }
    this.isAsking = false
  }

  private grant(waiter: Waiter | undefined, id: string): void {
    const permit = this.permit(id, waiter?.waitedFor)
    if (waiter === undefined) {
      // The waiter has left meanwhile.
      permit.release("accepted")
      return
    }
    this.forget(waiter)
    const queue = this.queues.get(waiter.turn.party)
    if (queue !== undefined) {
      this.queues.delete(waiter.turn.party)
      this.queues.set(waiter.turn.party, queue)
    }
    if (waiter.turn.isBrief === true) {
      this.aheadAt.push(this.now())
    }
    waiter.grant(permit)
  }

  /** Returns the waiter whose turn it is. */
  private next(): Waiter {
    const all = [...this.queues.values()].map(([first]) => first)
    const brief = this.mayGoAhead() ? all.find((waiter) => waiter.turn.isBrief === true) : undefined
    return brief ?? all[0]
  }

  /** Returns the next waiter of an owner, since the line may have changed while the gate was asked. */
  private nextOf(owner: string): Waiter | undefined {
    const first = this.queues.size === 0 ? undefined : this.next()
    return first?.owner === owner ? first :
      [...this.queues.values()].map((queue) => queue[0]).find((waiter) => waiter.owner === owner)
  }

  private mayGoAhead(): boolean {
    const windowStart = this.now() - this.rules.windowMs
    this.aheadAt = this.aheadAt.filter((at) => at > windowStart)
    return this.aheadAt.length < Math.max(FEWEST_BRIEF, Math.floor(this.rules.callsPerWindow * BRIEF_SHARE))
  }

  private permit(id: string, waitedFor?: Obstacle): Permit {
    let isReleased = false
    return {
      waitedFor,
      sent: () => this.gate.sent(id),
      release: (reception) => {
        if (!isReleased) {
          isReleased = true
          this.gate.release(id, reception)
        }
      },
    }
  }

  private askAgainIn(milliseconds: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.advance(), Math.ceil(milliseconds))
  }
}

/** Returns the state of a limit, with those of its rules that are shown. */
export function limitState(
  { callsPerWindow, windowMs, callsAtOnce, callsPerPeriod }: LimitRules, use: LimitUse,
): LimitState {
  return { ...use, rules: { callsPerWindow, windowMs, callsAtOnce, callsPerPeriod } }
}
