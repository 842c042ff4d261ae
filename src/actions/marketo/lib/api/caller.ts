import { performance } from "perf_hooks"
import * as winston from "winston"
import { MarketoError, meaningOf } from "../errors"
import { CallReception } from "../quota/call_quota"
import { reserveReached } from "../quota/daily_allowance"
import { decideRetry, isPassing, Repetition } from "../quota/retry_policy"
import { RunControl } from "../stopping/run_control"
import { MarketoClock } from "./clock"
import { MarketoConnection } from "./connection"
import { errorFromReply } from "./error_from_reply"
import { exchange, MarketoReply } from "./http"
import { permissionFor } from "./permissions"
import { asForm, isTooLongForQuery } from "./query_as_form"
import { Envelope } from "./types"

/** One call of Marketo's REST API. */
export interface MarketoCall {
  /** Name for logs and reports, such as "sync leads". */
  operation: string
  method: "GET" | "POST" | "DELETE"
  /** Path and query, beginning with a slash. The query of a GET may be of any length. */
  path: string
  /** JSON text. */
  body?: string
  /** Sent as application/x-www-form-urlencoded, as asset writes want it. */
  form?: { [name: string]: string } | string
  repetition: Repetition
  /** True for a call that must not be lost because the other end has closed a connection that was kept open. */
  needsOwnConnection?: boolean
  /** True when other calls of the run build upon this one. */
  goesFirst?: boolean
  /** Milliseconds to wait for the answer; the connection's usual time when absent. */
  answerTimeoutMs?: number
  /** Called when the turn of an attempt has come. What it throws is thrown by `send`, and nothing is sent. */
  beforeAttempt?: () => void
  /** Told when all of an attempt's request has been handed to the network. */
  onSent?: () => void
  /** Told true when the call begins to wait for a repetition, false when it is under way again. */
  onParked?: (isParked: boolean) => void
}

/** What a run learns from every call it makes. */
export interface CallWatcher {
  /** An attempt begins to go out, repetitions included. */
  callSent(operation: string): void
  /** A failed attempt that will be repeated, or not. */
  callFailed(operation: string, error: MarketoError): void
  /** A call begins to wait for its repetition, or has waited; with the failure that made it wait. */
  callParked?(isParked: boolean, error: MarketoError): void
}

/** A refused token is replaced so often for one call; then the credentials themselves are at fault. */
const MOST_TOKEN_ROUNDS = 2

/** True when a new token makes the same call pass, and it surely was not executed. */
function isTokenRefused(error: MarketoError): boolean {
  return meaningOf(error.code).tokenRefused === true && !error.maybeExecuted
}

/** True when somebody on the way takes shorter addresses than Marketo. */
function isUriTooLong(reply: MarketoReply): boolean {
  return (reply.kind === "answer" || reply.kind === "unreadable") && reply.status === 414
}

/**
 * Makes the calls of one run: waits for the quota, sends, reads the outcome, and repeats what may be repeated.
 * Gives back the successful envelope; throws MarketoError for the failure that remained, and RunStoppedError when
 * the run was told to stop while the call was not on the wire.
 */
export class MarketoCaller {
  /** Marketo's clock, as far as the answers of this run tell it. */
  readonly clock = new MarketoClock()

  constructor(
    readonly connection: MarketoConnection,
    private readonly run: RunControl,
    private readonly watcher: CallWatcher,
    private readonly logContext: { [name: string]: unknown } = {},
  ) {}

  async send<T>(call: MarketoCall): Promise<Envelope<T>> {
    let failures = 0
    let refusals = 0
    let refusedSince = 0
    let tokenRounds = 0
    let refusedToken: string | undefined
    let isQueryInBody = call.method === "GET" && isTooLongForQuery(call.path)
    // An attempt that may have been executed stays so, even when a later one surely was not.
    let maybeExecuted: MarketoError | undefined
    for (;;) {
      try {
        const { token, reply, error } = await this.exchangeWithinQuota(
          isQueryInBody ? asForm(call) : call, refusedToken)
        if (error === undefined) {
          return (reply as { body: unknown }).body as Envelope<T>
        }
        this.watcher.callFailed(call.operation, error)
        if (isTokenRefused(error) && tokenRounds < MOST_TOKEN_ROUNDS) {
          tokenRounds++
          refusedToken = token
          continue
        }
        if (isUriTooLong(reply) && call.method === "GET" && !isQueryInBody) {
          isQueryInBody = true
          continue
        }
        throw error
      } catch (failure) {
        if (!(failure instanceof MarketoError)) {
          throw this.uncertain(maybeExecuted, failure)
        }
        const wasReached = this.connection.token.wasGiven
        if (isPassing(failure, wasReached)) {
          refusals++
          refusedSince = refusals === 1 ? Date.now() : refusedSince
        } else {
          failures++
          refusals = 0
        }
        maybeExecuted = failure.maybeExecuted ? failure : maybeExecuted
        const progress = { failures, refusals, refusedForMs: Date.now() - refusedSince, wasReached }
        const decision = decideRetry(failure, call.repetition, progress, this.connection.pace)
        if (decision.kind === "giveUp") {
          throw this.uncertain(maybeExecuted, failure)
        }
        this.logRetry(call, failure, decision.waitMs)
        await this.park(call, failure, decision.waitMs, maybeExecuted)
      }
    }
  }

  /**
   * The remembered answer to a question about the instance, or what `ask` gives; see ShortMemory.recall. Throws
   * RunStoppedError as soon as the run is told to stop, although another run's question may go on.
   */
  async recall<T>(name: string, ask: () => Promise<T>): Promise<T> {
    return this.connection.memory.recall(name, ask, this.run)
  }

  /** Waits so many milliseconds because of a failure; the watcher is told. Throws RunStoppedError. */
  async waitAfter(failure: MarketoError, milliseconds: number): Promise<void> {
    this.watcher.callParked?.(true, failure)
    try {
      await this.run.wait(milliseconds)
    } finally {
      this.watcher.callParked?.(false, failure)
    }
  }

  private async token(refused: string | undefined): Promise<string> {
    const token = refused === undefined ? await this.connection.token.current(this.run) :
      await this.connection.token.replace(refused, this.run)
    return token.text
  }

  private async exchangeWithinQuota(
    call: MarketoCall, refusedToken: string | undefined,
  ): Promise<{ token: string, reply: MarketoReply, error: MarketoError | undefined }> {
    // Asked for before the wait for the quota, so that no permit is held while identity is slow.
    await this.token(refusedToken)
    if (this.connection.daily.left === 0) {
      throw reserveReached()
    }
    const permit = await this.connection.quota.acquire(this.run, call.goesFirst)
    let reception: CallReception = "notSent"
    try {
      // And again, since the wait may have been longer than the token's life.
      const token = await this.token(refusedToken)
      call.beforeAttempt?.()
      const begunAt = performance.now()
      reception = "accepted"
      const reply = await exchange({
        method: call.method,
        url: this.connection.origin + call.path,
        headers: {
          "Authorization": `Bearer ${token}`,
          "User-Agent": "looker-action-hub-marketo",
          ...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        body: call.body,
        form: call.form,
        timeoutMs: call.answerTimeoutMs ?? this.connection.pace.answerTimeoutMs,
        needsOwnConnection: call.needsOwnConnection,
        onDeparted: () => {
          this.connection.daily.spend()
          this.watcher.callSent(call.operation)
        },
        onSent: () => {
          permit.sent()
          call.onSent?.()
        },
      })
      if (reply.kind === "answer" && reply.status === 200) {
        this.clock.note(reply.body.requestId, begunAt, performance.now())
      }
      const error = errorFromReply(reply, permissionFor(call.operation))
      if (reply.kind === "notSent") {
        reception = "notSent"
      } else if (error !== undefined && error.kind === "throttled") {
        reception = meaningOf(error.code).concurrency === true ? "concurrencyLimited" : "rateLimited"
      }
      return { token, reply, error }
    } finally {
      permit.release(reception)
    }
  }

  private async park(
    call: MarketoCall, failure: MarketoError, waitMs: number, maybeExecuted: MarketoError | undefined,
  ): Promise<void> {
    call.onParked?.(true)
    try {
      await this.waitAfter(failure, waitMs)
    } catch (stopped) {
      throw this.uncertain(maybeExecuted, stopped)
    } finally {
      call.onParked?.(false)
    }
  }

  /** The failure, marked as uncertain when an earlier attempt may have been executed. */
  private uncertain(maybeExecuted: MarketoError | undefined, failure: unknown): unknown {
    if (maybeExecuted === undefined || failure === maybeExecuted) {
      return failure
    }
    const kind = failure instanceof MarketoError ? failure.kind : "unavailable"
    const message = failure instanceof MarketoError ? failure.message : maybeExecuted.message
    const code = failure instanceof MarketoError ? failure.code : maybeExecuted.code
    const origin = failure instanceof MarketoError ? failure.origin : maybeExecuted.origin
    return new MarketoError(kind, message, {
      code, origin, requestId: maybeExecuted.requestId, maybeExecuted: true, original: failure,
    })
  }

  private logRetry(call: MarketoCall, error: MarketoError, waitMs: number): void {
    winston.info(`Marketo: ${call.operation} is repeated in ${Math.round(waitMs)} ms (${error.kind}` +
      `${error.code === undefined ? "" : `, code ${error.code}`})`, { ...this.logContext, requestId: error.requestId })
  }
}
