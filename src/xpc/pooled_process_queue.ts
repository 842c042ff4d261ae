import type { ChildProcess } from "node:child_process"

import * as winston from "winston"

import type { CoordinationHome } from "../hub/coordination/coordination_home"
import { EmbeddedHome } from "../hub/coordination/embedded_home"
import { SettingsReader } from "../hub/settings"
import { type ExecutionSettings, executionSettings } from "./execution_settings"
import type { RunReply } from "./process_messages"
import { ProcessPool } from "./process_pool"
import { ProcessQueue } from "./process_queue"
import { EXECUTE_PROCESS } from "./process_start"
import { Run } from "./run"

/** For tests and for hubs that bring their own; everything has its default. */
export interface ProcessQueueOptions {
  /** Instead of the environment's. */
  settings?: ExecutionSettings
  /** Absolute path of another program for the execute processes; it has to re-export that of `execute_process.ts`. */
  program?: string
  /** Whom the processes ask for calls and leases; one of the queue's own when absent. */
  coordination?: CoordinationHome
}

/**
 * What the two queues share: runs wait in `queue` until there is room for them in a pool of execute processes.
 * Creating one starts nothing and reads nothing. An idle queue does not keep the hub's process alive.
 */
export abstract class PooledProcessQueue extends ProcessQueue {

  /** How long a run may take, in ms, when `ACTION_HUB_EXECUTE_TIMEOUT_SECONDS` does not say. */
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
   * The reply is an object, though its declared type has been a string ever since: `validateAndExecute` copies it onto
   * an ActionResponse.
   */
  async run(data: string): Promise<string> {
    return await this.execute(data) as unknown as string
  }

  /**
   * Like {@link run}, for a request that needs no JSON in between: an attachment's Buffer crosses over as it is, which
   * takes a tenth of the time and a quarter of the memory.
   */
  async execute(request: string | object): Promise<RunReply> {
    // a class instance and its accessors don't cross over; its own members do
    const run = new Run(typeof request === "string" ? request : { ...request }, this.timeLimitMs)
    const pool = this.pool
    return new Promise((resolve, reject) => {
      this.queue.add(async () => this.occupyPlace(run, pool, resolve)).catch(reject)
    })
  }

  /** Starts the execute processes, so that the first run does not have to wait for that. */
  warmUp(): void {
    this.pool.warmUp()
  }

  /**
   * Tells all runs to stop and to report what they did. Those that have not begun are answered with a failure, as are
   * all that come later. After at most `ACTION_HUB_STOP_GRACE_SECONDS` every run is answered; see {@link idle}.
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
   * Kills `child` after {@link PROCESS_TIMEOUT} and tells the callback. For queues that start processes of their own
   * on top of this class; the execute processes have finer limits. Clear the returned timer when the child is done.
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
    // whoever starts the server checks the environment as a whole; here a malformed value takes its default
    this.usedSettings ??= this.options.settings ?? executionSettings(new SettingsReader(process.env))
    return this.usedSettings
  }

  protected get timeLimitMs(): number {
    return this.settings.timeLimitMs ?? this.PROCESS_TIMEOUT
  }

  /** How many processes, and how many runs in each. */
  protected get size(): { processCount: number, runsPerProcess: number } {
    return this.settings
  }

  /** Keeps one place of `queue` for as long as the run needs it; `answer` gets the reply as soon as it is there. */
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
