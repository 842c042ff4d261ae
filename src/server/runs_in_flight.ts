import { duration } from "../hub/durations"
import type { RunProgress } from "../hub/run_account"
import type { TransferableAccount } from "../runs/records/account_entry"
import type { LoggedRun } from "../xpc/logging"
import { RunContext } from "../xpc/run_context"

/** One execution or form that somebody waits for. */
export interface RunDescription extends LoggedRun {
  kind: "execution" | "form"
  actionName: string
  webhookId?: string
  /** The time after which it is told to stop, in ms; no limit if absent. It is not cut off if it goes on. */
  timeLimitMs?: number
  /** The account of an execution, for who has to answer in its place. */
  account?: Pick<TransferableAccount, "latestProgress" | "noteLost">
}

interface Run extends RunDescription {
  stop: AbortController
  /** Ends the wait for the run with a failure. The run itself may go on. */
  fail: (reason: unknown) => void
}

const context = new RunContext<Run>()

/**
 * Fails the run whose code is executing right now with something thrown where nobody could catch it, such as in a
 * stream's event handler. Returns that run, or undefined if the code belongs to none.
 */
export function failCurrentRun(thrown: unknown): RunDescription | undefined {
  const run = context.current
  run?.fail(thrown)
  return run === undefined ? undefined : { kind: run.kind, actionName: run.actionName, webhookId: run.webhookId }
}

/** Returns the run whose code is executing right now, for the log. */
export function runBeingExecuted(): LoggedRun | undefined {
  return context.current
}

/** The executions and forms that are under way, and the means to stop them. */
export class RunsInFlight {

  private readonly runs = new Set<Run>()
  private whenNone: Array<() => void> = []

  /** The number of executions under way, without forms. */
  get executionCount(): number {
    return [...this.runs].filter(({ kind }) => kind === "execution").length
  }

  /**
   * Does the work and settles as it does. The signal passed to the work is aborted when the run should stop and report
   * what it has done. Rejects early if the run is abandoned or fails outside of its own promise.
   */
  async track<T>(description: RunDescription, work: (stopSignal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    let fail: Run["fail"] = () => undefined
    const failed = new Promise<never>((_resolve, reject) => { fail = reject })
    const run: Run = { ...description, stop, fail }
    this.runs.add(run)
    const { timeLimitMs } = description
    const timer = timeLimitMs === undefined ? undefined :
      setTimeout(() => stop.abort(new Error(`The run reached its time limit of ${duration(timeLimitMs)}`)), timeLimitMs)
    try {
      return await Promise.race([failed, context.within(run, async () => work(stop.signal))])
    } finally {
      clearTimeout(timer)
      this.runs.delete(run)
      if (this.runs.size === 0) {
        this.whenNone.splice(0).forEach((resolve) => resolve())
      }
    }
  }

  /** Tells every run to stop and to report what it has done so far. */
  stopAll(reason: Error): void {
    this.runs.forEach(({ stop }) => stop.abort(reason))
  }

  /** Ends the wait for all runs. Those still going on fail with what is thrown for their progress. */
  abandonAll(reasonFor: (progress: RunProgress | undefined) => unknown): void {
    this.runs.forEach(({ fail, account }) => {
      account?.noteLost()
      fail(reasonFor(account?.latestProgress))
    })
  }

  /** Resolves once nothing is under way. */
  async ended(): Promise<void> {
    if (this.runs.size > 0) {
      await new Promise<void>((resolve) => this.whenNone.push(resolve))
    }
  }

}
