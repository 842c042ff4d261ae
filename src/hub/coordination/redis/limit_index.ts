import type { LimitRules } from "../coordination"
import { ENTER_LIMIT, LIST_LIMITS } from "./index_scripts"
import type { RedisLink } from "./link"
import type { Names } from "./names"

/** The most limits of other hubs that are looked at. */
const MOST_LISTED = 100

/** A limit is entered anew while it is used, once in so many ms. */
const ENTERED_EVERY_MS = 10 * 60_000

/** A limit as a hub has entered it. */
export interface EnteredLimit {
  name: string
  rules: LimitRules
}

/** The list of limits that any hub of this Redis has used in the last day. */
export class LimitIndex {
  private readonly enteredAt = new Map<string, number>()
  private latest: EnteredLimit[] = []
  /** What was read before, by its encrypted text. */
  private read = new Map<string, EnteredLimit | undefined>()

  constructor(private readonly link: RedisLink, private readonly names: Names) {}

  /** Takes note that a limit is used. It costs a message every ten minutes. */
  noteUse(name: string, rules: LimitRules): void {
    const now = performance.now()
    if (now - (this.enteredAt.get(name) ?? -Infinity) >= ENTERED_EVERY_MS) {
      this.enteredAt.set(name, now)
      this.link.connection.send(async (session) => this.link.run(session, ENTER_LIMIT, this.structures,
        [this.names.limitId(name), this.names.seal(JSON.stringify({ name, rules }))]))
    }
  }

  /** Enters every limit anew with its next use, since Redis has lost its data. */
  forget(): void {
    this.enteredAt.clear()
  }

  /** Returns the limits that were used last, or those last known while Redis is away. */
  async list(): Promise<EnteredLimit[]> {
    const texts = await this.link.connection.attempt(async (session) => {
      const [found] = await this.link.run(session, LIST_LIMITS, this.structures, [String(MOST_LISTED)])
      return found as (string | null)[]
    })
    if (texts !== undefined) {
      const read = new Map(texts.flatMap((text) => text === null ? [] :
        [[text, this.read.has(text) ? this.read.get(text) : this.open(text)] as const]))
      this.read = read
      this.latest = [...read.values()].flatMap((limit) => limit ?? [])
    }
    return this.latest
  }

  /** Returns undefined for what was entered under a secret that this hub does not know. */
  private open(text: string): EnteredLimit | undefined {
    const opened = this.names.unseal(text)
    return opened === undefined ? undefined : JSON.parse(opened) as EnteredLimit
  }

  private get structures(): string[] {
    return [this.names.index, this.names.about]
  }
}
