import * as winston from "winston"
import { CoordinationLostError } from "../coordination"
import { AwayReason, RedisAwayError } from "./away"
import { Outbox } from "./outbox"
import { RedisSession } from "./session"

/** The connection's durations, in ms. */
export interface ConnectionTimes {
  /** The time after which a missing answer counts as none. */
  timeoutMs: number
  /** The time that calls wait for a Redis that is away. */
  patienceMs: number
  /** The first and the longest time between two attempts to connect. */
  firstRetryMs: number
  longestRetryMs: number
}

/** The parts of the hub that depend on the connection. */
export interface ConnectionListener {
  /** Prepares a new session before anything is asked. Rejects if the session is of no use. */
  onSession(session: RedisSession): Promise<void>
  /** Reports that everything may be asked again. */
  onBack(): void
  onMessage(message: string): void
}

/** The connection to Redis: one session after the other, and the waiting while there is none. */
export class RedisConnection {
  timesAway = 0
  private session: RedisSession | undefined
  private awaySince = performance.now()
  private reason: AwayReason = { kind: "the hub has just started", detail: "the hub has just started" }
  private hasBeenThere = false
  private isClosed = false
  private failures = 0
  private retry: NodeJS.Timeout | undefined
  private readonly waiting = new Set<{ proceed(): void, giveUp(reason: Error): void }>()
  private readonly outbox = new Outbox(() => this.session)

  constructor(
    private readonly url: string, private readonly channel: string, private readonly times: ConnectionTimes,
    private readonly listener: ConnectionListener,
  ) {
    void this.connect()
  }

  get isThere(): boolean {
    return this.session !== undefined
  }

  /** A sentence about the problem, without address and user; undefined while Redis is there. */
  get trouble(): string | undefined {
    return this.isThere ? undefined :
      `Redis has been unreachable for ${seconds(performance.now() - this.awaySince)} s: ${this.reason.kind}. ` +
      `Calls wait for it up to ${seconds(this.times.patienceMs)} s, then runs stop.`
  }

  /** Resolves once Redis is there. Rejects with a CoordinationLostError if it has been away for too long. */
  async isBack(): Promise<void> {
    if (this.isThere) {
      return
    }
    const waitMs = this.awaySince + this.times.patienceMs - performance.now()
    if (this.isClosed || waitMs <= 0) {
      throw this.lostError()
    }
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => waiter.giveUp(this.lostError()), waitMs)
      const leave = () => {
        clearTimeout(timer)
        this.waiting.delete(waiter)
      }
      const waiter = {
        proceed: () => {
          leave()
          resolve()
        },
        giveUp: (reason: Error) => {
          leave()
          reject(reason)
        },
      }
      this.waiting.add(waiter)
    })
  }

  /**
   * Asks until there is an answer. A question may be executed twice, so repeating it must do no harm.
   * Rejects with a CoordinationLostError if Redis has been away for too long.
   */
  async ask<T>(question: (session: RedisSession) => Promise<T>): Promise<T> {
    const askedAt = performance.now()
    for (;;) {
      await this.isBack()
      try {
        return await question(this.session as RedisSession)
      } catch (failure) {
        if (!(failure instanceof RedisAwayError)) {
          throw failure
        }
        if (performance.now() - askedAt > this.times.patienceMs) {
          throw this.lostError()
        }
      }
    }
  }

  /** Sends a message, and repeats it if it is not known to have arrived. Messages keep their order. */
  send(send: (session: RedisSession) => Promise<unknown>): void {
    this.outbox.add(send)
  }

  /** Asks once. Resolves with undefined if there is no answer. */
  async attempt<T>(question: (session: RedisSession) => Promise<T>): Promise<T | undefined> {
    const { session } = this
    try {
      return session === undefined ? undefined : await question(session)
    } catch (failure) {
      session?.lose(reasonOf(failure))
      return undefined
    }
  }

  /** Resolves once every message was sent, or cannot be. */
  async close(): Promise<void> {
    const deadline = performance.now() + this.times.timeoutMs
    while (this.isThere && !this.outbox.isEmpty && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    this.isClosed = true
    clearTimeout(this.retry)
    this.session?.close()
    this.session = undefined
    this.waiting.forEach((waiter) => waiter.giveUp(this.lostError()))
  }

  private async connect(): Promise<void> {
    let session: RedisSession | undefined
    try {
      session = await RedisSession.open(this.url, this.times.timeoutMs, (reason) => this.lose(session, reason))
      await session.listen(this.channel, (message) => this.listener.onMessage(message))
      await this.listener.onSession(session)
    } catch (failure) {
      session?.close()
      this.retryAfter(reasonOf(failure))
      return
    }
    if (this.isClosed || session.isLost) {
      session.close()
      this.retryAfter({ kind: "the connection was cut", detail: "the connection was cut" })
      return
    }
    this.begin(session)
  }

  private begin(session: RedisSession): void {
    winston.info(this.hasBeenThere ? `Redis is back after ${seconds(performance.now() - this.awaySince)} s.` :
      "Redis is there: calls and leases are agreed on with other hubs.")
    this.session = session
    this.hasBeenThere = true
    this.failures = 0
    this.outbox.sendAll()
    this.waiting.forEach((waiter) => waiter.proceed())
    this.listener.onBack()
  }

  private lose(session: RedisSession | undefined, reason: AwayReason): void {
    if (this.isClosed || session === undefined || session !== this.session) {
      // While a session is being opened, its opener reports the loss.
      return
    }
    this.session = undefined
    this.awaySince = performance.now()
    this.timesAway++
    this.note(reason)
    this.retry = setTimeout(() => void this.connect(), this.times.firstRetryMs)
  }

  private retryAfter(reason: AwayReason): void {
    if (this.isClosed) {
      return
    }
    this.outbox.dropExpired()
    const isNew = this.failures === 0 && !this.hasBeenThere || reason.kind !== this.reason.kind
    if (isNew) {
      this.note(reason)
    }
    const { firstRetryMs, longestRetryMs } = this.times
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** ++this.failures)
    // The random part keeps hubs that lost the same Redis from coming back all at the same moment.
    this.retry = setTimeout(() => void this.connect(), longest * (0.5 + Math.random() / 2))
  }

  private note(reason: AwayReason): void {
    this.reason = reason
    const patience = seconds(this.times.patienceMs)
    winston.error(`Redis is not there: ${reason.detail}. Calls wait for it up to ${patience} s, then runs stop and ` +
      "report what was not sent.")
  }

  private lostError(): CoordinationLostError {
    return new CoordinationLostError("The action hub has lost touch with Redis, where hubs agree on what each of " +
      `them sends: ${this.reason.kind}. Nothing more was sent, so that no record is sent twice. ` +
      "The hub's administrator finds the details under /status.")
  }
}

function seconds(milliseconds: number): string {
  return String(Math.round(milliseconds / 100) / 10)
}

/**
 * Explains a failure. An error that is neither an answer nor trouble with the connection is our own bug, but must not
 * end the hub.
 */
function reasonOf(failure: unknown): AwayReason {
  if (failure instanceof RedisAwayError) {
    return failure.reason
  }
  const detail = failure instanceof Error ? failure.message : String(failure)
  return { kind: "something unexpected happened", detail }
}
