import { expect } from "chai"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { eventually } from "../server/hub_under_test"
import { RedisServer } from "../support/redis_server"
import { Answered, HubsUnderTest, rowsOf } from "./hubs_under_test"

/** The number of people that both hubs are to send. */
export const PEOPLE = 1500

let count = 0

/** Two hubs on one Redis, on machines of their own as far as Marketo can tell. */
export class TwoHubs {
  /**
   * Starts both. `urls`: the addresses at which the first and the second hub reach Redis. `processes`: the execute
   * processes of each.
   */
  static async start(
    redis: RedisServer, urls: [string, string] = [redis.url, redis.url], processes = 2,
  ): Promise<TwoHubs> {
    const prefix = `hubs${++count}:`
    // As if Redis had been there for long: a new one lets hubs wait for what others may hold.
    await redis.say(`HSET ${prefix}mark epoch long began 0`)
    const hubs = await HubsUnderTest.start({ latency: { sync: 30_000 } })
    const [one, two] = await Promise.all(urls.map(async (url) => hubs.startHub({
      ACTION_HUB_REDIS_URL: url, ACTION_HUB_REDIS_PREFIX: prefix, ACTION_HUB_EXECUTE_PROCESS_COUNT: String(processes),
      ACTION_HUB_STOP_GRACE_SECONDS: "1",
    })))
    return new TwoHubs(hubs, one, two, prefix)
  }

  private constructor(
    readonly hubs: HubsUnderTest, readonly one: HubProcess, readonly two: HubProcess, readonly prefix: string,
  ) {}

  /** Sends the same people from both hubs; resolves when both have upserts on the wire, or wait for the other's. */
  async sendFromBoth(): Promise<Promise<Answered>[]> {
    const { ledger, knobs } = this.hubs.marketo
    const sends = [this.hubs.send(this.one, 0, PEOPLE), this.hubs.send(this.two, 0, PEOPLE)]
    // A hub that is killed does not answer: that is told to whoever asked by the connection.
    sends.forEach((send) => { send.catch(() => undefined) })
    await eventually(() => ledger.callsOf("syncLeads").length >= 4)
    knobs.latency.sync = 10
    return sends
  }

  /** Fails unless both sends succeeded with all people, and created each of them once, within one quota. */
  async expectBothWhole(sends: Promise<Answered>[]): Promise<void> {
    const answers = await Promise.all(sends)
    const rows = answers.map(rowsOf)
    expect(answers.map(({ success }) => success)).to.deep.equal([true, true])
    expect(rows.map(({ received }) => received)).to.deep.equal([PEOPLE, PEOPLE])
    expect(rows[0].created + rows[1].created).to.equal(PEOPLE)
    this.hubs.expectEverybodyOnce(PEOPLE)
  }

  /** Signals a hub and all its processes. */
  signal(hub: HubProcess, signal: NodeJS.Signals): void {
    for (const id of [hub.processId ?? 0, ...this.hubs.executeProcesses(hub)]) {
      process.kill(id, signal)
    }
  }

  async stop(): Promise<void> {
    await this.hubs.stop()
  }
}
