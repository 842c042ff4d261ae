import { RESP_TYPES } from "@redis/client"
import type { RedisClient } from "../stores/redis_client"
import { reportsToRemove } from "./report_removal"
import type { ReportBounds, ReportStore } from "./report_store"

/** Blocks that are read at once. */
const SLICE = 8

/** Reports in Redis, for all hubs that share it: a list of blocks for each, and a hash of their sizes. */
export class RedisReports implements ReportStore {
  private readonly sizes: string

  constructor(
    private readonly client: RedisClient, private readonly prefix: string, private readonly bounds: ReportBounds,
  ) {
    this.sizes = `${prefix}reports`
  }

  async append(id: string, block: Buffer): Promise<void> {
    await this.client.ask(async (redis) => redis.multi()
      .rPush(this.keyOf(id), block)
      .pExpire(this.keyOf(id), this.bounds.keptMs)
      .hIncrBy(this.sizes, id, block.length)
      .exec())
  }

  async read(id: string): Promise<AsyncIterable<Buffer> | undefined> {
    const first = await this.slice(id, 0)
    return first.length === 0 ? undefined : this.blocks(id, first)
  }

  async keepKey(id: string, sealed: Buffer): Promise<void> {
    await this.client.ask(async (redis) => redis.set(this.sealedKeyOf(id), sealed,
      { expiration: { type: "PX", value: this.bounds.keptMs } }))
  }

  async readKey(id: string): Promise<Buffer | undefined> {
    const sealed = await this.client.ask(async (redis) =>
      redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).get(this.sealedKeyOf(id)))
    return sealed ?? undefined
  }

  async tidy(): Promise<void> {
    await this.client.ask(async (redis) => {
      const sizes = await redis.hGetAll(this.sizes)
      const reports = Object.entries(sizes).map(([id, bytes]) => ({ id, bytes: Number(bytes) }))
      const gone = reportsToRemove(reports, this.bounds, Date.now())
      if (gone.length > 0) {
        const keys = gone.flatMap((id) => [this.keyOf(id), this.sealedKeyOf(id)])
        await redis.multi().del(keys).hDel(this.sizes, gone).exec()
      }
    })
  }

  private async *blocks(id: string, first: Buffer[]): AsyncGenerator<Buffer> {
    let slice = first
    for (let from = SLICE; slice.length > 0; from += SLICE) {
      yield* slice
      slice = slice.length < SLICE ? [] : await this.slice(id, from)
    }
  }

  private async slice(id: string, from: number): Promise<Buffer[]> {
    return this.client.ask(async (redis) =>
      redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).lRange(this.keyOf(id), from, from + SLICE - 1))
  }

  private sealedKeyOf(id: string): string {
    return `${this.prefix}reportkey:${id}`
  }

  private keyOf(id: string): string {
    return `${this.prefix}report:${id}`
  }
}
