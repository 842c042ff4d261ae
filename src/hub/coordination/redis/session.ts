import * as crypto from "crypto"
import type { RedisClientType } from "@redis/client"
import { awayReason, AwayReason, overdueReason, RedisAwayError } from "./away"
import { Script, scripts } from "./script"

/** Redis's information about itself, as far as the hub may ask. */
interface ServerInformation {
  /** The id of the server process, which changes with every restart and every other server; empty if unknown. */
  runId: string
  evictionPolicy?: string
}

/**
 * One connection to Redis, for commands and messages. It is used until it is lost, and never again. Questions that are
 * then unanswered, and later ones, reject with a RedisAwayError. An answer that is overdue or an error loses it, too.
 */
export class RedisSession {
  /** Connects, asks the server about itself and loads the scripts. Rejects with a RedisAwayError. */
  static async open(
    url: string, timeoutMs: number, onLost: (reason: AwayReason) => void,
  ): Promise<RedisSession> {
    const { createClient } = await import("@redis/client")
    const client: RedisClientType = createClient({
      // One protocol carries commands and messages in order over one connection.
      url, RESP: 3, disableOfflineQueue: true, disableClientInfo: true, maintNotifications: "disabled",
      commandOptions: { timeout: undefined },
      // The connection's owner opens another session.
      socket: { connectTimeout: timeoutMs, reconnectStrategy: false },
    })
    const session = new RedisSession(client, url, timeoutMs, onLost)
    await session.answer(client.connect())
    session.server = informationIn(await session.answer(client.sendCommand<string>(["INFO"]).catch(emptyIfRefused)))
    await Promise.all(scripts.map(async ({ source }) => session.answer(client.scriptLoad(source))))
    return session
  }

  readonly id = crypto.randomBytes(6).toString("base64url")
  server: ServerInformation = { runId: "" }
  private lostBecause: AwayReason | undefined
  private readonly asked = new Set<(reason: RedisAwayError) => void>()

  private constructor(
    private readonly client: RedisClientType, private readonly url: string, private readonly timeoutMs: number,
    private readonly onLost: (reason: AwayReason) => void,
  ) {
    client.on("error", (failure: Error) => this.lose(awayReason(failure, url)))
    client.on("end", () => this.lose({ kind: "the connection was cut", detail: "the connection was cut" }))
  }

  get isLost(): boolean {
    return this.lostBecause !== undefined
  }

  /** Runs a script in one round trip. Scripts run in the order in which they are asked for. */
  async run({ sha }: Script, keys: string[], parameters: string[]): Promise<unknown[]> {
    return await this.answer(this.client.evalSha(sha, { keys, arguments: parameters })) as unknown[]
  }

  async listen(channel: string, listener: (message: string) => void): Promise<void> {
    await this.answer(this.client.subscribe(channel, listener))
  }

  async tell(channel: string, message: string): Promise<void> {
    await this.answer(this.client.publish(channel, message))
  }

  /** Ends the connection, without reporting a loss. */
  close(): void {
    this.end({ kind: "the hub has closed the connection", detail: "the hub has closed the connection" })
  }

  /** Gives the session up, so that its owner opens another one. */
  lose(reason: AwayReason): void {
    if (this.end(reason)) {
      this.onLost(reason)
    }
  }

  /** Gives the session up, and returns the error to throw. */
  giveUp(reason: AwayReason): RedisAwayError {
    this.lose(reason)
    return new RedisAwayError(reason)
  }

  private async answer<T>(reply: Promise<T>): Promise<T> {
    if (this.lostBecause !== undefined) {
      reply.catch(() => undefined)
      throw new RedisAwayError(this.lostBecause)
    }
    return new Promise<T>((resolve, reject) => {
      const overdue = setTimeout(() => this.lose(overdueReason(this.timeoutMs)), this.timeoutMs)
      const giveUp = (reason: RedisAwayError) => {
        clearTimeout(overdue)
        reject(reason)
      }
      this.asked.add(giveUp)
      reply.then((value) => {
        clearTimeout(overdue)
        this.asked.delete(giveUp)
        resolve(value)
      }, (failure: Error) => this.lose(awayReason(failure, this.url)))
    })
  }

  private end(reason: AwayReason): boolean {
    if (this.lostBecause !== undefined) {
      return false
    }
    this.lostBecause = reason
    if (this.client.isOpen) {
      this.client.destroy()
    }
    const asked = [...this.asked]
    this.asked.clear()
    asked.forEach((giveUp) => giveUp(new RedisAwayError(reason)))
    return true
  }
}

/** Returns an empty text if a user of Redis lacks the right to ask. */
function emptyIfRefused(failure: Error): string {
  if (failure.message.startsWith("NOPERM") || failure.message.startsWith("ERR unknown command")) {
    return ""
  }
  throw failure
}

function informationIn(text: string): ServerInformation {
  const line = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(text)?.[1]
  return { runId: line("run_id") ?? "", evictionPolicy: line("maxmemory_policy") }
}
