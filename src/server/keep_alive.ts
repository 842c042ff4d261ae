import type { Response } from "express"

/**
 * An answer that takes its time: status 200, a newline every so often, so that nothing on the way drops an idle
 * connection, and then exactly one JSON document. JSON parsers skip the newlines.
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
    // A connection that breaks while it is written to raises this; "close" follows and says all there is to know.
    res.on("error", () => undefined)
  }

  /** Whether the one who asked has gone before the document was sent. */
  get isHungUp(): boolean {
    return this.hungUp
  }

  /** Sends the document and ends the answer; nothing happens when nobody listens any more. */
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
