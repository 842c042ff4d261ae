/** A moment that others may wait for: whoever waits before it comes shares one promise. */
export class AwaitedMoment {
  private promise: Promise<void> | undefined
  private resolve: (() => void) | undefined

  /** Resolves when the moment comes next. */
  async wait(): Promise<void> {
    if (this.promise === undefined) {
      this.promise = new Promise<void>((resolve) => { this.resolve = resolve })
    }
    return this.promise
  }

  /** Lets those who wait go on; the next ones wait anew. */
  hasCome(): void {
    this.resolve?.()
    this.promise = undefined
    this.resolve = undefined
  }
}
