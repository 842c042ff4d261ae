import type { Response } from "express"

import type { WatchEvents } from "./shapes"

/** A browser that has heard nothing for so long (ms) is sent an empty line, so that nothing in between hangs up. */
const HEARTBEAT_MS = 15_000
/** A browser connects again after so long, in ms. */
const RETRY_MS = 5000

/** Server-sent events to one page. Each event is the whole of what it is about, so that any may be left out. */
export class EventStream {
  /** The stream of a page about one run has its record. */
  readonly runId: string | undefined
  private readonly sent = new Map<string, string>()
  private readonly endsAt: number
  private lastAt: number

  /** `leftMs`: the time for which the session lasts. */
  constructor(
    private readonly res: Response, { runId, leftMs }: { runId?: string, leftMs: number },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.runId = runId
    this.lastAt = this.now()
    this.endsAt = this.lastAt + leftMs
    res.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" })
    res.flushHeaders()
    res.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** The session is over. */
  get isOver(): boolean {
    return this.now() >= this.endsAt
  }

  /** Sends what has changed. A browser that is behind is sent nothing until it has read what is on its way. */
  send<E extends keyof WatchEvents>(event: E, data: WatchEvents[E]): void {
    const text = JSON.stringify(data)
    if (this.sent.get(event) !== text && !this.res.writableNeedDrain) {
      this.sent.set(event, text)
      this.write(`event: ${event}\ndata: ${text}\n\n`)
    }
  }

  /** Writes something if there was nothing to write for long. */
  keepAlive(): void {
    if (this.now() - this.lastAt >= HEARTBEAT_MS && !this.res.writableNeedDrain) {
      this.write(":\n\n")
    }
  }

  end(why: WatchEvents["over"]["why"]): void {
    this.send("over", { why })
    this.res.end()
  }

  private write(text: string): void {
    this.lastAt = this.now()
    this.res.write(text)
  }
}
