import { randomBytes } from "crypto"
import { setTimeout as wait } from "timers/promises"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { HubClient } from "../../sandbox/looker/hub_client"
import { fromNonce } from "../../src/server/api_key"
import { RedisServer } from "../../test/support/redis_server"
import { Account } from "./marketo_process"
import { ProcessFigures, processTree } from "./process_figures"
import { StandIns } from "./stand_ins"
import { SUBACTIONS, SubactionName } from "./subactions"

/** Marketo's window of 20 s, and some more. */
const REST_MS = 21000

const FORMAT = "json_detail_lite_stream"

/** What sends, begun at once, came to. Seconds are real ones, whatever the speed of Marketo's time. */
export interface Sent {
  /** From the first POST to the last answer. */
  seconds: number
  /** From the first POST to the first call that Marketo saw. */
  firstCallMs: number
  /** From the first upsert that Marketo saw to the last answer that it gave. */
  sendingSeconds: number
  account: Account
  /** The hub's process first, then those it started; processor time of these sends alone, memory since their start. */
  processes: ProcessFigures[]
}

/** How many hubs there are, and how many execute processes each has. Several hubs agree in a Redis of their own. */
export interface Place {
  hubs: number
  processes: number
}

export const ONE_PROCESS: Place = { hubs: 1, processes: 1 }

/** Fresh hubs with fresh stand-ins. Their Marketo's time runs `speed` times faster than the real one's. */
export class BenchHub {
  /** `settings` go to the hubs' environment, over what they are set up with; `bootFile` starts another program. */
  static async start(
    speed: number, { hubs: count, processes }: Place = ONE_PROCESS, settings: Record<string, string> = {},
    bootFile?: string, importSeconds = 0,
  ): Promise<BenchHub> {
    const secret = randomBytes(32).toString("hex")
    process.env.ACTION_HUB_SECRET = secret
    const standIns = await StandIns.start(speed, importSeconds)
    const redis = count > 1 ? await startedRedis() : undefined
    const hubs: HubProcess[] = []
    const bench = new BenchHub(speed, standIns, hubs, redis)
    try {
      for (let index = 0; index < count; index++) {
        hubs.push(await HubProcess.start({
          ACTION_HUB_SECRET: secret, MARKETO_SANDBOX_SPEED: String(speed),
          MARKETO_ALLOWED_HOSTS: new URL(standIns.params.url).host,
          ACTION_HUB_EXECUTE_PROCESS_COUNT: String(processes),
          ...(redis === undefined ? {} : { ACTION_HUB_REDIS_URL: redis.url }),
          ...settings,
        }, bootFile))
      }
      return bench
    } catch (error) {
      await bench.stop()
      throw error
    }
  }

  private constructor(
    private readonly speed: number,
    private readonly standIns: StandIns,
    private readonly hubs: HubProcess[],
    private readonly redis: RedisServer | undefined,
  ) {}

  /** Waits until no call that was made counts any more for what Marketo allows in 20 s. */
  async rest(): Promise<void> {
    await wait(REST_MS / this.speed)
  }

  get statusUrl(): string {
    return `${this.hubs[0].url}/status`
  }

  /**
   * Sends so many rows each, no person twice, all at once, by the hubs in turn. Throws an Error unless every row was
   * applied.
   */
  async send(rowCounts: number[], subaction: SubactionName, form: Record<string, string> = {}): Promise<Sent> {
    await this.standIns.clear()
    const urls: string[] = []
    let from = 0
    for (const rows of rowCounts) {
      urls.push(await this.standIns.publish(rows, from))
      from += rows
    }
    const before = new Map(this.processes().map(({ id, cpuSeconds }) => [id, cpuSeconds]))
    const startedAt = Date.now()
    await Promise.all(urls.map(async (url, index) =>
      this.execute(this.hubs[index % this.hubs.length], url, { subaction, ...form })))
    const seconds = (Date.now() - startedAt) / 1000
    const account = await this.standIns.account()
    if (account.leadsWritten !== from) {
      throw new Error(`Marketo wrote ${account.leadsWritten} leads of ${from}`)
    }
    const processes = this.processes()
      .map((figures) => ({ ...figures, cpuSeconds: figures.cpuSeconds - (before.get(figures.id) ?? 0) }))
    return {
      seconds, firstCallMs: account.firstCallAt - startedAt,
      sendingSeconds: (account.lastAnswerAt - account.firstUpsertAt) / 1000, account, processes,
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.hubs.map(async (hub) => hub.stop()))
    await this.standIns.stop()
    await this.redis?.remove()
  }

  private async execute(
    hub: HubProcess, downloadUrl: string, { subaction, ...form }: { subaction: SubactionName } & Record<string, string>,
  ): Promise<void> {
    const client = new HubClient({ url: hub.url, apiKey: fromNonce("bench") })
    const { body } = await client.execute("marketo", {
      params: this.standIns.params, format: FORMAT, downloadUrl,
      formParams: { lookupField: "email", subaction, campaignId: SUBACTIONS[subaction].targetId, ...form },
    })
    if (!body.looker.success) {
      throw new Error(`A send failed: ${body.looker.message}`)
    }
  }

  /** The first hub's process first, then those it started. */
  processes(): ProcessFigures[] {
    return this.hubs.flatMap(({ processId }) => {
      if (processId === undefined) {
        throw new Error("A hub has no process.")
      }
      return processTree(processId)
    })
  }
}

/** A Redis that has been there for long, as far as hubs can tell: they do not wait for what others may hold. */
async function startedRedis(): Promise<RedisServer> {
  const redis = new RedisServer()
  await redis.start()
  await redis.say("HSET actionhub:mark epoch long began 0")
  return redis
}
