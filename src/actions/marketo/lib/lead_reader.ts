import * as Hub from "../../../hub"
import { MarketoSettingsError, RunStoppedError } from "./errors"
import { FieldMapping, ResultFields } from "./field_mapping"
import { LargeSendCheck } from "./large_send"
import { Lead } from "./lead_batcher"
import { LeadDelivery } from "./lead_delivery"
import { LeadRecord } from "./marketo_types"
import { RunControl } from "./run_control"
import { RunReport } from "./run_report"

/**
 * Reads the query result of a request and hands each row on as a lead. On a hub that waits for the promises of row
 * callbacks, reading pauses while there is no room; on one that does not, the leads wait in memory.
 */
export class LeadReader {
  private mapping: FieldMapping | undefined
  /** Rows that came before the fields, on a hub that does not hold them back. */
  private early: Hub.JsonDetail.Row[] = []

  constructor(
    private readonly lookupField: string,
    private readonly run: RunControl,
    private readonly report: RunReport,
    private readonly delivery: LeadDelivery,
    private readonly largeSend: LargeSendCheck,
  ) {}

  /**
   * Resolves when the result has been read as far as it goes; a download that failed is entered into the report.
   * Throws MarketoSettingsError when the columns cannot work and no lead has been handed on.
   */
  async read(request: Hub.ActionRequest): Promise<void> {
    try {
      await request.streamJsonDetail({
        onFields: (fields) => this.receiveFields(fields),
        onRow: (row): Promise<void> | undefined => this.receiveRow(row),
      })
      if (this.mapping === undefined) {
        throw new MarketoSettingsError("The query result does not tell its fields, so that its columns cannot be " +
          "matched with Marketo fields. Send it in the format \"JSON - Detailed\".")
      }
    } catch (failure) {
      this.handleFailure(failure)
    }
  }

  private handleFailure(failure: unknown): void {
    if (failure instanceof RunStoppedError && this.run.stopReason !== undefined) {
      this.report.runErrors.push(`${this.run.stopReason.message} Reading ended after row ` +
        `${this.report.rows.received}; rows behind it were not sent.`)
      return
    }
    if (failure instanceof MarketoSettingsError && this.report.rows.received <= 1) {
      throw failure
    }
    const message = failure instanceof Error ? failure.message : String(failure)
    this.report.runErrors.push(`The query result could not be read to its end: ${message} ` +
      `${this.report.rows.received} rows had arrived and were processed.`)
  }

  private receiveFields(fields: ResultFields): void {
    this.mapping = FieldMapping.fromFields(fields, this.lookupField)
    const early = this.early
    this.early = []
    for (const row of early) {
      void this.receiveRow(row)
    }
  }

  private receiveRow(row: Hub.JsonDetail.Row): Promise<void> | undefined {
    if (this.mapping === undefined) {
      this.early.push(row)
      return undefined
    }
    const record = this.mapping.recordOf(row)
    this.report.rowReceived()
    this.largeSend.whileReading(this.report.rows.received)
    const { stopReason } = this.run
    const lookupValue = this.lookupValueOf(record)
    const name = lookupValue ?? `row ${this.report.rows.received}`
    if (stopReason !== undefined) {
      this.report.rowNotSent(stopReason.message, name)
      if (!stopReason.readOn) {
        this.run.check()
      }
      return undefined
    }
    if (lookupValue === undefined) {
      this.report.rowSkipped(`No value for the lookup field ${this.lookupField}`, name)
      return undefined
    }
    return this.delivery.add(this.leadOf(lookupValue, record))
  }

  private leadOf(lookupValue: string, record: LeadRecord): Lead {
    return { lookupValue, record: { ...record, [this.lookupField]: this.sentLookupValue(record) }, rows: 1 }
  }

  /** Marketo takes the id as a number, and blanks around other values would make another lead of it. */
  private sentLookupValue(record: LeadRecord): unknown {
    const value = record[this.lookupField]
    if (typeof value !== "string") {
      return value
    }
    const trimmed = value.trim()
    return this.lookupField === "id" && /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed
  }

  private lookupValueOf(record: LeadRecord): string | undefined {
    const value = record[this.lookupField]
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      return undefined
    }
    const text = String(value).trim()
    return text === "" ? undefined : text
  }
}
