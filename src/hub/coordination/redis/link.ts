import type { RedisConnection } from "./connection"
import type { Names } from "./names"
import type { Script } from "./script"
import type { RedisSession } from "./session"

/** The part of the hub that responds to a loss of data in Redis. */
export interface LinkListener {
  /** Reports that an epoch began, `ageMs` ago. Data was lost, unless it is the first epoch that the hub sees. */
  onEpoch(change: { isFirst: boolean, ageMs: number }): void
  /** Introduces this hub to a Redis that does not know it, with everything it holds. */
  introduce(session: RedisSession): Promise<void>
}

const STALE = "the hub has begun another session with it"

/** The connection as limits and leases use it: scripts, with the parameters and answers that all of them share. */
export class RedisLink {
  private epoch: string | undefined
  /** The beginning of the epoch, by the hub's own clock, in ms. */
  private beganAt = -Infinity
  private lastCandidate = 0

  constructor(
    readonly connection: RedisConnection, readonly hubId: string, private readonly names: Names,
    private readonly listener: LinkListener,
  ) {}

  /** The age of the epoch, in ms; Infinity while it is not known. */
  get epochAgeMs(): number {
    return performance.now() - this.beganAt
  }

  /** Rejects with a RedisAwayError if there is no answer. */
  async run(session: RedisSession, script: Script, keys: string[], parameters: string[]): Promise<unknown[]> {
    const answer = await this.once(session, script, keys, parameters)
    if (answer[0] === "stale") {
      throw session.giveUp({ kind: STALE, detail: STALE })
    }
    if (answer[0] !== "unknown") {
      return answer
    }
    await this.listener.introduce(session)
    return this.once(session, script, keys, parameters)
  }

  private async once(
    session: RedisSession, script: Script, keys: string[], parameters: string[],
  ): Promise<unknown[]> {
    const candidate = `${this.hubId}.${++this.lastCandidate}`
    const reply = await session.run(script, [this.names.mark, this.names.hub(this.hubId), ...keys],
      [candidate, session.server.runId, session.id, ...parameters])
    const [epoch, ageMs, ...answer] = reply as [string, number, ...unknown[]]
    if (epoch !== this.epoch) {
      const isFirst = this.epoch === undefined
      this.epoch = epoch
      this.beganAt = performance.now() - ageMs
      this.listener.onEpoch({ isFirst, ageMs })
    }
    return answer
  }
}
