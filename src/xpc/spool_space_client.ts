import { SPOOL_UNIT_BYTES, type SpoolSpace } from "../hub/stream/spool_space"
import type { SpoolSpaceChange } from "./process_messages"

/** Ms for which a unit that nobody needs is kept: a spool that was emptied often fills up again at once. */
const KEPT_MS = 1000

/** The space for spools in an execute process, which asks the hub for it over the existing channel. */
export class SpoolSpaceClient implements SpoolSpace {
  readonly unitBytes = SPOOL_UNIT_BYTES

  private readonly waiting = new Set<() => void>()
  private unanswered = 0
  private spare = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly send: (change: SpoolSpaceChange) => void) {}

  take(onTaken: () => void): () => void {
    const request = () => onTaken()
    if (this.spare > 0) {
      this.spare--
      request()
    } else {
      this.waiting.add(request)
      this.unanswered++
      this.send("take")
    }
    return () => this.waiting.delete(request)
  }

  giveBack(): void {
    if (this.unanswered > 0) {
      // Others may have asked the hub before this process did.
      this.send("giveBack")
    } else {
      this.keep()
    }
  }

  /** Receives a unit from the hub, one for each time that it was asked. */
  receive(): void {
    this.unanswered--
    const [next] = this.waiting
    if (next === undefined) {
      this.keep()
    } else {
      this.waiting.delete(next)
      next()
    }
  }

  private keep(): void {
    this.spare++
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      for (; this.spare > 0; this.spare--) {
        this.send("giveBack")
      }
    }, KEPT_MS).unref()
  }
}
