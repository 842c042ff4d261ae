import type { RedisConnection } from "./connection"
import type { Names } from "./names"
import type { Script } from "./script"
import type { RedisSession } from "./session"

/** Who is concerned when Redis has lost data. */
export interface LinkListener {
  /** An epoch began, `ageMs` ago: data was lost, unless it is the first epoch that the hub sees. */
  onEpoch(change: { isFirst: boolean, ageMs: number }): void
  /** Redis does not know this hub: says who it is, and what it holds. */
  introduce(session: RedisSession): Promise<void>
}

const STALE = "the hub has begun another session with it"

/** What limits and leases use of the connection: scripts, with what all of them take and answer with. */
export class RedisLink {
  private epoch: string | undefined
  /** When the epoch began, by the hub's own clock, in ms. */
  private beganAt = -Infinity
  private lastCandidate = 0

  constructor(
    readonly connection: RedisConnection, readonly hubId: string, private readonly names: Names,
    private readonly listener: LinkListener,
  ) {}

  /** How long ago the epoch began, in ms; Infinity while it is not known. */
  get epochAgeMs(): number {
    return performance.now() - this.beganAt
  }

  /** Rejects with a RedisAwayError when there is no answer. */
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
