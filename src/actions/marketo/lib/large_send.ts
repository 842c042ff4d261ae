import * as winston from "winston"
import * as Hub from "../../../hub"
import { reserveReached } from "./daily_allowance"
import { MarketoError, RunStoppedError } from "./errors"
import {
  MARKETO_USUAL_DAILY_QUOTA, MAX_LEADS_PER_CAMPAIGN_REQUEST, MAX_LEADS_PER_LIST_CALL, MAX_LEADS_PER_SYNC,
} from "./limits"
import { MarketoClient } from "./marketo_client"
import { MarketoConnection } from "./marketo_connection"
import { RunReport } from "./run_report"
import { RunSettings } from "./run_settings"

/** From so many rows on, a look at the day's usage is worth a call: it is then one of more than a hundred. */
const LARGE_SEND_ROWS = 30000

/** Calls that a send of so many rows takes when nothing goes wrong. */
export function callsNeeded(rows: number, settings: Pick<RunSettings, "changes">): number {
  return settings.changes.reduce((calls, change) => {
    const perCall = change.kind === "requestCampaign" ? MAX_LEADS_PER_CAMPAIGN_REQUEST : MAX_LEADS_PER_LIST_CALL
    return calls + Math.ceil(rows / perCall)
  }, Math.ceil(rows / MAX_LEADS_PER_SYNC))
}

/** The most rows that the query gives, when Looker tells it; undefined for "All Results". */
export function rowLimit(request: Hub.ActionRequest): number | undefined {
  const query: unknown = request.scheduledPlan?.query
  const limit = typeof query === "object" && query !== null ? Number((query as { limit?: unknown }).limit) : NaN
  return Number.isInteger(limit) && limit > 0 ? limit : undefined
}

/**
 * Watches that a large send fits into what is left of the day: looks at the instance's usage before the first lead
 * is sent when Looker tells that many rows will come, or else once many have come.
 */
export class LargeSendCheck {
  private isDone = false

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
    if (expectedRows !== undefined && expectedRows >= LARGE_SEND_ROWS) {
      await this.check(expectedRows)
    }
  }

  /** To be called with the number of rows read so far; looks once, beside the run. */
  whileReading(rowsRead: number): void {
    if (!this.isDone && rowsRead >= LARGE_SEND_ROWS) {
      this.check(rowsRead).catch((failure: unknown) => {
        if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
          throw failure
        }
      })
    }
  }

  private async check(rows: number): Promise<void> {
    this.isDone = true
    let used: number
    try {
      const usage = await this.client.usageToday()
      used = usage === undefined ? 0 : usage.total
    } catch (failure) {
      if (failure instanceof MarketoError && failure.kind !== "quota") {
        // The look is a courtesy; a run does without.
        winston.info("Marketo: today's usage could not be read", { ...this.logContext, code: failure.code })
        return
      }
      throw failure
    }
    const { daily } = this.connection
    daily.learn(used)
    const needed = callsNeeded(rows, this.settings)
    const left = daily.left ?? Math.max(0, MARKETO_USUAL_DAILY_QUOTA - used)
    if (daily.isLimited && left === 0) {
      throw reserveReached()
    }
    if (needed > left) {
      const warning = `This send takes about ${needed} calls to Marketo, and about ${left} are left of today's ` +
        `(${used} were used before).`
      winston.warn(`Marketo: ${warning}`, this.logContext)
      this.report.notes.push(warning)
    }
  }
}
