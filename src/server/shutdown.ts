import type * as http from "http"
import * as winston from "winston"

import type { CoordinationHome } from "../hub/coordination/coordination_home"
import { abandoned } from "../hub/unanswered_runs"
import type { RunBook } from "../runs/run_book"
import type { ProcessCounts } from "../xpc/process_counts"
import type { ProcessQueue } from "../xpc/process_queue"
import type { ProcessState } from "../xpc/process_state"
import { failureForLog } from "./failure_log"
import type { HubPages } from "./hub_pages"
import type { RunsInFlight } from "./runs_in_flight"

/** The parts that have to come to an end. */
interface ShutdownParts {
  /** Absent if the server was never started. */
  http?: http.Server
  /** The port of the metrics, if they have one of their own. It stays open to the last. */
  metricsHttp?: http.Server
  runs: RunsInFlight
  /** The time for which everything goes on as before, so that load balancers notice and send nothing more, in ms. */
  delayMs: number
  /** The time for which runs may go on, in ms. */
  graceMs: number
  /** The time in which runs that were told to stop have to report what they did, in ms. */
  stopGraceMs: number
  queues: StoppableQueue[]
  /** Everything that processes hold there is given back when they end. */
  coordination: CoordinationHome
  runBook: RunBook
  /** Absent if there are none. */
  pages?: HubPages
}

/** A queue with the optional members that the hub's own queues have. */
export interface StoppableQueue extends ProcessQueue {
  /** The processes at present. */
  processes?: () => ProcessCounts
  /** Every process there is at present. */
  processStates?: () => ProcessState[]
  /** Starts processes ahead of the first run. */
  warmUp?: () => void
  /** Tells runs to stop and report. */
  stopRuns?: () => void
  /** Ends the processes. */
  close?: () => Promise<void>
}

/** Node has had them since 18.2, but a project's declarations of Node may be older than its Node. */
interface CloseConnections {
  closeAllConnections: () => void
  closeIdleConnections: () => void
}

/** The time in which answers may reach their readers once all runs have ended. */
const LAST_ANSWERS_MS = 2000

const SWEEP_MS = 20

const STOP_REASON = "The action hub is shutting down"

/** The way to the end of a server. It begins at construction and goes to the end even if a step fails. */
export class Shutdown {

  /** Resolves when the port is free, every answer is sent and the execute processes are gone. Never rejects. */
  readonly finished: Promise<void>
  /** New executions begin as before. */
  takesRuns = true

  private hurried: () => void = () => undefined
  private readonly graceCutShort = new Promise<false>((resolve) => { this.hurried = () => resolve(false) })

  constructor(private readonly parts: ShutdownParts) {
    this.finished = this.run()
  }

  /** Ends the delay and the grace now: runs are told to stop and report. */
  hurry(): void {
    this.hurried()
  }

  private async run(): Promise<void> {
    const { runs, queues, graceMs, stopGraceMs } = this.parts
    if (this.parts.delayMs > 0) {
      await this.letBalancersNotice()
    }
    this.takesRuns = false
    winston.info("Shutting down: no new executions.", {
      runsInFlight: runs.executionCount, graceSeconds: graceMs / 1000,
    })
    // The port stays open for now, so that Looker and load balancers learn of the shutdown.
    if (!await this.workEnds(graceMs)) {
      winston.warn("Telling runs to stop and report.", { runsInFlight: runs.executionCount })
      runs.stopAll(new Error(STOP_REASON))
      queues.forEach((queue) => queue.stopRuns?.())
      if (!await within(stopGraceMs, runs.ended())) {
        winston.warn("Giving up on runs that did not stop.", { runsInFlight: runs.executionCount })
        runs.abandonAll((progress) => abandoned(progress).message)
      }
    }
    this.parts.pages?.close()
    await this.closePort()
    await this.closeQueues()
    await this.parts.coordination.close()
    await this.closeRunBook()
    this.parts.metricsHttp?.close()
    this.parts.metricsHttp?.closeAllConnections()
    winston.info("The hub has shut down.")
  }

  private async letBalancersNotice(): Promise<void> {
    const { delayMs } = this.parts
    winston.info("Shutting down: not ready any more, and otherwise as before for now.", {
      delaySeconds: delayMs / 1000,
    })
    await within(delayMs, this.graceCutShort)
  }

  /** Resolves with true if everything ends in time: the runs, and the work of extended actions after their answers. */
  private async workEnds(timeoutMs: number): Promise<boolean> {
    const { runs, queues } = this.parts
    const work = Promise.all([runs.ended(), ...queues.map(async ({ queue }) => queue.onIdle())])
    return Promise.race([within(timeoutMs, work), this.graceCutShort])
  }

  private async closePort(): Promise<void> {
    const { http: listening } = this.parts
    if (listening === undefined || !listening.listening) {
      return
    }
    const connections = listening as http.Server & CloseConnections
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => connections.closeAllConnections(), LAST_ANSWERS_MS)
      // A connection whose answer was begun before the shutdown stays open when the answer ends.
      const sweep = setInterval(() => connections.closeIdleConnections(), SWEEP_MS)
      listening.close(() => {
        clearTimeout(cut)
        clearInterval(sweep)
        resolve()
      })
    })
  }

  private async closeRunBook(): Promise<void> {
    try {
      await this.parts.runBook.close()
    } catch (thrown) {
      winston.warn("The run records could not be saved.", failureForLog(thrown))
    }
  }

  private async closeQueues(): Promise<void> {
    for (const queue of this.parts.queues) {
      try {
        await queue.close?.()
      } catch (thrown) {
        winston.warn("The execute processes could not be ended properly.", failureForLog(thrown))
      }
    }
  }

}

/** Resolves with true if the work ends in time. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), timeoutMs) })
  const isInTime = await Promise.race([work.then(() => true), timeUp])
  clearTimeout(timer)
  return isInTime
}
