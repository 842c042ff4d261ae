import * as winston from "winston"
import * as Hub from "../../../../hub"
import { LeadCalls } from "../api/lead_calls"
import { LeadRecord, LeadSchema } from "../api/types"
import { CellProblem, FieldMapping, MappingOptions } from "../columns/field_mapping"
import { feedsMemberFields } from "../columns/member_fields"
import { readQueryDetails } from "../columns/query_details"
import { QueryZone } from "../columns/query_zone"
import { ResultDetails } from "../columns/result_details"
import { NO_FIELDS, ResultFields } from "../columns/result_fields"
import { companyNote } from "../columns/schema_checks"
import { MarketoError, MarketoSettingsError, placeOf, RunStoppedError } from "../errors"
import { UnknownFieldsError } from "../errors/unknown_fields_error"
import { LargeSendCheck } from "../large_send"
import { memberValuesOf } from "../report/lead"
import { LeadName } from "../report/lead_groups"
import { RunReport } from "../report/run_report"
import { RunSettings } from "../settings/run_settings"
import { RunControl } from "../stopping/run_control"
import { listing } from "../words/listing"
import { sentence } from "../words/sentence"
import { Delivery } from "./delivery"

const NO_FAULT = Symbol("no fault")

/** Parts of the run that a reader works with. */
export interface LeadReaderParts {
  settings: Pick<RunSettings, "lookupField" | "emptyCells" | "longText" | "invalidValues" | "writesLeads">
  /** Absent when it may not be read: names and values then go unchecked. */
  schema?: LeadSchema
  leads: Pick<LeadCalls, "soapNames">
  /**
   * Reads the fields of program members, if the run adds leads to a program; resolves to undefined if they may not be
   * read. Throws as MarketoCaller.send does.
   */
  memberSchema?: () => Promise<LeadSchema | undefined>
  run: RunControl
  report: RunReport
  delivery: Pick<Delivery, "add">
  largeSend: Pick<LargeSendCheck, "whileReading">
}

/** What our hub's requests and their `streamJsonDetail` know, and upstream's do not. */
interface OwnHubRequest {
  stopSignal?: unknown
  canKeepNumberTexts?: boolean
}

/** The callbacks of both hubs. Upstream's passes over the last three. */
interface DetailCallbacks {
  onFields: (fields: Hub.Fieldset) => void
  onRow: (row: Hub.JsonDetail.Row) => void | Promise<void>
  onMember: (name: string, value: unknown) => void
  keepNumberTexts: boolean
  signal?: AbortSignal
}

/**
 * Reads the query result of a request and hands each row on as a lead. On a hub that waits for the promises of row
 * callbacks, reading pauses while there is no room; on one that does not, the leads wait in memory.
 */
export class LeadReader {
  private mapping: FieldMapping | undefined
  /** Under way while the fields of program members are read, and rows wait for it. */
  private beginning: Promise<void> | undefined
  /** What kept it from succeeding. */
  private beginningFault: unknown = NO_FAULT
  /** Rows that a stream still brings then are nobody's: the run has been accounted for. */
  private isOver = false
  /** An error that is neither Marketo's nor the download's. */
  private ownFault: unknown = NO_FAULT
  /** Rows that came before the fields, on a hub that does not hold them back. */
  private early: Hub.JsonDetail.Row[] = []
  /** Of the row at hand. */
  private readonly problems: CellProblem[] = []

  constructor(private readonly parts: LeadReaderParts) {}

  /**
   * Resolves when the result has been read as far as it goes; a download that failed is entered into the report.
   * Throws MarketoSettingsError if the columns cannot work and no lead has been handed on.
   */
  async read(request: Hub.ActionRequest): Promise<void> {
    const { settings, schema, run, report } = this.parts
    const query = readQueryDetails(request)
    const zone = new QueryZone(query.timeZone)
    const details = new ResultDetails(query.rowLimit)
    const { canKeepNumberTexts, stopSignal } = request as OwnHubRequest
    let options: MappingOptions = {
      ...settings, onlyLookupField: !settings.writesLeads, schema, zone, hiddenFields: query.hiddenFields,
      areNumberTextsKept: canKeepNumberTexts === true,
    }
    let received: ResultFields | undefined
    const callbacks: DetailCallbacks = {
      onFields: (fields) => {
        received = fields
        report.hasColumns = true
        const { memberSchema } = this.parts
        if (memberSchema === undefined || !feedsMemberFields(fields)) {
          this.startMapping(FieldMapping.fromFields(fields, options))
          return
        }
        this.begin(async () => {
          options = { ...options, memberFields: { kind: "written", schema: await memberSchema() } }
          return FieldMapping.fromFields(fields, options)
        })
      },
      onRow: (row): Promise<void> | undefined => this.receiveOrBlame(row),
      onMember: (name, value) => {
        if (name === "timezone") {
          this.noteFailure(zone.resultSays(value))
        } else {
          details.add(name, value)
        }
      },
      keepNumberTexts: true,
      signal: stopSignal as AbortSignal | undefined,
    }
    try {
      await run.orEndOfReading(request.streamJsonDetail(callbacks))
      // Without a row, and on a hub that does not wait for rows, nothing has waited for it yet.
      await run.orEndOfReading(this.beginning ?? Promise.resolve())
      if (this.mapping === undefined) {
        throw new MarketoSettingsError(NO_FIELDS)
      }
      report.hasReadAll = true
    } catch (failure) {
      if (failure instanceof UnknownFieldsError && received !== undefined) {
        // Only now are SOAP names worth a call: with them the refusal can say what was meant.
        FieldMapping.fromFields(received, { ...options, soapNames: await this.soapNames() })
      }
      this.handleFailure(failure)
    } finally {
      this.isOver = true
    }
    this.noteResult(zone, details)
  }

  /** Begins with a mapping that takes a call to Marketo; rows wait for it. */
  private begin(mapping: () => Promise<FieldMapping>): void {
    this.beginning = mapping().then((made) => {
      if (!this.isOver) {
        this.startMapping(made)
      }
    }).catch((failure: unknown) => {
      this.beginningFault = failure
      throw failure
    })
    // Whoever reads waits for it as well.
    this.beginning.catch(() => undefined)
  }

  private async soapNames(): Promise<Map<string, string>> {
    try {
      return await this.parts.leads.soapNames()
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
    const { readingStopReason } = run
    if (readingStopReason !== undefined) {
      report.runFailed(`${readingStopReason.message} Reading ended after row ` +
        `${report.rows.received}; the rows after it were not sent.`, readingStopReason.category)
      return
    }
    if (failure instanceof MarketoSettingsError && report.rows.received <= 1 || failure === this.beginningFault) {
      throw failure
    }
    if (failure === this.ownFault) {
      winston.error("Marketo: an unexpected error ended the reading of rows", { reason: "hub", at: placeOf(failure) })
      report.runFailed(`An unexpected error occurred in the Marketo action at row ${report.rows.received}; the rows ` +
        "after it were not sent.", "hub")
      return
    }
    const message = failure instanceof Error ? failure.message : String(failure)
    report.runFailed(`The query result could not be read to its end: ${sentence(message)} ` +
      `${report.rows.received} rows had arrived and were processed.`, "looker")
  }

  /** Notes what is to be said of the result and of how it was read. */
  private noteResult(zone: QueryZone, details: ResultDetails): void {
    const { report } = this.parts
    const { received } = report.rows
    report.cutOff = details.cutOff(received)
    report.notes.push(...details.notes(received))
    if (zone.note !== undefined && zone.wasUsed) {
      report.notes.push(zone.note)
    }
    const empty = received === 0 || this.mapping === undefined ? [] : this.mapping.columnsWithoutCells
    if (empty.length > 0) {
      report.notes.push("No row has anything in these columns, not even an empty cell, so nothing was sent for " +
        `them: ${listing(empty.map((column) => column.label))}.`)
    }
  }

  private noteFailure(message: string | undefined): void {
    if (message !== undefined) {
      this.parts.report.runFailed(message, "query")
    }
  }

  private startMapping(mapping: FieldMapping): void {
    this.mapping = mapping
    const { notes } = this.parts.report
    if (mapping.hidden.length > 0) {
      notes.push(`Hidden columns were not sent: ${listing(mapping.hidden.map((column) => column.label))}.`)
    }
    if (mapping.leftOut.length > 0) {
      notes.push("Columns for fields of program members were not sent, since the additional action is not to add to " +
        `a program: ${listing(mapping.leftOut.map((column) => column.label))}.`)
    }
    this.parts.report.writesMemberFields = mapping.writesMemberFields
    const aboutCompany = companyNote(mapping.columns)
    if (aboutCompany !== undefined) {
      notes.push(aboutCompany)
    }
    const early = this.early
    this.early = []
    for (const row of early) {
      void this.receiveRow(row)
    }
  }

  /** Remembers an error of ours, which would look like one of the download. */
  private receiveOrBlame(row: Hub.JsonDetail.Row): Promise<void> | undefined {
    try {
      return this.receiveRow(row)
    } catch (failure) {
      if (!(failure instanceof MarketoSettingsError || failure instanceof RunStoppedError)) {
        this.ownFault = failure
      }
      throw failure
    }
  }

  private receiveRow(row: Hub.JsonDetail.Row): Promise<void> | undefined {
    if (this.isOver) {
      throw new RunStoppedError("Reading is over.")
    }
    if (this.mapping === undefined) {
      this.early.push(row)
      return this.beginning
    }
    const { run, report, settings, largeSend, delivery } = this.parts
    this.problems.length = 0
    const oddKind = kindOfOddRow(row)
    const memberValues: LeadRecord = {}
    const record = oddKind === undefined ? this.mapping.recordOf(row, this.problems, memberValues) : {}
    report.rowReceived()
    largeSend.whileReading(report.rows.received)
    const { stopReason, readingStopReason } = run
    const lookupValue = this.lookupValueOf(record)
    const name = lookupValue ?? report.rows.received
    if (stopReason !== undefined) {
      report.rowNotSent(stopReason.message, name)
      if (readingStopReason !== undefined) {
        throw new RunStoppedError(readingStopReason.message)
      }
      return undefined
    }
    if (oddKind !== undefined) {
      report.rowSkipped(`In the place of a row, the query result has ${oddKind}`, name)
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
    const rowNumber = report.rows.received
    const member = memberValuesOf(memberValues)
    const lead = { lookupValue, record, rows: [rowNumber], ...(member === undefined ? {} : { member }) }
    return delivery.add(this.problems.length === 0 ? lead : {
      ...lead, leftOut: [{ row: rowNumber, values: this.problems.map((problem) => problem.reason).join("; ") }],
    })
  }

  /** Enters the row's problems into the report; returns false if the row is not to be sent with them. */
  private passesProblems(name: LeadName): boolean {
    const { report, settings } = this.parts
    if (settings.invalidValues === "skipRow") {
      report.rowSkipped(this.problems.map((problem) => problem.reason), name)
      return false
    }
    for (const { reason, kind } of this.problems) {
      report.valueLeftOut(reason, report.rows.received, kind)
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

/** What stands in the place of a row, in words; undefined for a row. */
function kindOfOddRow(row: unknown): string | undefined {
  if (typeof row === "object" && row !== null && !Array.isArray(row)) {
    return undefined
  }
  return row === null ? "null" : Array.isArray(row) ? "a list" : `a ${typeof row}`
}
