import * as winston from "winston"
import { MarketoClient } from "./api/client"
import { MarketoConnection } from "./api/connection"
import {
  MARKETO_USUAL_DAILY_QUOTA, MAX_LEADS_PER_CAMPAIGN_REQUEST, MAX_LEADS_PER_LIST_CALL, MAX_LEADS_PER_SYNC,
} from "./configuration/limits"
import { MarketoError, RunStoppedError } from "./errors"
import { reserveReached } from "./quota/daily_allowance"
import { RunReport } from "./report/run_report"
import { RunSettings } from "./settings/run_settings"

/** From so many rows on, a look at the day's usage is worth a call: it is then one of more than a hundred. */
const LARGE_SEND_ROWS = 30000

/** Calls that a send of so many rows takes when nothing goes wrong; `applied` of them are not skipped by Marketo. */
export function callsNeeded(rows: number, settings: Pick<RunSettings, "changes">, applied = rows): number {
  return settings.changes.reduce((calls, change) => {
    const perCall = change.kind === "requestCampaign" ? MAX_LEADS_PER_CAMPAIGN_REQUEST : MAX_LEADS_PER_LIST_CALL
    return calls + Math.ceil(applied / perCall)
  }, Math.ceil(rows / MAX_LEADS_PER_SYNC))
}

/** How often, in rows, a send is compared with what is left of the day. */
const ROWS_PER_COMPARISON = 10000

/**
 * Watches that a send fits into what is left of the day: looks at the instance's usage before the first lead is sent
 * when Looker tells that many rows will come, or else once many have come. When the hub's administrator keeps a part of
 * the day for others, it looks before every send, and again while one lasts.
 */
export class LargeSendCheck {
  private isLooking = false
  private isWarned = false
  /** Calls that were left at the last look, and the calls of this run until then; undefined before it. */
  private known: { left: number, used: number, calls: number } | undefined

  constructor(
    private readonly client: MarketoClient,
    private readonly connection: MarketoConnection,
    private readonly settings: RunSettings,
    private readonly report: RunReport,
    private readonly logContext: { [name: string]: unknown },
  ) {}

  /**
   * To be called before the first lead. Throws MarketoError (`quota`) when nothing is left of the day; notes in
   * numbers what may not fit.
   */
  async beforeStart(expectedRows: number | undefined): Promise<void> {
    const { daily } = this.connection
    const isLarge = expectedRows !== undefined && expectedRows >= LARGE_SEND_ROWS
    if (isLarge || daily.isLimited && daily.left === undefined) {
      await this.look()
    }
    if (isLarge) {
      this.warnIfTooMuch(expectedRows, "about")
    }
  }

  /** To be called with the number of rows read so far; looks beside the run. */
  whileReading(rowsRead: number): void {
    if (rowsRead < LARGE_SEND_ROWS || rowsRead % ROWS_PER_COMPARISON !== 0) {
      return
    }
    const { daily } = this.connection
    if (this.known === undefined || daily.isLimited && daily.left === undefined) {
      // What ends the run is told to the other calls, too; nobody waits for this one.
      this.look().then(() => this.warnIfTooMuch(rowsRead, "at least"), (failure: unknown) => {
        if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
          throw failure
        }
      })
    } else {
      this.warnIfTooMuch(rowsRead, "at least")
    }
  }

  private async look(): Promise<void> {
    if (this.isLooking) {
      return
    }
    this.isLooking = true
    try {
      const askedAt = Date.now()
      const used = Number((await this.client.usageToday())?.total ?? 0)
      if (Number.isFinite(used)) {
        this.learn(used, askedAt)
      }
    } catch (failure) {
      if (!(failure instanceof MarketoError) || failure.kind === "quota") {
        throw failure
      }
      // The look is a courtesy; a run does without.
      winston.info("Marketo: today's usage could not be read", { ...this.logContext, code: failure.code })
      this.known = { left: Infinity, used: 0, calls: 0 }
    } finally {
      this.isLooking = false
    }
  }

  private learn(used: number, askedAt: number): void {
    const { daily } = this.connection
    daily.learn(used, askedAt)
    const left = daily.left ?? Math.max(0, MARKETO_USUAL_DAILY_QUOTA - used)
    this.known = { left, used, calls: this.report.calls }
    if (daily.isLimited && left === 0) {
      throw reserveReached()
    }
  }

  private warnIfTooMuch(rows: number, precision: "about" | "at least"): void {
    if (this.known === undefined || this.isWarned) {
      return
    }
    const { left, used, calls } = this.known
    const needed = callsNeeded(rows, this.settings)
    if (needed - calls > left) {
      this.isWarned = true
      const warning = `This send takes ${precision} ${needed} calls to Marketo, and about ${left} are left of ` +
        `today's (${used} were used before).`
      winston.warn(`Marketo: ${warning}`, this.logContext)
      this.report.notes.push(warning)
    }
  }
}
