import * as winston from "winston"

import type { CoordinationHome } from "../hub/coordination/coordination_home"
import { type Metrics, NO_METRICS } from "../hub/metrics"
import type { RunProgress } from "../hub/run_account"
import { spoolSpace } from "../hub/stream/spool_space"
import type { ProcessEnd } from "../observability/hub_metrics"
import type { MetricsHome } from "../observability/metrics_home"
import { CoordinationHost } from "./coordination_host"
import { handOverTask } from "./attachment_transfer"
import { errorText } from "./error_text"
import type { ExecutionSettings } from "./execution_settings"
import type { ProcessNotice, RunReply } from "./process_messages"
import type { ProcessStart } from "./process_start"
import type { ProcessState } from "./process_state"
import { ResponseWatch } from "./response_watch"
import type { Run } from "./run"
import { SpoolSpaceHost } from "./spool_space_host"
import { duration } from "../hub/durations"
import {
  crashed, endedBeforeStart, notSendable, overdue, reportUntilThen, timeLimitReason, type UnaskedEnd,
} from "../hub/unanswered_runs"
import { WorkerProcess } from "./worker_process"

/** The time to wait for the exit code of a process whose channel has broken. */
const EXIT_EXPECTED_MS = 5000
/** The life below which a process that had no run is considered broken. */
const SOON_MS = 10000

/** The events that a {@link ProcessHandle} reports to its owner. */
export interface ProcessOwner {
  /** The process takes no more runs. Those it has go on. */
  onRetired(process: ProcessHandle): void
  /** The process is gone, and its runs are answered. */
  onEnded(process: ProcessHandle): void
  /** The number of its runs has changed. */
  onLoadChanged(): void
}

/**
 * One execute process and the runs in it. Hands runs over, watches them, tells them to stop, and answers for them if
 * the process dies.
 *
 * Starting -> accepting -> retired (its runs go on, new ones are refused) -> ended.
 */
export class ProcessHandle {
  private static lastNumber = 0

  /** Runs in the process and runs waiting to be handed over to it. */
  load = 0
  isAccepting = true
  hasStarted = false
  hasEnded = false
  /** The way it ended, as a clause ("it exited with code 1"). */
  end = "it was ended by the hub"

  private readonly name = `process ${++ProcessHandle.lastNumber}`
  private readonly runs = new Map<number, Run>()
  private readonly worker: WorkerProcess
  private readonly watch: ResponseWatch
  private readonly coordination: CoordinationHost
  private readonly spoolSpace: SpoolSpaceHost
  private readonly started: Promise<boolean>
  private previousHandover: Promise<unknown> = Promise.resolve()
  private isClosing = false
  private hasTakenRuns = false
  /** Why it takes no more runs, and why the hub has killed it. */
  private retiredFor: ProcessEnd | undefined
  private killedFor: ProcessEnd | undefined
  private readonly createdAt = performance.now()

  constructor(
    start: ProcessStart,
    private readonly settings: ExecutionSettings,
    private readonly owner: ProcessOwner,
    home: CoordinationHome,
    private readonly metrics?: MetricsHome,
  ) {
    this.worker = new WorkerProcess(start, {
      onNotice: (notice) => this.receive(notice),
      onExit: (how, kind) => this.onExit(how, kind),
    })
    this.coordination = new CoordinationHost(home, this.name, (answer) => {
      this.worker.notify({ notice: "coordination", answer })
    })
    this.spoolSpace = new SpoolSpaceHost(spoolSpace(), () => {
      this.worker.notify({ notice: "spoolSpace", answer: "taken" })
    })
    this.watch = new ResponseWatch(settings, {
      ping: async () => this.worker.perform({ kind: "ping" }),
      onSilent: (silentMs) => this.retire(`it has not answered for ${duration(silentMs)}`, "unresponsive"),
      onSilentTooLong: (silentMs) => this.kill(`it was stuck and had not answered for ${duration(silentMs)}`),
    })
    this.started = this.start()
  }

  /** The process did something before it ended. One that dies as soon as it is up would die again. */
  get wasOfUse(): boolean {
    return this.hasStarted && (this.hasTakenRuns || performance.now() - this.createdAt > SOON_MS)
  }

  get state(): ProcessState {
    const state = !this.isAccepting ? "ending" : this.hasStarted ? "ready" : "starting"
    return { id: this.worker.id, state, runs: this.runCount }
  }

  /** The runs that have been handed over and not been released. */
  get runCount(): number {
    return this.runs.size
  }

  /**
   * Hands a run over. Returns false if the process cannot take it; the run has not been sent then, and may go
   * elsewhere.
   *
   * Runs are handed over one at a time, each between two pings. The first ping keeps runs out of a process that is
   * stuck. The second holds the next run back until this one has released the event loop.
   */
  async take(run: Run): Promise<boolean> {
    this.changeLoad(1)
    const previous = this.previousHandover
    let letNextOne = (): void => undefined
    this.previousHandover = new Promise<void>((resolve) => { letNextOne = resolve })
    await previous
    const isReady = this.isAccepting && await this.started && await this.answers()
    if (!isReady || !this.isAccepting) {
      this.changeLoad(-1)
      letNextOne()
      return false
    }
    this.begin(run)
    void this.answers().then(letNextOne)
    return true
  }

  /** Tells every run to stop; see {@link stop}. */
  stopRuns(reason: string): void {
    for (const run of this.runs.values()) {
      this.stop(run, reason)
    }
  }

  /** Takes no more runs, and ends the process when its runs are over. */
  retire(reason: string, kind: ProcessEnd): void {
    if (!this.isAccepting) {
      return
    }
    this.isAccepting = false
    this.retiredFor = kind
    winston.info(`Execute process ${this.worker.id} gets no new runs: ${reason}`, { runs: this.runs.size })
    this.watch.giveUpWaiting()
    this.owner.onRetired(this)
    this.endWhenDone()
  }

  /** Ends the process, whatever it is doing. Runs still in it are answered with `replyFor` their progress. */
  async close(replyFor: (progress: RunProgress | undefined) => RunReply): Promise<void> {
    this.isAccepting = false
    this.isClosing = true
    this.abandon(replyFor)
    await this.worker.end()
  }

  /** Starts the run, and with it the time limit. */
  private begin(run: Run): void {
    this.hasTakenRuns = true
    this.runs.set(run.id, run)
    run.after(run.timeLimitMs, () => this.stop(run, timeLimitReason(run.timeLimitMs)))
    this.handOver(run).then(
      (reply) => this.answer(run, reply as RunReply),
      async (error: unknown) => this.lose(run, error),
    ).catch((error: unknown) => this.giveUp(run, crashed(errorText(error), progressOf(run))))
  }

  private async handOver(run: Run): Promise<unknown> {
    const { sendAttachment, task } = handOverTask(run.id, run.handOutRequest(), {
      account: run.account?.order(), takesMetrics: this.metrics !== undefined, trace: run.trace,
    })
    await sendAttachment(this.worker)
    run.isHandedOver = true
    return this.worker.perform(task)
  }

  /**
   * Aborts the run's stop signal. The run then has its grace to answer. After that the hub answers for it and retires
   * the process, since the run still goes on in it. The other runs may finish, then this one is ended with the process.
   */
  private stop(run: Run, reason: string): void {
    if (run.isAnswered) {
      this.drop(run)
      return
    }
    if (run.isStopped) {
      return
    }
    run.isStopped = true
    winston.info(`Told a run to stop: ${reason}`, run.logFields)
    // A process that has just died takes no more messages. Its exit answers the run.
    this.worker.perform({ kind: "stop", runId: run.id, reason }).catch((error: Error) => winston.debug(error.message))
    run.after(this.settings.stopGraceMs, () => {
      winston.warn(`A run did not stop within ${duration(this.settings.stopGraceMs)}`, run.logFields)
      this.retire("a run in it does not stop", "stuck_run")
      this.giveUp(run, overdue(reason, progressOf(run)))
    })
  }

  private answer(run: Run, reply: RunReply): void {
    if (run.isReleased) {
      return
    }
    run.answer(reply)
    if (run.hasBackgroundWork) {
      run.after(run.timeLimitMs, () => this.drop(run))
    } else {
      this.drop(run)
    }
  }

  /** Answers for a run that has not reported. */
  private giveUp(run: Run, reply: RunReply): void {
    if (!run.isAnswered) {
      const { account } = run
      account?.noteLost()
      run.answer(account?.reportLink === undefined ? reply :
        { ...reply, message: `${reply.message}${reportUntilThen(account.reportLink)}` })
    }
    this.drop(run)
  }

  private drop(run: Run): void {
    if (this.runs.delete(run.id)) {
      run.release()
      this.changeLoad(-1)
      this.endWhenDone()
    }
  }

  /** Handles a run that the library gave up on. Usually the process is about to exit, and the exit explains more. */
  private async lose(run: Run, error: unknown): Promise<void> {
    // A RangeError results from a request that is nested too deeply for the channel.
    if (error instanceof Error && (error.name === "DataCloneError" || error instanceof RangeError)) {
      const why = error instanceof RangeError ? "it is too large, or nested too deeply" : error.message
      this.answer(run, notSendable(why))
    } else if (!run.isAnswered) {
      await Promise.race([this.worker.exited, new Promise((resolve) => setTimeout(resolve, EXIT_EXPECTED_MS).unref())])
      if (run.isHandedOver) {
        this.giveUp(run, crashed(errorText(error), progressOf(run)))
      } else {
        this.answer(run, endedBeforeStart(this.end))
      }
    }
  }

  private receive(message: ProcessNotice): void {
    if (message.notice === "coordination") {
      message.frames.forEach((frame) => this.coordination.receive(frame))
      return
    }
    if (message.notice === "spoolSpace") {
      this.spoolSpace.receive(message.change)
      return
    }
    if (message.notice === "metrics") {
      this.metrics?.receive(this.name, message.changes)
      return
    }
    const run = this.runs.get(message.runId)
    if (message.notice === "tainted") {
      winston.warn(`A run left an uncaught error: ${message.origin}`, { reason: "hub", ...run?.logFields })
      this.retire("an error in it was not caught", "uncaught_error")
    } else if (run !== undefined && message.notice === "started") {
      run.webhookId = message.webhookId
    } else if (run !== undefined && message.notice === "account") {
      run.account?.receive(message.entry)
    } else if (run !== undefined && message.notice === "text") {
      run.receive(message.text)
      if (run.isAnswered && !run.hasBackgroundWork) {
        this.drop(run)
      }
    }
  }

  private async start(): Promise<boolean> {
    this.hasStarted = await this.worker.hasStarted(this.settings.startLimitMs)
    this.watch.isNeeded = this.load > 0 && this.hasStarted
    return this.hasStarted
  }

  private async answers(): Promise<boolean> {
    return this.isAccepting ? this.watch.answers() : false
  }

  private kill(reason: string): void {
    this.isAccepting = false
    this.killedFor = "unresponsive"
    this.worker.kill(reason)
  }

  private endWhenDone(): void {
    if (!this.isAccepting && this.runs.size === 0 && !this.hasEnded && !this.isClosing) {
      this.isClosing = true
      void this.worker.end()
    }
  }

  private onExit(how: string, kind: UnaskedEnd): void {
    this.hasEnded = true
    this.isAccepting = false
    this.end = how
    this.watch.close()
    const heldMs = this.coordination.close()
    this.spoolSpace.close()
    this.countEnd(kind)
    if (this.isClosing) {
      winston.info(`Execute process ${this.worker.id} ended`)
    } else {
      winston.error(`Execute process ${this.worker.id} is gone: ${this.end}`, { reason: "hub", runs: this.runs.size })
      for (const run of this.runs.values()) {
        winston.error("A run ended with its process.", { reason: "hub", ...run.logFields })
      }
    }
    this.abandon((progress) => crashed(this.end, progress, heldMs))
    this.owner.onEnded(this)
    void this.worker.end()
  }

  private countEnd(kind: UnaskedEnd): void {
    const metrics: Metrics = this.metrics?.of(this.name) ?? NO_METRICS
    const reason: ProcessEnd = this.isClosing ? this.retiredFor ?? "shutdown" :
      this.killedFor ?? (this.hasStarted ? kind : "not_started")
    metrics.count("actionhub_process_ends_total", { reason })
    this.metrics?.abandon(this.name)
  }

  /** Answers for all runs, by what is known of their progress. The action of some may not have begun. */
  private abandon(replyFor: (progress: RunProgress | undefined) => RunReply): void {
    for (const run of [...this.runs.values()]) {
      if (run.isHandedOver) {
        this.giveUp(run, replyFor(progressOf(run)))
      } else {
        run.answer(endedBeforeStart(this.end))
        this.drop(run)
      }
    }
  }

  private changeLoad(by: 1 | -1): void {
    this.load += by
    // Loading the actions blocks a process for a while, and has a limit of its own.
    this.watch.isNeeded = this.load > 0 && this.hasStarted
    this.owner.onLoadChanged()
  }

}

function progressOf(run: Run): RunProgress | undefined {
  return run.account?.latestProgress
}
