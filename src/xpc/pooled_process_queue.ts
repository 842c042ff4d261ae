import type { ChildProcess } from "node:child_process"

import * as winston from "winston"

import type { CoordinationHome } from "../hub/coordination/coordination_home"
import { EmbeddedHome } from "../hub/coordination/embedded_home"
import { runAccountOf } from "../hub/run_account"
import { SettingsReader } from "../hub/settings"
import { traceOf } from "../hub/tracing"
import type { MetricsHome } from "../observability/metrics_home"
import { transferable } from "../runs/records/account_entry"
import { type ExecutionSettings, executionSettings } from "./execution_settings"
import type { ProcessCounts } from "./process_counts"
import type { RunReply } from "./process_messages"
import { ProcessPool } from "./process_pool"
import { ProcessQueue } from "./process_queue"
import { EXECUTE_PROCESS } from "./process_start"
import type { ProcessState } from "./process_state"
import { Run } from "./run"

/** The options of a queue, for tests and for hubs that bring their own parts. Each has a default. */
export interface ProcessQueueOptions {
  /** Settings in place of the environment's. */
  settings?: ExecutionSettings
  /** Absolute path of another program for the execute processes. It has to re-export that of `execute_process.ts`. */
  program?: string
  /** The home that the processes ask for calls and leases; one of the queue's own if absent. */
  coordination?: CoordinationHome
  /** Takes what happens in the execute processes; nothing is measured if absent. */
  metrics?: MetricsHome
}

/**
 * The common part of the two queues: runs wait in `queue` until there is room for them in a pool of execute processes.
 * Creating one starts nothing and reads nothing. An idle queue does not keep the hub's process alive.
 */
export abstract class PooledProcessQueue extends ProcessQueue {

  /** The time that a run may take, in ms, if `ACTION_HUB_EXECUTE_TIMEOUT_SECONDS` is not set. */
  abstract PROCESS_TIMEOUT: number

  private usedPool: ProcessPool | undefined
  private usedSettings: ExecutionSettings | undefined

  constructor(private readonly options: ProcessQueueOptions = {}) {
    super()
  }

  /**
   * Runs one request, given as `JSON.stringify(request)`. Never rejects for what happens to the run: a failure of the
   * action, of its process or of the hub is a reply with `success: false`.
   *
   * The reply is an object, although its declared type has always been a string: `validateAndExecute` copies it onto an
   * ActionResponse.
   */
  async run(data: string): Promise<string> {
    return await this.execute(data) as unknown as string
  }

  /**
   * Runs a request without JSON in between. An attachment's Buffer crosses over unchanged, which takes a tenth of the
   * time and a quarter of the memory of {@link run}.
   */
  async execute(request: string | object): Promise<RunReply> {
    // A class instance and its accessors do not cross over, but its own members do.
    const isText = typeof request === "string"
    const account = isText ? undefined : transferable(runAccountOf(request))
    const trace = isText ? undefined : traceOf(request)?.carrier
    const run = new Run(isText ? request : { ...request }, this.timeLimitMs, account, trace)
    const pool = this.pool
    return new Promise((resolve, reject) => {
      this.queue.add(async () => this.occupyPlace(run, pool, resolve)).catch(reject)
    })
  }

  /** Returns the number of processes in each state. */
  processes(): ProcessCounts {
    return this.pool.counts
  }

  /** Returns every process there is at present. Asking for them starts none. */
  processStates(): ProcessState[] {
    return this.usedPool?.states ?? []
  }

  /** Starts the execute processes, so that the first run does not have to wait for them. */
  warmUp(): void {
    this.pool.warmUp()
  }

  /**
   * Tells all runs to stop and to report what they did. Runs that have not begun are answered with a failure, and so
   * are all later ones. After at most `ACTION_HUB_STOP_GRACE_SECONDS` every run is answered; see {@link idle}.
   */
  stopRuns(): void {
    this.pool.stopRuns()
  }

  /** Resolves when no run is waiting or running. */
  async idle(): Promise<void> {
    await this.queue.onIdle()
  }

  /** Ends the execute processes at once, and answers for the runs that are still in them. Takes no more runs. */
  async close(): Promise<void> {
    await this.pool.close()
  }

  /**
   * Kills `child` after {@link PROCESS_TIMEOUT} and calls back. It is for queues that start processes of their own on
   * top of this class; the execute processes have finer limits. Clear the returned timer when the child is done.
   */
  processTimeoutKiller(
    child: ChildProcess,
    webhookId: string | undefined,
    callback: (reason: string) => void,
  ): NodeJS.Timeout {
    return setTimeout(() => {
      winston.warn("A process of its own reached its time limit", { webhookId })
      child.kill("SIGKILL")
      callback("Killed execute process due to timeout in responding to parent process")
    }, this.PROCESS_TIMEOUT)
  }

  protected get settings(): ExecutionSettings {
    // The code that starts the server checks the environment as a whole. Here a malformed value has its default.
    this.usedSettings ??= this.options.settings ?? executionSettings(new SettingsReader(process.env))
    return this.usedSettings
  }

  protected get timeLimitMs(): number {
    return this.settings.timeLimitMs ?? this.PROCESS_TIMEOUT
  }

  /** The number of processes, and of runs in each. */
  protected get size(): { processCount: number, runsPerProcess: number } {
    return this.settings
  }

  /** Keeps one place of `queue` for as long as the run needs it. `answer` gets the reply as soon as it is there. */
  protected async occupyPlace(run: Run, pool: ProcessPool, answer: (reply: RunReply) => void): Promise<void> {
    await pool.begin(run)
    answer(await run.reply)
    await run.released
  }

  private get pool(): ProcessPool {
    if (this.usedPool === undefined) {
      const { processCount, runsPerProcess } = this.size
      this.queue.concurrency = processCount * runsPerProcess
      this.usedPool = new ProcessPool({
        program: this.options.program ?? EXECUTE_PROCESS,
        settings: this.settings,
        coordination: this.options.coordination ?? new EmbeddedHome(),
        metrics: this.options.metrics,
        processCount,
        runsPerProcess,
        onRoomChanged: (runs) => {
          if (runs !== this.queue.concurrency) {
            this.queue.concurrency = runs
          }
        },
      })
    }
    return this.usedPool
  }

}
