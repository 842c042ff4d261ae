import { DEFAULT_TIME_LIMIT_MS } from "./execution_settings"
import { PooledProcessQueue } from "./pooled_process_queue"
import { DONE_MESSAGE, type RunReply } from "./process_messages"
import type { ProcessPool } from "./process_pool"
import type { Run } from "./run"

/**
 * Runs actions that declare `extendedAction`: they may answer and go on working. An action that wants to keep its place
 * while it does so sends `PROCESS CONTINUES` with `process.send` before it answers, and {@link DONE_MESSAGE} when it is
 * done. Without the first message its place is free as soon as it has answered. Either way its work is not interrupted
 * while the hub is up. Background work may take {@link PROCESS_TIMEOUT} at most.
 */
export class ExtendedProcessQueue extends PooledProcessQueue {

  PROCESS_TIMEOUT = DEFAULT_TIME_LIMIT_MS * 2
  DONE_MESSAGE: string = DONE_MESSAGE
  MAX_EXTENDED_CHILD_CONCURRENCY = 2
  /** The places taken. */
  childCounter = 0

  /** Runs one execution and holds a place until the run, and the background work it announced, is done. */
  async child_runner(run: Run, pool: ProcessPool, answer: (reply: RunReply) => void): Promise<void> {
    this.childCounter++
    try {
      await super.occupyPlace(run, pool, answer)
    } finally {
      this.childCounter--
    }
  }

  protected override get timeLimitMs(): number {
    const { timeLimitMs } = this.settings
    return timeLimitMs === undefined ? this.PROCESS_TIMEOUT : timeLimitMs * 2
  }

  /** One process for each place; another is started if all are busy. */
  protected override get size(): { processCount: number, runsPerProcess: number } {
    return { processCount: this.MAX_EXTENDED_CHILD_CONCURRENCY, runsPerProcess: 1 }
  }

  protected override async occupyPlace(
    run: Run,
    pool: ProcessPool,
    answer: (reply: RunReply) => void,
  ): Promise<void> {
    await this.child_runner(run, pool, answer)
  }

}
