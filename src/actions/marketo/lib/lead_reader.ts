import * as winston from "winston"
import * as Hub from "../../../hub"
import { MarketoError, MarketoSettingsError, RunStoppedError } from "./errors"
import { CellProblem, FieldMapping, MappingOptions, ResultFields } from "./field_mapping"
import { LargeSendCheck } from "./large_send"
import { LeadDelivery } from "./lead_delivery"
import { MarketoClient } from "./marketo_client"
import { LeadRecord, LeadSchema } from "./marketo_types"
import { readQueryDetails } from "./query_details"
import { RunControl } from "./run_control"
import { RunReport } from "./run_report"
import { RunSettings } from "./run_settings"
import { companyNote } from "./schema_checks"
import { UnknownFieldsError } from "./unknown_fields_error"

/** What a reader works with. */
export interface LeadReaderParts {
  settings: Pick<RunSettings, "lookupField" | "emptyCells" | "longText" | "invalidValues">
  /** Absent when it may not be read: names and values then go unchecked. */
  schema?: LeadSchema
  client: Pick<MarketoClient, "soapNames">
  run: RunControl
  report: RunReport
  delivery: Pick<LeadDelivery, "add">
  largeSend: Pick<LargeSendCheck, "whileReading">
}

/**
 * Reads the query result of a request and hands each row on as a lead. On a hub that waits for the promises of row
 * callbacks, reading pauses while there is no room; on one that does not, the leads wait in memory.
 */
export class LeadReader {
  private mapping: FieldMapping | undefined
  /** Rows that came before the fields, on a hub that does not hold them back. */
  private early: Hub.JsonDetail.Row[] = []
  /** Of the row at hand. */
  private readonly problems: CellProblem[] = []

  constructor(private readonly parts: LeadReaderParts) {}

  /**
   * Resolves when the result has been read as far as it goes; a download that failed is entered into the report.
   * Throws MarketoSettingsError when the columns cannot work and no lead has been handed on.
   */
  async read(request: Hub.ActionRequest): Promise<void> {
    const { settings, schema } = this.parts
    const query = readQueryDetails(request)
    const options: MappingOptions = { ...settings, schema, zone: query.zone, hiddenFields: query.hiddenFields }
    let received: ResultFields | undefined
    try {
      await request.streamJsonDetail({
        onFields: (fields) => {
          received = fields
          this.startMapping(FieldMapping.fromFields(fields, options), query.zoneNote)
        },
        onRow: (row): Promise<void> | undefined => this.receiveRow(row),
      })
      if (this.mapping === undefined) {
        throw new MarketoSettingsError("The query result does not tell its fields, so that its columns cannot be " +
          "matched with Marketo fields. Send it in the format \"JSON - Detailed\".")
      }
    } catch (failure) {
      if (failure instanceof UnknownFieldsError && received !== undefined) {
        // Only now are SOAP names worth a call: with them the refusal can say what was meant.
        FieldMapping.fromFields(received, { ...options, soapNames: await this.soapNames() })
      }
      this.handleFailure(failure)
    }
  }

  private async soapNames(): Promise<Map<string, string>> {
    try {
      return await this.parts.client.soapNames()
    } catch (failure) {
      if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
        winston.info(`Marketo: SOAP names could not be read for suggestions: ${failure.message}`)
        return new Map<string, string>()
      }
      throw failure
    }
  }

  private handleFailure(failure: unknown): void {
    const { run, report } = this.parts
    if (failure instanceof RunStoppedError && run.stopReason !== undefined) {
      report.runErrors.push(`${run.stopReason.message} Reading ended after row ` +
        `${report.rows.received}; rows behind it were not sent.`)
      return
    }
    if (failure instanceof MarketoSettingsError && report.rows.received <= 1) {
      throw failure
    }
    const message = failure instanceof Error ? failure.message : String(failure)
    report.runErrors.push(`The query result could not be read to its end: ${message} ` +
      `${report.rows.received} rows had arrived and were processed.`)
  }

  private startMapping(mapping: FieldMapping, zoneNote: string | undefined): void {
    this.mapping = mapping
    const { notes } = this.parts.report
    if (mapping.hidden.length > 0) {
      const labels = mapping.hidden.map((column) => column.label).join(", ")
      notes.push(`Hidden columns were not sent: ${labels}.`)
    }
    const aboutCompany = companyNote(mapping.columns)
    if (aboutCompany !== undefined) {
      notes.push(aboutCompany)
    }
    if (zoneNote !== undefined && mapping.hasTimes) {
      notes.push(zoneNote)
    }
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
    const { run, report, settings, largeSend, delivery } = this.parts
    this.problems.length = 0
    const record = this.mapping.recordOf(row, this.problems)
    report.rowReceived()
    largeSend.whileReading(report.rows.received)
    const { stopReason } = run
    const lookupValue = this.lookupValueOf(record)
    const name = lookupValue ?? `row ${report.rows.received}`
    if (stopReason !== undefined) {
      report.rowNotSent(stopReason.message, name)
      if (!stopReason.readOn) {
        run.check()
      }
      return undefined
    }
    if (lookupValue === undefined) {
      const problem = this.problems.find((each) => each.isLookupValue)
      report.rowSkipped(problem?.reason ?? `No value for the lookup field ${settings.lookupField}`, name)
      return undefined
    }
    if (this.problems.length > 0 && !this.passesProblems(name)) {
      return undefined
    }
    return delivery.add({ lookupValue, record, rows: 1 })
  }

  /** Enters the row's problems into the report; false when the row is not to be sent with them. */
  private passesProblems(name: string): boolean {
    const { report, settings } = this.parts
    if (settings.invalidValues === "skipRow") {
      report.rowSkipped(this.problems.map((problem) => problem.reason), name)
      return false
    }
    for (const { reason } of this.problems) {
      report.valueLeftOut(reason, report.rows.received)
    }
    return true
  }

  private lookupValueOf(record: LeadRecord): string | undefined {
    const value = record[this.parts.settings.lookupField]
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      return undefined
    }
    const text = String(value).trim()
    return text === "" ? undefined : text
  }
}
