import type { Response } from "express"

/**
 * An answer that takes its time: status 200, then newlines at intervals, so that no idle connection is dropped on the
 * way, and then exactly one JSON document. JSON parsers skip the newlines.
 */
export class KeepAliveAnswer {

  private readonly newlines: NodeJS.Timeout
  private hungUp = false

  /** Starts the newlines, one every `intervalMs`. */
  constructor(private readonly res: Response, intervalMs: number) {
    res.status(200)
    res.setHeader("Content-Type", "application/json")
    // Asks nginx to pass the newlines on as they come.
    res.setHeader("X-Accel-Buffering", "no")
    this.newlines = setInterval(() => this.write("\n"), intervalMs)
    res.once("close", () => {
      clearInterval(this.newlines)
      this.hungUp = !res.writableFinished
    })
    // A connection that breaks during a write raises this. "close" follows and is handled above.
    res.on("error", () => undefined)
  }

  /** The asker has gone before the document was sent. */
  get isHungUp(): boolean {
    return this.hungUp
  }

  /** Sends the document and ends the answer. Nothing happens if nobody listens any more. */
  end(document: string): void {
    clearInterval(this.newlines)
    this.write(document)
    this.res.end()
  }

  private write(text: string) {
    if (!this.res.writableEnded && !this.res.destroyed) {
      this.res.write(text)
    }
  }

}
