/** All waiting of the sandbox, so that stopping it leaves no timer running. */
export class Delays {
  private readonly timers = new Set<NodeJS.Timeout>()

  /** Resolves after `ms`. With 0, it still takes a turn of the event loop, so that calls can overlap. */
  async wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (ms > 0) {
        this.later(ms, resolve)
      } else {
        setImmediate(resolve)
      }
    })
  }

  later(ms: number, task: () => void) {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      task()
    }, ms)
    this.timers.add(timer)
  }

  cancelAll() {
    this.timers.forEach((timer) => clearTimeout(timer))
    this.timers.clear()
  }
}
