import * as winston from "winston"
import { MarketoClient } from "./api/client"
import { MarketoConnection } from "./api/connection"
import { MARKETO_USUAL_DAILY_QUOTA } from "./configuration/limits"
import { MarketoError } from "./errors"
import { HubMetrics } from "./metrics/hub_metrics"
import { shownInstance } from "./metrics/marketo_metrics"
import { millisecondsOfDayLeft, reserveReached } from "./quota/daily_allowance"

/** A reading of the calls that all integrations of the instance have used today. */
export interface UsageReading {
  used: number
  /** Calls that are left of the day; Infinity if Marketo would not say. */
  left: number
}

/** Reads the day's usage of an instance for one run, one reading at a time. */
export class DayUsage {
  private latest: UsageReading | undefined
  private reading: Promise<void> | undefined

  constructor(
    private readonly client: MarketoClient, private readonly connection: MarketoConnection,
    private readonly logContext: { [name: string]: unknown }, private readonly metrics?: HubMetrics,
  ) {}

  /** The latest reading; undefined before the first. */
  get known(): UsageReading | undefined {
    return this.latest
  }

  /** True if the hub's administrator has set a limit, and what is left of it is not known. */
  get isNeeded(): boolean {
    const { daily } = this.connection
    return daily.isLimited && daily.left === undefined
  }

  /**
   * Reads the usage; who asks while that is going on waits for it, too. Throws MarketoError (`quota`) if nothing is
   * left of the day. Any other failure is only logged: a run does without.
   */
  async read(): Promise<void> {
    this.reading = this.reading ?? this.readNow()
    return this.reading
  }

  private async readNow(): Promise<void> {
    try {
      const askedAt = Date.now()
      const used = Number((await this.client.usageToday())?.total ?? 0)
      if (Number.isFinite(used)) {
        this.note(used, askedAt)
      }
    } catch (failure) {
      if (!(failure instanceof MarketoError) || failure.kind === "quota") {
        throw failure
      }
      winston.info("Marketo: today's usage could not be read", { ...this.logContext, code: failure.code })
      this.latest = { left: Infinity, used: 0 }
    } finally {
      this.reading = undefined
    }
  }

  private note(used: number, askedAt: number): void {
    const { daily, origin } = this.connection
    daily.learn(used, askedAt)
    this.metrics?.set(
      "marketo_quota_calls_used", { instance: shownInstance(origin) }, used, millisecondsOfDayLeft(Date.now()))
    const left = daily.left ?? Math.max(0, MARKETO_USUAL_DAILY_QUOTA - used)
    this.latest = { left, used }
    if (daily.isLimited && left === 0) {
      throw reserveReached()
    }
  }
}
