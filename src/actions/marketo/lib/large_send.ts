import * as winston from "winston"
import { MarketoClient } from "./api/client"
import { MarketoConnection } from "./api/connection"
import { MAX_LEADS_PER_CAMPAIGN_REQUEST, MAX_LEADS_PER_LIST_CALL, MAX_LEADS_PER_SYNC } from "./configuration/limits"
import { DayUsage, UsageReading } from "./day_usage"
import { MarketoError, RunStoppedError } from "./errors"
import { HubMetrics } from "./metrics/hub_metrics"
import { RunReport } from "./report/run_report"
import { RunSettings } from "./settings/run_settings"
import { maySendFiles } from "./settings/way_of_sending"

/** Rows from which on a reading of the day's usage is worth a call: it is then one of more than a hundred. */
const LARGE_SEND_ROWS = 30000

/** Rows between two comparisons of a send with what is left of the day. */
const ROWS_PER_COMPARISON = 10000

/**
 * Returns the calls that a send of so many rows takes if nothing goes wrong; `applied` of them are not skipped by
 * Marketo. With fields of program members, each program takes a second call for its members.
 */
export function callsNeeded(
  rows: number, settings: Pick<RunSettings, "changes">, applied = rows, writesMemberFields = false,
): number {
  return settings.changes.reduce((calls, change) => {
    const perCall = change.kind === "requestCampaign" ? MAX_LEADS_PER_CAMPAIGN_REQUEST : MAX_LEADS_PER_LIST_CALL
    const times = writesMemberFields && change.kind === "addToProgram" ? 2 : 1
    return calls + times * Math.ceil(applied / perCall)
  }, Math.ceil(rows / MAX_LEADS_PER_SYNC))
}

/**
 * Compares a send with what is left of the day. It reads the instance's usage before the first lead is sent if Looker
 * says that many rows will come, or else once many have come. If the hub's administrator keeps a part of the day for
 * others, it reads before every send, and again while one lasts.
 */
export class LargeSendCheck {
  private readonly usage: DayUsage
  private isWarned = false
  /** Calls that the run had made at the latest reading. */
  private callsAtReading = 0

  constructor(
    client: MarketoClient,
    connection: MarketoConnection,
    private readonly settings: RunSettings,
    private readonly report: RunReport,
    private readonly logContext: { [name: string]: unknown },
    metrics?: HubMetrics,
  ) {
    this.usage = new DayUsage(client, connection, logContext, metrics)
  }

  /**
   * To be called before the first lead. Notes in numbers what may not fit. Throws MarketoError (`quota`) if nothing is
   * left of the day.
   */
  async beforeStart(expectedRows: number | undefined): Promise<void> {
    const isLarge = expectedRows !== undefined && expectedRows >= LARGE_SEND_ROWS
    if (isLarge || this.usage.isNeeded) {
      await this.read()
    }
    if (isLarge) {
      this.warnIfTooMuch(expectedRows, "about")
    }
  }

  /** To be called with the number of rows read so far; reads the usage while the run goes on. */
  whileReading(rowsRead: number): void {
    if (rowsRead < LARGE_SEND_ROWS || rowsRead % ROWS_PER_COMPARISON !== 0) {
      return
    }
    if (this.usage.known !== undefined && !this.usage.isNeeded) {
      this.warnIfTooMuch(rowsRead, "at least")
      return
    }
    // What ends the run reaches the other calls, too; nobody waits for this one.
    this.read().then(() => this.warnIfTooMuch(rowsRead, "at least"), (failure: unknown) => {
      if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
        throw failure
      }
    })
  }

  /** Returns the calls that are left of the day; Infinity if Marketo does not say. Throws as `beforeStart` does. */
  async callsLeft(): Promise<number> {
    if (this.usage.known === undefined) {
      await this.read()
    }
    const reading: UsageReading | undefined = this.usage.known
    return reading === undefined ? Infinity : Math.max(0, reading.left - (this.report.calls - this.callsAtReading))
  }

  private async read(): Promise<void> {
    await this.usage.read()
    this.callsAtReading = this.report.calls
  }

  private warnIfTooMuch(rows: number, precision: "about" | "at least"): void {
    const reading = this.usage.known
    const { files, writesMemberFields } = this.report
    if (reading === undefined || this.isWarned || maySendFiles(this.settings) && !files.areOff) {
      return
    }
    const { left, used } = reading
    const byCalls = rows - files.rows
    const needed = callsNeeded(byCalls, this.settings, byCalls, writesMemberFields)
    if (needed - this.callsAtReading > left) {
      this.isWarned = true
      const warning = `This send takes ${precision} ${needed} calls to Marketo, and about ${left} are left of ` +
        `today's (${used} were used before).`
      winston.warn(`Marketo: ${warning}`, this.logContext)
      this.report.notes.push(warning)
    }
  }
}
