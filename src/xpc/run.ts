import type { TransferableAccount } from "../runs/records/account_entry"
import { type RunLogFields, runLogFields } from "./logging"
import { BACKGROUND_MESSAGE, DONE_MESSAGE, type RunReply } from "./process_messages"

/** One execution of an action in an execute process, as the hub sees it. It is answered once, then released once. */
export class Run {
  private static lastId = 0

  readonly id = ++Run.lastId
  /** Never rejects. */
  readonly reply: Promise<RunReply>
  /** Resolves when the run takes up no place any more: at its answer, or when its announced background work is done. */
  readonly released: Promise<void>
  webhookId: string | undefined
  isAnswered = false
  isReleased = false
  isStopped = false
  /** The process has received all of the run, so its action may have begun. */
  isHandedOver = false
  hasBackgroundWork = false

  private resolveReply!: (reply: RunReply) => void
  private resolveReleased!: () => void
  private timer: NodeJS.Timeout | undefined

  /**
   * `request`: the action request, as JSON or as an object that can be cloned.
   * `timeLimitMs`: the time it may take from its start, and once more for background work.
   * `account`: the hub's account of it, if there is one. `trace`: the trace that it belongs to, as headers.
   */
  constructor(
    private request: string | object, readonly timeLimitMs: number, readonly account?: TransferableAccount,
    readonly trace?: { [header: string]: string },
  ) {
    this.reply = new Promise((resolve) => { this.resolveReply = resolve })
    this.released = new Promise((resolve) => { this.resolveReleased = resolve })
  }

  /** The fields of its lines in the log. */
  get logFields(): RunLogFields & { webhookId?: string } {
    return { ...runLogFields(this.account?.order()), webhookId: this.webhookId }
  }

  /** Hands over the request, once. It may be large, and is not needed here after it has been sent. */
  handOutRequest(): string | object {
    const request = this.request
    this.request = ""
    return request
  }

  /** Calls `then` after `waitMs`, unless the run is answered or released before or another timer is set. */
  after(waitMs: number, then: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(then, waitMs)
  }

  /** Answers the run. The first answer counts. */
  answer(reply: RunReply): void {
    if (!this.isAnswered) {
      this.isAnswered = true
      clearTimeout(this.timer)
      this.resolveReply(reply)
    }
  }

  release(): void {
    this.isReleased = true
    clearTimeout(this.timer)
    this.resolveReleased()
  }

  /** Takes a text that the action sent with `process.send`. Only two texts mean something to the hub. */
  receive(text: string): void {
    if (text === BACKGROUND_MESSAGE) {
      this.hasBackgroundWork = true
    } else if (text === DONE_MESSAGE) {
      this.hasBackgroundWork = false
    }
  }
}
