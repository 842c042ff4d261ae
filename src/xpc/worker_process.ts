import type { ChildProcess } from "node:child_process"

import { Tinypool } from "tinypool"
import * as winston from "winston"

import { errorText } from "./error_text"
import {
  type HubNotice, isProcessNotice, type ProcessGreeting, type ProcessNotice, type ProcessTask,
} from "./process_messages"
import { passOnOutput } from "./process_output"
import type { ProcessStart } from "./process_start"
import { duration, LONGEST_TIMER_MS } from "../hub/durations"
import { endOf, kindOfEnd, type UnaskedEnd } from "../hub/unanswered_runs"

/** Far more than the runs that share a process. The hub counts those itself, and its pings must not wait in line. */
const TASKS_AT_ONCE = 1000000
/** Idle processes are kept. */
const KEPT_WHEN_IDLE_MS = LONGEST_TIMER_MS

/** The events that a {@link WorkerProcess} reports. */
export interface WorkerProcessListener {
  onNotice(notice: ProcessNotice): void
  /**
   * The process is gone, or could not be started. Called once. `how` is a clause such as "it exited with code 1",
   * `kind` the same as a word.
   */
  onExit(how: string, kind: UnaskedEnd): void
}

/**
 * A child process that does tasks, as a worker library's pool of one. The library starts and ends it and carries the
 * messages. An idle one does not keep the hub alive.
 */
export class WorkerProcess {

  /** The process id; undefined if the system could not start it. */
  readonly id: number | undefined
  /** Never resolves if the process could not be started. */
  readonly exited: Promise<void>

  private readonly pool: Tinypool
  private readonly greeting: Promise<ProcessGreeting>
  private readonly channel = {
    // The library sets it up once per task, each time with the way to the same process.
    onMessage: (post: (notice: HubNotice) => void) => { this.post = post },
    postMessage: (message: unknown) => {
      if (isProcessNotice(message)) {
        this.listener.onNotice(message)
      }
    },
  }
  private post: ((notice: HubNotice) => void) | undefined
  private killedBecause: string | undefined
  private isGone = false

  constructor(start: ProcessStart, private readonly listener: WorkerProcessListener) {
    this.pool = new Tinypool({
      runtime: "child_process",
      serialization: "advanced",
      minThreads: 0,
      maxThreads: 1,
      concurrentTasksPerWorker: TASKS_AT_ONCE,
      idleTimeout: KEPT_WHEN_IDLE_MS,
      ...start,
    })
    // An error without a task: the process died, which its exit explains better, or it could not be started.
    this.pool.on("error", (error: Error) => this.reportMissing(error))
    this.greeting = this.perform({ kind: "greet" }) as Promise<ProcessGreeting>
    // There is none if the system has no room for another process.
    const [worker] = this.pool.threads as (typeof this.pool.threads[number] | undefined)[]
    this.id = worker?.threadId
    this.takeOverOutput((worker as { process?: ChildProcess } | undefined)?.process)
    this.exited = new Promise((resolve) => {
      worker?.once("exit", (code: number | null, signal: NodeJS.Signals | null) => {
        this.reportExit(endOf(code, signal), kindOfEnd(code, signal))
        resolve()
      })
    })
  }

  /** Resolves with true if the process has loaded its program. It is killed if that takes longer than `limitMs`. */
  async hasStarted(limitMs: number): Promise<boolean> {
    const limit = setTimeout(() => this.kill(`it had not loaded the actions after ${duration(limitMs)}`), limitMs)
    try {
      const { loadedInMs } = await this.greeting
      winston.info(`Execute process ${this.id} started in ${loadedInMs} ms`)
      return true
    } catch (error) {
      // Usually its exit has come first and has been reported.
      this.reportMissing(error)
      this.kill(`it could not load the actions (${errorText(error)})`)
      return false
    } finally {
      clearTimeout(limit)
    }
  }

  /** Rejects if the process dies before it has answered, or if the task cannot cross over (DataCloneError). */
  async perform(task: ProcessTask): Promise<unknown> {
    return this.pool.run(task, { channel: this.channel })
  }

  /**
   * Sends a notice, which takes half as many messages as a task. A process that has just died receives no more. Its
   * exit gives back everything it held.
   */
  notify(notice: HubNotice): void {
    if (!this.isGone) {
      this.post?.(notice)
    }
  }

  /** Ends the process, whatever it is doing. `onExit` receives `reason`. */
  kill(reason: string): void {
    if (this.id !== undefined && !this.isGone) {
      this.killedBecause = reason
      process.kill(this.id, "SIGKILL")
    }
  }

  /** Asks the process to end, and kills it after a second. Resolves when it is gone, and never rejects. */
  async end(): Promise<void> {
    try {
      await this.pool.destroy()
    } catch (error) {
      winston.warn(`Ending execute process ${this.id}: ${errorText(error)}`)
    }
  }

  /** The library pipes what the process prints, which would wait for a reader that hangs. See {@link passOnOutput}. */
  private takeOverOutput(child: ChildProcess | undefined): void {
    for (const [from, to] of [[child?.stdout, process.stdout], [child?.stderr, process.stderr]] as const) {
      if (from) {
        from.unpipe(to)
        passOnOutput(from, to, this.id)
      }
    }
  }

  /** Reports the end of a process without an id. It never existed, so there will be no exit. */
  private reportMissing(error: unknown): void {
    if (this.id === undefined) {
      this.reportExit(`it could not be started (${errorText(error)})`, "exited")
    }
  }

  private reportExit(how: string, kind: UnaskedEnd): void {
    if (!this.isGone) {
      this.isGone = true
      this.listener.onExit(this.killedBecause ?? how, kind)
    }
  }

}
