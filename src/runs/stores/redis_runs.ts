import { timePart } from "../records/run_id"
import type { RunRecord } from "../records/run_record"
import type { RedisClient } from "./redis_client"
import { isWanted, MOST_RUNS, RunPage, RunQuery, RunStore } from "./run_store"

/** Records that are looked through at once. */
const SLICE = 100
/** Records that nobody replaces with newer ones go after so long, in seconds. */
const KEPT_SECONDS = 90 * 24 * 3600

/** Run records in Redis, for all hubs that share it: a list of the ids, and one text of JSON for each. */
export class RedisRuns implements RunStore {
  private readonly ids: string

  constructor(private readonly client: RedisClient, private readonly prefix: string) {
    this.ids = `${prefix}runs`
  }

  async save(record: RunRecord): Promise<void> {
    await this.client.ask(async (redis) => {
      await redis.multi()
        .set(this.keyOf(record.id), JSON.stringify(record), { expiration: { type: "EX", value: KEPT_SECONDS } })
        // Members of one score are in the order of their letters, and ids are in that of time.
        .zAdd(this.ids, { score: 0, value: record.id })
        .expire(this.ids, KEPT_SECONDS)
        .exec()
      const surplus = await redis.zRange(this.ids, 0, -MOST_RUNS - 1)
      if (surplus.length > 0) {
        await redis.multi().del(surplus.map((id) => this.keyOf(id))).zRem(this.ids, surplus).exec()
      }
    })
  }

  async get(id: string): Promise<RunRecord | undefined> {
    const [record] = await this.records([id])
    return record
  }

  async find(query: RunQuery): Promise<RunPage> {
    const runs: RunRecord[] = []
    let before = query.before ?? (query.to === undefined ? undefined : timePart(query.to))
    for (;;) {
      const ids = await this.idsBefore(before)
      for (const record of await this.records(ids)) {
        if (isWanted(record, query)) {
          if (runs.length === query.limit) {
            return { runs, next: runs[runs.length - 1].id }
          }
          runs.push(record)
        }
      }
      before = ids[ids.length - 1]
      if (ids.length < SLICE || query.from !== undefined && before < timePart(query.from)) {
        return { runs }
      }
    }
  }

  async claim(id: string): Promise<boolean> {
    const answer = await this.client.ask(async (redis) => redis.set(`${this.prefix}lost:${id}`, "", {
      condition: "NX", expiration: { type: "EX", value: KEPT_SECONDS },
    }))
    return answer === "OK"
  }

  async close(): Promise<void> {
    await this.client.close()
  }

  /** Returns the ids of a slice, newest first. */
  private async idsBefore(before: string | undefined): Promise<string[]> {
    const from = before === undefined ? "+" : `(${before}`
    return this.client.ask(async (redis) => redis.zRange(this.ids, from as never, "-",
      { BY: "LEX", REV: true, LIMIT: { offset: 0, count: SLICE } }))
  }

  private async records(ids: string[]): Promise<RunRecord[]> {
    if (ids.length === 0) {
      return []
    }
    const texts = await this.client.ask(async (redis) => redis.mGet(ids.map((id) => this.keyOf(id))))
    return texts.flatMap((text) => text === null ? [] : [JSON.parse(text) as RunRecord])
  }

  private keyOf(id: string): string {
    return `${this.prefix}run:${id}`
  }
}
