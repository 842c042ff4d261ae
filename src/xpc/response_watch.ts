import type { ExecutionSettings } from "./execution_settings"

/** The longest time between two questions to a busy process. */
const LONGEST_PAUSE_MS = 1000
/** The number of questions within the time after which a process counts as silent. */
const QUESTIONS_PER_LIMIT = 5

export interface WatchedProcess {
  /** Resolves as soon as the process answers. Rejects if it is gone. */
  ping(): Promise<unknown>
  /** Called when the process has not answered for `unresponsiveMs`. */
  onSilent(silentMs: number): void
  /** Called when the process has not answered for `unresponsiveLimitMs`. */
  onSilentTooLong(silentMs: number): void
}

/**
 * Detects a process that no longer takes messages because its event loop is blocked. The process is asked regularly
 * while it has something to do. Time is counted in our own questions instead of by the clock. If this process itself
 * stood still for a while, the other one is not to blame.
 */
export class ResponseWatch {

  private readonly pauseMs: number
  private readonly waiting = new Set<(answered: boolean) => void>()
  private timer: NodeJS.Timeout | undefined
  private isAsking = false
  private silentPauses = 0
  private isClosed = false

  constructor(private readonly settings: ExecutionSettings, private readonly watched: WatchedProcess) {
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, settings.unresponsiveMs / QUESTIONS_PER_LIMIT)
  }

  set isNeeded(needed: boolean) {
    if (needed && this.timer === undefined && !this.isClosed) {
      this.timer = setInterval(() => this.look(), this.pauseMs).unref()
    } else if (!needed) {
      this.stop()
    }
  }

  /** Resolves with true at the next answer, or with false if the process is gone or waiting was given up. */
  async answers(): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const settle = (answered: boolean) => {
        this.waiting.delete(settle)
        resolve(answered)
      }
      this.waiting.add(settle)
      this.watched.ping().then(() => settle(true), () => settle(false))
    })
  }

  giveUpWaiting(): void {
    for (const settle of [...this.waiting]) {
      settle(false)
    }
  }

  close(): void {
    this.isClosed = true
    this.stop()
    this.giveUpWaiting()
  }

  private look(): void {
    if (!this.isAsking) {
      this.silentPauses = 0
      void this.ask()
      return
    }
    this.silentPauses++
    const silentMs = this.silentPauses * this.pauseMs
    if (silentMs >= this.settings.unresponsiveLimitMs) {
      this.stop()
      this.watched.onSilentTooLong(silentMs)
    } else if (silentMs >= this.settings.unresponsiveMs) {
      this.watched.onSilent(silentMs)
    }
  }

  private async ask(): Promise<void> {
    this.isAsking = true
    // A process that is gone is not silent. Its watcher learns of its end.
    await this.watched.ping().catch(() => this.stop())
    this.isAsking = false
  }

  private stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

}
