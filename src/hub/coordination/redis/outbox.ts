import * as winston from "winston"
import { RedisAwayError } from "./away"
import type { RedisSession } from "./session"

/** Something that Redis has to be told, at the latest when it is there again. */
interface Word {
  say(session: RedisSession): Promise<unknown>
  /** After that it is of no use, since what it is about has expired. */
  validUntil: number
  isUnderWay: boolean
}

/** How long what Redis has to be told is kept, in ms. Leases have ended by themselves then. */
const WORD_LIFE_MS = 5 * 60000

/** What Redis is told without being asked for an answer: in order, and again if it is not known to have arrived. */
export class Outbox {
  private readonly words = new Set<Word>()

  /** `session` gives the session that there is. */
  constructor(private readonly session: () => RedisSession | undefined) {}

  get isEmpty(): boolean {
    return this.words.size === 0
  }

  tell(say: Word["say"]): void {
    const word = { say, validUntil: performance.now() + WORD_LIFE_MS, isUnderWay: false }
    this.words.add(word)
    this.send(word)
  }

  /** A session has begun: says what is left to say. */
  sendAll(): void {
    this.words.forEach((word) => this.send(word))
  }

  forgetOldWords(): void {
    const now = performance.now()
    this.words.forEach((word) => {
      if (now > word.validUntil) {
        this.words.delete(word)
      }
    })
  }

  private send(word: Word): void {
    const session = this.session()
    if (session === undefined || word.isUnderWay) {
      return
    }
    word.isUnderWay = true
    word.say(session).then(() => this.words.delete(word), (failure: Error) => {
      word.isUnderWay = false
      if (failure instanceof RedisAwayError) {
        this.send(word)
      } else {
        this.words.delete(word)
        winston.error(`Redis could not be told something: ${failure.message}`)
      }
    })
  }
}
