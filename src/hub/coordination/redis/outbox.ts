import * as winston from "winston"
import { MINUTE_MS } from "../../durations"
import { RedisAwayError } from "./away"
import type { RedisSession } from "./session"

/** A message that Redis must get, at the latest when it is there again. */
interface Message {
  send(session: RedisSession): Promise<unknown>
  /** The time after which the message is useless, since its subject has expired. */
  validUntil: number
  isUnderWay: boolean
}

/** The time for which a message is kept, in ms. Leases have ended by themselves after it. */
const MESSAGE_LIFE_MS = 5 * MINUTE_MS

/**
 * Messages to Redis that need no answer. They keep their order, and are repeated if they are not known to have arrived.
 */
export class Outbox {
  private readonly messages = new Set<Message>()

  /** `session` returns the current session. */
  constructor(private readonly session: () => RedisSession | undefined) {}

  get isEmpty(): boolean {
    return this.messages.size === 0
  }

  add(send: Message["send"]): void {
    const message = { send, validUntil: performance.now() + MESSAGE_LIFE_MS, isUnderWay: false }
    this.messages.add(message)
    this.attempt(message)
  }

  /** Sends what is left, in a new session. */
  sendAll(): void {
    this.messages.forEach((message) => this.attempt(message))
  }

  dropExpired(): void {
    const now = performance.now()
    this.messages.forEach((message) => {
      if (now > message.validUntil) {
        this.messages.delete(message)
      }
    })
  }

  private attempt(message: Message): void {
    const session = this.session()
    if (session === undefined || message.isUnderWay) {
      return
    }
    message.isUnderWay = true
    message.send(session).then(() => this.messages.delete(message), (failure: Error) => {
      message.isUnderWay = false
      if (failure instanceof RedisAwayError) {
        this.attempt(message)
      } else {
        this.messages.delete(message)
        winston.error(`A message to Redis failed: ${failure.message}`)
      }
    })
  }
}
