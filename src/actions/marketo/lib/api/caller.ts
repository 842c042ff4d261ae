import { performance } from "perf_hooks"
import * as winston from "winston"
import { MarketoError, meaningOf } from "../errors"
import { reserveReached } from "../quota/daily_allowance"
import { CallPermit, CallReception, QuotaWait } from "../quota/quota"
import { decideRetry, isPassing } from "../quota/retry_policy"
import { RunControl } from "../stopping/run_control"
import { Token } from "./access_token"
import { MarketoCall, pathOf } from "./call"
import { CallOutcome, outcomeOf } from "./call_outcome"
import { MarketoClock } from "./clock"
import { MarketoConnection } from "./connection"
import { exchange } from "./http"
import { asForm, isTooLongForQuery } from "./query_as_form"
import { Envelope } from "./types"

/** Learns of every call that a run makes. The name of the operation comes with it. */
export interface CallWatcher {
  /** An attempt begins to go out, repetitions included. */
  callSent(operation: string): void
  /** An attempt has failed; it may be repeated. */
  callFailed(operation: string, error: MarketoError): void
  /** A call begins to wait for its turn in the quota, or has waited. */
  callQueued?(isQueued: boolean): void
  /** A call begins to wait because of a failure, or has waited. */
  callParked?(isParked: boolean, error: MarketoError): void
  /** A call has waited for its permit; `limit`: what kept it waiting last, if anything did. */
  quotaWaited?(milliseconds: number, limit?: QuotaWait): void
  /** An attempt begins. What is returned is ended with it. */
  callBegun?(operation: string): AttemptSpan | undefined
  /** An attempt has come to its end; `error`: what it failed with. */
  callAnswered?(operation: string, error: MarketoError | undefined, milliseconds: number): void
  /** Marketo has refused the credentials for which a call needed a token. */
  credentialsRefused?(): void
}

/** Ends with an attempt; `failure` is the kind of its error. */
interface AttemptSpan {
  end(attributes?: { [name: string]: string }, failure?: string): void
}

/** Times that a refused token is replaced for one call; after that, the credentials themselves are at fault. */
const MOST_TOKEN_ROUNDS = 2

/** Returns true if a new token makes the same call pass, and it surely was not executed. */
function isTokenRefused(error: MarketoError): boolean {
  return meaningOf(error.code).tokenRefused === true && !error.maybeExecuted
}

/** Returns how Marketo's quota took a call, which tells the pace of the next. */
function receptionOf(outcome: CallOutcome<unknown>): CallReception {
  if (outcome.kind === "success") {
    return "accepted"
  }
  const { code, kind, unsent } = outcome.error
  return unsent !== undefined ? "notSent" : kind !== "throttled" ? "accepted" :
    meaningOf(code).concurrency === true ? "concurrencyLimited" : "rateLimited"
}

/** HTTP status of somebody on the way who takes shorter addresses than Marketo. Source: RFC 9110, 15.5.15. */
const URI_TOO_LONG = 414

/**
 * Makes the calls of one run: waits for the quota, sends, reads the outcome, and repeats what may be repeated.
 * Returns the successful envelope. Throws MarketoError for the failure that remained, and RunStoppedError if the run
 * was told to stop while the call was not on the wire.
 */
export class MarketoCaller {
  constructor(
    readonly connection: MarketoConnection,
    private readonly run: RunControl,
    private readonly watcher: CallWatcher,
    private readonly logContext: { [name: string]: unknown } = {},
    /** Marketo's clock, as far as the answers of this run show it. */
    readonly clock = new MarketoClock(),
  ) {}

  /** Returns a caller of the same run whose calls another watcher learns of, too. */
  watchedBy(other: Partial<CallWatcher>): MarketoCaller {
    const both: CallWatcher = {
      callSent: (operation) => {
        this.watcher.callSent(operation)
        other.callSent?.(operation)
      },
      callFailed: (operation, error) => {
        this.watcher.callFailed(operation, error)
        other.callFailed?.(operation, error)
      },
      callQueued: (isQueued) => {
        other.callQueued?.(isQueued)
        this.watcher.callQueued?.(isQueued)
      },
      callParked: (isParked, error) => {
        other.callParked?.(isParked, error)
        this.watcher.callParked?.(isParked, error)
      },
      quotaWaited: (milliseconds, limit) => {
        this.watcher.quotaWaited?.(milliseconds, limit)
        other.quotaWaited?.(milliseconds, limit)
      },
      callBegun: (operation) => this.watcher.callBegun?.(operation) ?? other.callBegun?.(operation),
      callAnswered: (operation, error, milliseconds) => {
        this.watcher.callAnswered?.(operation, error, milliseconds)
        other.callAnswered?.(operation, error, milliseconds)
      },
      credentialsRefused: () => {
        this.watcher.credentialsRefused?.()
        other.credentialsRefused?.()
      },
    }
    return new MarketoCaller(this.connection, this.run, both, this.logContext, this.clock)
  }

  /** Returns a caller of the same run that another control ends: for what is still asked once the run has stopped. */
  endedBy(run: RunControl): MarketoCaller {
    return new MarketoCaller(this.connection, run, this.watcher, this.logContext, this.clock)
  }

  async send<T>(call: MarketoCall): Promise<Envelope<T>> {
    let failures = 0
    let refusals = 0
    let refusedSince = 0
    let tokenRounds = 0
    let refusedToken: string | undefined
    const { operation } = call
    let isQueryInBody = operation.method === "GET" && isTooLongForQuery(pathOf(call))
    // An attempt that may have been executed stays so, even when a later one surely was not.
    let maybeExecuted: MarketoError | undefined
    for (;;) {
      try {
        const { token, outcome } = await this.exchangeWithinQuota<T>(call, isQueryInBody, refusedToken)
        if (outcome.kind === "success") {
          return outcome.envelope
        }
        const { error } = outcome
        this.watcher.callFailed(operation.name, error)
        if (isTokenRefused(error) && tokenRounds < MOST_TOKEN_ROUNDS) {
          tokenRounds++
          refusedToken = token
          continue
        }
        if (error.status === URI_TOO_LONG && operation.method === "GET" && !isQueryInBody) {
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
          refusedSince = refusals === 1 ? performance.now() : refusedSince
        } else {
          failures++
          refusals = 0
        }
        maybeExecuted = failure.maybeExecuted ? failure : maybeExecuted
        const progress = { failures, refusals, refusedForMs: performance.now() - refusedSince, wasReached }
        const decision = decideRetry(failure, operation.repetition, progress, this.connection.pace)
        if (decision.kind === "giveUp") {
          throw this.uncertain(maybeExecuted, failure)
        }
        this.logRetry(call, failure, decision.waitMs)
        await this.park(failure, decision.waitMs, maybeExecuted)
      }
    }
  }

  /**
   * Returns the remembered answer to a question about the instance, or what `ask` gives; see ShortMemory.recall.
   * Throws RunStoppedError as soon as the run is told to stop, although another run's question may go on.
   */
  async recall<T>(name: string, ask: () => Promise<T>): Promise<T> {
    return this.connection.memory.recall(name, ask, this.run)
  }

  /** Returns the token to use now, as AccessToken.current does; the watcher learns of refused credentials. */
  async signIn(): Promise<Token> {
    return this.connection.token.current(this.run, () => this.watcher.credentialsRefused?.())
  }

  /** Waits for a time (ms) because of a failure; the watcher learns of it. Throws RunStoppedError. */
  async waitAfter(failure: MarketoError, milliseconds: number): Promise<void> {
    this.watcher.callParked?.(true, failure)
    try {
      await this.run.wait(milliseconds)
    } finally {
      this.watcher.callParked?.(false, failure)
    }
  }

  private async token(refused: string | undefined): Promise<string> {
    const token = refused === undefined ? await this.signIn() :
      await this.connection.token.replace(refused, this.run, () => this.watcher.credentialsRefused?.())
    return token.text
  }

  private async permit(goesFirst: boolean | undefined): Promise<CallPermit> {
    const askedAt = performance.now()
    this.watcher.callQueued?.(true)
    try {
      const permit = await this.connection.quota.acquire(this.run, goesFirst)
      this.watcher.quotaWaited?.(performance.now() - askedAt, permit.waitedFor)
      return permit
    } finally {
      this.watcher.callQueued?.(false)
    }
  }

  private async exchangeWithinQuota<T>(
    call: MarketoCall, isQueryInBody: boolean, refusedToken: string | undefined,
  ): Promise<{ token: string, outcome: CallOutcome<T> }> {
    // Asked for before the wait for the quota, so that no permit is held while identity is slow.
    await this.token(refusedToken)
    if (this.connection.daily.left === 0) {
      throw reserveReached()
    }
    const { operation } = call
    const permit = await this.permit(operation.goesFirst)
    let reception: CallReception = "notSent"
    try {
      // And again, since the wait may have been longer than the token's life.
      const token = await this.token(refusedToken)
      call.beforeAttempt?.()
      const begunAt = performance.now()
      const span = this.watcher.callBegun?.(operation.name)
      reception = "accepted"
      const { path, form } = isQueryInBody ? asForm(pathOf(call)) : { path: pathOf(call), form: call.form }
      const reply = await exchange({
        method: isQueryInBody ? "POST" : operation.method,
        url: this.connection.origin + path,
        headers: {
          "Authorization": `Bearer ${token}`,
          "User-Agent": "looker-action-hub-marketo",
          ...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(call.upload === undefined ? {} : {
            "Content-Type": call.upload.contentType, "Content-Length": String(call.upload.bytes),
          }),
        },
        body: call.upload?.open() ?? call.body,
        wantsFile: call.wantsFile,
        form,
        timeoutMs: call.answerTimeoutMs ?? this.connection.pace.answerTimeoutMs,
        needsOwnConnection: operation.needsOwnConnection,
        onDeparted: () => {
          this.connection.daily.spend()
          this.watcher.callSent(operation.name)
        },
        onSent: () => {
          permit.sent()
          call.onSent?.()
        },
      })
      if (reply.kind === "answer" && reply.status === 200) {
        this.clock.note(reply.body.requestId, begunAt, performance.now())
      }
      const outcome = outcomeOf<T>(reply, operation.permission)
      reception = receptionOf(outcome)
      const error = outcome.kind === "success" ? undefined : outcome.error
      span?.end(error?.code === undefined ? {} : { code: error.code }, error?.kind)
      this.watcher.callAnswered?.(operation.name, error, performance.now() - begunAt)
      return { token, outcome }
    } finally {
      permit.release(reception)
    }
  }

  private async park(
    failure: MarketoError, waitMs: number, maybeExecuted: MarketoError | undefined,
  ): Promise<void> {
    try {
      await this.waitAfter(failure, waitMs)
    } catch (stopped) {
      throw this.uncertain(maybeExecuted, stopped)
    }
  }

  /** Returns the failure, marked as uncertain if an earlier attempt may have been executed. */
  private uncertain(maybeExecuted: MarketoError | undefined, failure: unknown): unknown {
    if (maybeExecuted === undefined || failure === maybeExecuted) {
      return failure
    }
    const kind = failure instanceof MarketoError ? failure.kind : "unavailable"
    const last = failure instanceof MarketoError ? failure : maybeExecuted
    const { reason, code, status, origin, advice, sendAgain } = last
    return new MarketoError(kind, reason, {
      code, status, origin, advice, sendAgain,
      requestId: maybeExecuted.requestId, maybeExecuted: true, original: failure,
    })
  }

  private logRetry(call: MarketoCall, error: MarketoError, waitMs: number): void {
    winston.info(`Marketo: ${call.operation.name} is repeated in ${Math.round(waitMs)} ms (${error.kind}` +
      `${error.code === undefined ? "" : `, code ${error.code}`})`, { ...this.logContext, requestId: error.requestId })
  }
}
