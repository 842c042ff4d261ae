import { LONGEST_TIMER_MS } from "../../durations"

interface Waiter {
  key: string
  proceed(): void
  refuse(reason: Error): void
}

/** Callers that wait for keys. All keys are asked for together when something has changed. */
export class WaitingForKeys {
  private readonly waiters = new Set<Waiter>()
  private isAsking = false
  private hasChanged = false
  private timer: NodeJS.Timeout | undefined

  /** `millisecondsHeld` resolves with the longest time for which each key is held; 0 for those that may be free. */
  constructor(private readonly millisecondsHeld: (keys: string[]) => Promise<number[]>) {}

  /** Resolves as soon as the key may be free. Rejects with the signal's reason, or if nobody can be asked. */
  async wait(key: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    return new Promise<void>((resolve, reject) => {
      const leave = () => waiter.refuse(signal?.reason as Error)
      const end = () => {
        signal?.removeEventListener("abort", leave)
        this.waiters.delete(waiter)
        if (this.waiters.size === 0) {
          clearTimeout(this.timer)
        }
      }
      const waiter: Waiter = {
        key,
        proceed: () => {
          end()
          resolve()
        },
        refuse: (reason) => {
          end()
          reject(reason)
        },
      }
      signal?.addEventListener("abort", leave)
      this.waiters.add(waiter)
      this.check()
    })
  }

  /** Looks for free keys after something has changed. */
  check(): void {
    this.hasChanged = true
    if (!this.isAsking && this.waiters.size > 0) {
      void this.ask()
    }
  }

  private async ask(): Promise<void> {
    this.isAsking = true
    while (this.hasChanged && this.waiters.size > 0) {
      this.hasChanged = false
      const asking = [...this.waiters]
      try {
        const held = await this.millisecondsHeld(asking.map(({ key }) => key))
        this.askAgainIn(Math.min(...held.filter((ms) => ms > 0)))
        asking.filter((_, index) => held[index] === 0).forEach((waiter) => waiter.proceed())
      } catch (reason) {
        asking.forEach((waiter) => waiter.refuse(reason as Error))
      }
    }
    this.isAsking = false
  }

  private askAgainIn(milliseconds: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.check(), Math.min(LONGEST_TIMER_MS, Math.ceil(milliseconds) + 1))
  }
}
