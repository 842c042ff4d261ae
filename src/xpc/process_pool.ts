import type { CoordinationHome } from "../hub/coordination/coordination_home"
import type { RunProgress } from "../hub/run_account"
import type { MetricsHome } from "../observability/metrics_home"
import type { ExecutionSettings } from "./execution_settings"
import type { ProcessCounts } from "./process_counts"
import { ProcessHandle } from "./process_handle"
import { processStart } from "./process_start"
import type { ProcessState } from "./process_state"
import type { Run } from "./run"
import { noProcess, notBegun, overdue, SHUTDOWN_REASON } from "../hub/unanswered_runs"

/** The failed start-ups in a row after which a run is answered with the failure. */
const START_ATTEMPTS = 3

export interface ProcessPoolOptions {
  /** Absolute path of the program that the processes run; see {@link processStart}. */
  program: string
  settings: ExecutionSettings
  /** The home that the processes ask for calls and leases. */
  coordination: CoordinationHome
  /** Takes what happens in the processes; nothing is measured if absent. */
  metrics?: MetricsHome
  processCount: number
  runsPerProcess: number
  /** Receives the number of runs there is room for. It is higher than usual while processes finish their last runs. */
  onRoomChanged: (runs: number) => void
}

/**
 * Keeps execute processes and hands runs to the least busy one. A process that ends or stops answering is replaced at
 * once. Runs that had not been handed over go to another.
 */
export class ProcessPool {

  private readonly processes = new Set<ProcessHandle>()
  private isStopping = false

  constructor(private readonly options: ProcessPoolOptions) {}

  /** The processes at present. */
  get counts(): ProcessCounts {
    const counts = { wanted: this.options.processCount, ready: 0, starting: 0, ending: 0, runs: 0 }
    for (const { isAccepting, hasStarted, runCount } of this.processes) {
      counts[isAccepting ? hasStarted ? "ready" : "starting" : "ending"]++
      counts.runs += runCount
    }
    return counts
  }

  /** Every process there is at present. */
  get states(): ProcessState[] {
    return [...this.processes].map(({ state }) => state)
  }

  /** Starts the processes that are missing. */
  warmUp(): void {
    while (!this.isStopping && this.accepting().length < this.options.processCount) {
      this.start()
    }
  }

  /** Resolves when the run has been handed to a process, or has been answered with the reason for a failure. */
  async begin(run: Run): Promise<void> {
    for (let failedStarts = 0; !this.isStopping;) {
      const process = this.leastBusy()
      if (await process.take(run)) {
        return
      }
      if (process.hasEnded && !process.hasStarted && ++failedStarts === START_ATTEMPTS) {
        run.answer(noProcess(process.end))
        run.release()
        return
      }
    }
    run.answer(notBegun())
    run.release()
  }

  /** Tells all runs to stop and report, and takes no more. */
  stopRuns(): void {
    this.isStopping = true
    for (const process of [...this.processes]) {
      process.stopRuns(SHUTDOWN_REASON)
      process.retire(SHUTDOWN_REASON, "shutdown")
    }
  }

  /** Ends all processes, and answers for runs that are still in them. Takes no more. */
  async close(): Promise<void> {
    this.isStopping = true
    const replyFor = (progress: RunProgress | undefined) => overdue(SHUTDOWN_REASON, progress)
    await Promise.all([...this.processes].map(async (process) => process.close(replyFor)))
  }

  private leastBusy(): ProcessHandle {
    const accepting = this.accepting()
    const [idlest] = accepting.sort((one, other) => one.load - other.load)
    if (idlest === undefined || (idlest.load > 0 && accepting.length < this.options.processCount)) {
      return this.start()
    }
    return idlest
  }

  private start(): ProcessHandle {
    const { program, settings, coordination, metrics } = this.options
    const process = new ProcessHandle(processStart(program, settings), settings, {
      onRetired: () => this.warmUp(),
      onEnded: (ended) => this.replace(ended),
      onLoadChanged: () => this.reportRoom(),
    }, coordination, metrics)
    this.processes.add(process)
    return process
  }

  private replace(ended: ProcessHandle): void {
    this.processes.delete(ended)
    this.reportRoom()
    // A process that cannot start, or stay, is tried again by the next run, not over and over.
    if (ended.wasOfUse) {
      this.warmUp()
    }
  }

  private accepting(): ProcessHandle[] {
    return [...this.processes].filter((process) => process.isAccepting)
  }

  private reportRoom(): void {
    const { processCount, runsPerProcess, onRoomChanged } = this.options
    let room = processCount * runsPerProcess
    for (const process of this.processes) {
      room += process.isAccepting ? 0 : process.runCount
    }
    onRoomChanged(room)
  }

}
