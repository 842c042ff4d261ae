import type { RedisClientType } from "@redis/client"
import * as winston from "winston"

/** A question that has no answer by then, in ms, has none. */
const PATIENCE_MS = 5000
/** The longest time between two attempts to connect, in ms. */
const LONGEST_RETRY_MS = 10_000

/**
 * A connection to Redis for what is kept there. It connects by itself, again and again; nothing waits for it. Trouble
 * is logged once until it is over, without the address, which may contain a password.
 */
export class RedisClient {
  private client: RedisClientType | undefined
  private isTroubled = false
  /** Resolves when the first attempt to connect has come to an end, good or bad. */
  private readonly opened: Promise<void>

  constructor(private readonly url: string) {
    this.opened = this.open()
  }

  /** Asks something. Rejects if Redis is not there, or does not answer within five seconds. */
  async ask<T>(question: (client: RedisClientType) => Promise<T>): Promise<T> {
    await this.opened
    const { client } = this
    if (client === undefined || !client.isReady) {
      throw new Error("Redis is not there.")
    }
    let timer: NodeJS.Timeout | undefined
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error("Redis does not answer.")), PATIENCE_MS)
    })
    try {
      return await Promise.race([question(client), overdue])
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    await this.opened
    if (this.client?.isOpen) {
      this.client.destroy()
    }
  }

  private async open(): Promise<void> {
    const { createClient } = await import("@redis/client")
    const client: RedisClientType = createClient({
      url: this.url, RESP: 3, disableOfflineQueue: true, disableClientInfo: true, maintNotifications: "disabled",
      socket: {
        connectTimeout: PATIENCE_MS,
        reconnectStrategy: (retries: number) => Math.min(LONGEST_RETRY_MS, 100 * 2 ** retries),
      },
    })
    client.on("error", (failure: Error & { code?: string }) => this.note(failure))
    client.on("ready", () => { this.isTroubled = false })
    this.client = client
    const attempted = new Promise<void>((resolve) => {
      client.once("ready", resolve)
      client.once("error", () => resolve())
    })
    // Resolves at the first connection, which may be never.
    client.connect().catch((failure: Error & { code?: string }) => this.note(failure))
    await attempted
  }

  private note(failure: Error & { code?: string }): void {
    if (!this.isTroubled) {
      this.isTroubled = true
      winston.warn("Redis cannot be reached for run records and reports.", { code: failure.code ?? failure.name })
    }
  }
}
