import { RunStoppedError } from "../errors/run_stopped_error"

/** Why a run ends before its work is done, in words for the report. */
export interface StopReason {
  /** The part of the world in which the reason lies. */
  category: "access" | "quota" | "settings" | "query" | "marketo" | "hub"
  /** True if rows that are still to come are read and counted; otherwise reading ends at once. */
  readOn: boolean
  message: string
}

/**
 * The wish that one run goes on or stops. All waiting inside the run goes through this object, so a stop ends every
 * wait.
 */
export class RunControl {
  private reason: StopReason | undefined
  private readonly listeners = new Set<() => void>()
  private endOfReading: StopReason | undefined
  private readonly readingListeners = new Set<() => void>()

  /** `isBackground`: nobody waits for what it does, so that its waits keep no process alive. */
  constructor(private readonly options: { isBackground?: boolean } = {}) {}

  /** Reason of the stop; undefined while the run goes on. */
  get stopReason(): StopReason | undefined {
    return this.reason
  }

  /** Reason why not even reading goes on; undefined while it does. */
  get readingStopReason(): StopReason | undefined {
    return this.endOfReading
  }

  /** Stops the run; the first reason counts. One that ends reading, too, does so even when it comes later. */
  stop(reason: StopReason): void {
    if (this.reason === undefined) {
      this.reason = reason
      for (const listener of [...this.listeners]) {
        listener()
      }
    }
    if (!reason.readOn && this.endOfReading === undefined) {
      this.endOfReading = reason
      for (const listener of [...this.readingListeners]) {
        listener()
      }
    }
  }

  /** Calls back once when the run is told to stop, at once if it was already. Returns how to unsubscribe. */
  onStop(listener: () => void): () => void {
    if (this.reason !== undefined) {
      listener()
      return () => undefined
    }
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }

  /** Throws RunStoppedError if the run was told to stop. */
  check(): void {
    if (this.reason !== undefined) {
      throw stoppedBecause(this.reason)
    }
  }

  /** Waits for a time (ms); rejects with RunStoppedError as soon as the run is told to stop. */
  async wait(milliseconds: number): Promise<void> {
    this.check()
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        unsubscribe()
        resolve()
      }, milliseconds)
      if (this.options.isBackground === true) {
        timer.unref()
      }
      const unsubscribe = this.onStop(() => {
        clearTimeout(timer)
        reject(stoppedBecause(this.reason))
      })
    })
  }

  /** Resolves as the promise does; rejects with RunStoppedError as soon as the run is told to stop. */
  async orStop<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const unsubscribe = this.onStop(() => {
        reject(stoppedBecause(this.reason))
      })
      promise.then(resolve, reject).then(unsubscribe, unsubscribe)
    })
  }

  /** Starts something that a signal can end; rejects with RunStoppedError as soon as the run is told to stop. */
  async abortable<T>(start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    const unsubscribe = this.onStop(() => {
      abort.abort(stoppedBecause(this.reason))
    })
    try {
      return await start(abort.signal)
    } finally {
      unsubscribe()
    }
  }

  /** Resolves as the promise does; rejects with RunStoppedError as soon as not even reading goes on. */
  async orEndOfReading<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = () => reject(stoppedBecause(this.endOfReading))
      if (this.endOfReading !== undefined) {
        end()
      }
      this.readingListeners.add(end)
      const unsubscribe = () => this.readingListeners.delete(end)
      promise.then(resolve, reject).then(unsubscribe, unsubscribe)
    })
  }
}

function stoppedBecause(reason: StopReason | undefined): RunStoppedError {
  return new RunStoppedError(reason === undefined ? "" : reason.message)
}
