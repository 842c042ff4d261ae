import * as Hub from "../../../../hub"
import { LeadRecord, LeadSchema } from "../api/types"
import { MarketoSettingsError, SettingProblem } from "../errors"
import { UnknownFieldsError } from "../errors/unknown_fields_error"
import { EmptyCells, LongText } from "../settings/run_options"
import { anyValue, ConversionOptions, converterFor, lookupConverterFor } from "./lead_values"
import { SoapNames } from "./name_suggestions"
import { MappedColumn, readFields, ResultFields, TAG, TaggedColumns } from "./result_fields"
import { SchemaChecks } from "./schema_checks"
import { heldNumber } from "./value_types/inexact_number"
import { TimeZone, ZoneClock } from "./value_types/time_zone"
import { Converter, typeWord, ValueProblem } from "./value_types/value_problem"

/** Problems told in one message; the next ones come when these are solved. */
const MOST_PROBLEMS = 10

/** The conditions of a mapping besides the columns. */
export interface MappingOptions {
  lookupField: string
  emptyCells: EmptyCells
  longText: LongText
  /** Without it, names are not checked and values stay as they are. */
  schema?: LeadSchema
  soapNames?: SoapNames
  /** Names of the columns that the query's visualization hides. */
  hiddenFields?: string[]
  /** Zone of the result's dates and times; UTC when absent. */
  zone?: ZoneClock
  /** True if the hub puts the texts of numbers into cells that JavaScript may not hold. */
  areNumberTextsKept?: boolean
}

/** A value of a row that its Marketo field does not take. */
export interface CellProblem {
  /** Column, type of the value, and why; never the value itself. */
  reason: string
  isLookupValue: boolean
}

/** Says what is wrong. Of a wide result there may be very many, and only the first are told. */
type ColumnProblem = () => string

interface Target {
  restName: string
  convert: Converter
}

interface PreparedColumn extends MappedColumn {
  targets: Target[]
  /** True if a row had a cell for it. */
  hasCells: boolean
}

/**
 * Knows which columns of a query result feed which Marketo fields, from the fields' LookML tags, and how their values
 * are converted. Built before a lead is sent; whatever cannot work is refused then.
 */
export class FieldMapping {
  /**
   * Reads the tags. Throws MarketoSettingsError, with all that is wrong, when the lookup field is not in the query,
   * when two columns feed one Marketo field, when a tag names no field, when a tagged field has no single value in
   * each row (pivots and what is pivoted), when the fields are malformed, and, if the schema is known, when a field
   * cannot be written; UnknownFieldsError when one does not exist.
   *
   * Hidden columns, of the model or of the visualization, are not sent. The one exception is a hidden column that is
   * the only one to feed the lookup field: it feeds that field, since no lead can be found without it.
   */
  static fromFields(fields: ResultFields, options: MappingOptions): FieldMapping {
    const { lookupField, schema } = options
    const fieldsByKind = readFields(fields)
    const hiddenNames = new Set(options.hiddenFields ?? [])
    const { columns, hidden } = withoutHidden(
      fieldsByKind.withCells.concat(fieldsByKind.pivots), hiddenNames, lookupField)
    const checks = schema === undefined ? undefined : new SchemaChecks(schema, options.soapNames)

    const lookupProblem = missingLookupField(columns, lookupField)
    const unknown: ColumnProblem[] = []
    const others = pivotProblems(fieldsByKind, columns).concat(
      elsewhereProblems(fieldsByKind, hiddenNames), doubleProblems(columns))
    for (const { column, restName } of pairs(columns)) {
      const problem = restName === lookupField ? undefined : checks?.problemOf(restName)
      if (problem !== undefined) {
        (problem.kind === "unknown" ? unknown : others).push(() => `The column ${column.label} ${problem.describe()}`)
      }
    }
    const missing: ColumnProblem[] = lookupProblem === undefined ? [] : [() => MISSING_LOOKUP_FIELD]
    const problems = missing.concat(unknown, others)
    if (problems.length > 0) {
      const validationErrors = lookupProblem === undefined ? [] : [lookupProblem]
      const message = inOneMessage(problems)
      throw unknown.length > 0 ? new UnknownFieldsError(message, validationErrors) :
        new MarketoSettingsError(message, validationErrors)
    }
    return new FieldMapping(columns.map((column) => prepared(column, options, checks)), hidden, options, checks)
  }

  private readonly leavesEmpty: boolean

  private constructor(
    readonly columns: MappedColumn[],
    /** Columns that would feed Marketo fields if they were not hidden. */
    readonly hidden: MappedColumn[],
    private readonly options: MappingOptions,
    private readonly checks: SchemaChecks | undefined,
  ) {
    this.leavesEmpty = options.emptyCells === "leave"
  }

  /** Columns that no row so far had a cell for. */
  get columnsWithoutCells(): MappedColumn[] {
    return (this.columns as PreparedColumn[]).filter((column) => !column.hasCells)
  }

  /**
   * The lead of one row: the converted value of each mapped cell. A cell that is missing leaves the field out; an
   * empty one clears it, or leaves it out as well. Values that cannot be converted are left out and put into
   * `problems`. Throws MarketoSettingsError for a cell with several values of a pivot.
   */
  recordOf(row: Hub.JsonDetail.Row, problems: CellProblem[]): LeadRecord {
    const record: LeadRecord = {}
    for (const column of this.columns as PreparedColumn[]) {
      // A column may be named as a member that every object inherits, such as "constructor".
      const cell: unknown = Object.prototype.hasOwnProperty.call(row, column.name) ? row[column.name] : undefined
      if (cell === undefined) {
        continue
      }
      column.hasCells = true
      const value = cellValue(cell, column, this.options.areNumberTextsKept === true)
      const isEmpty = value === null || value === ""
      if (isEmpty && this.leavesEmpty) {
        continue
      }
      for (const { restName, convert } of column.targets) {
        const converted = isEmpty && this.checks !== undefined ? null : isEmpty ? value : convert(value)
        if (converted instanceof ValueProblem) {
          problems.push(this.problemOf(column, restName, value, converted))
        } else if (converted !== null || !this.leavesEmpty) {
          record[restName] = converted
        }
      }
    }
    return record
  }

  private problemOf(column: MappedColumn, restName: string, value: unknown, problem: ValueProblem): CellProblem {
    return {
      reason: `Column ${column.label}: ${typeWord(value)} ${problem.wording} for ${restName}`,
      isLookupValue: restName === this.options.lookupField,
    }
  }
}

const MISSING_LOOKUP_FIELD = "Marketo Lookup Field for lead not present in query."

function prepared(column: MappedColumn, options: MappingOptions, checks: SchemaChecks | undefined): PreparedColumn {
  const conversion: ConversionOptions = { zone: options.zone ?? TimeZone.utc, isCut: options.longText === "cut" }
  const targets = column.restNames.map((restName) => {
    const field = checks?.field(restName)
    const isLookupField = restName === options.lookupField
    const convert = isLookupField ? lookupConverterFor(restName, field, conversion) :
      field === undefined ? anyValue : converterFor(field, conversion)
    return { restName, convert }
  })
  return { ...column, targets, hasCells: false }
}

function withoutHidden(columns: MappedColumn[], hiddenNames: Set<string>, lookupField: string) {
  const isHidden = (column: MappedColumn) => column.isHidden || hiddenNames.has(column.name)
  const visible = columns.filter((column) => !isHidden(column))
  const hidden = columns.filter(isHidden)
  const feedsLookupField = (column: MappedColumn) => column.restNames.includes(lookupField)
  const lookupColumns = visible.some(feedsLookupField) ? [] : hidden.filter(feedsLookupField)
    .map((column) => ({ ...column, restNames: [lookupField] }))
  const lookupNames = new Set(lookupColumns.map((column) => column.name))
  return {
    columns: lookupColumns.concat(visible),
    hidden: hidden.filter((column) => !lookupNames.has(column.name)),
  }
}

function missingLookupField(columns: MappedColumn[], lookupField: string): SettingProblem | undefined {
  return columns.some((column) => column.restNames.includes(lookupField)) ? undefined : {
    field: "lookupField",
    message: `No column of the query has the tag "${TAG}${lookupField}". Add the field with that tag to the ` +
      "query, or choose another lookup field.",
  }
}

function pivotProblems(
  { pivots, isPivoted, measureNames }: TaggedColumns, columns: MappedColumn[],
): ColumnProblem[] {
  const pivotNames = new Set(pivots.map((pivot) => pivot.name))
  const pivoted = columns.filter((column) => isPivoted && measureNames.has(column.name))
  return pivoted.map((column): ColumnProblem => () => pivotProblem(column)).concat(
    columns.filter((column) => pivotNames.has(column.name)).map((column): ColumnProblem => () =>
      `The column ${column.label} is the query's pivot: its values head other columns, and no row has one. Remove ` +
        "the pivot, or the tag."))
}

function elsewhereProblems({ elsewhere }: TaggedColumns, hiddenNames: Set<string>): ColumnProblem[] {
  const shown = elsewhere.filter(({ column }) => !column.isHidden && !hiddenNames.has(column.name))
  return shown.map(({ column, list }) => () =>
    `The column ${column.label} has the tag "${TAG}${column.restNames[0]}", but stands among the "${list}" of the ` +
      "query result, which have no values that can be sent. Make it a dimension, a measure or a table calculation of " +
      "the query, or remove the tag.")
}

function doubleProblems(columns: MappedColumn[]): ColumnProblem[] {
  const owners = new Map<string, MappedColumn>()
  const problems: ColumnProblem[] = []
  for (const { column, restName } of pairs(columns)) {
    const owner = owners.get(restName)
    if (owner !== undefined) {
      problems.push(() => `The columns ${owner.label} and ${column.label} both have the tag ` +
        `"${TAG}${restName}", so it is unclear which one to send. Remove one of them from the query, ` +
        "or change its tag.")
    }
    owners.set(restName, column)
  }
  return problems
}

function pairs(columns: MappedColumn[]): { column: MappedColumn, restName: string }[] {
  const all: { column: MappedColumn, restName: string }[] = []
  for (const column of columns) {
    for (const restName of column.restNames) {
      all.push({ column, restName })
    }
  }
  return all
}

function inOneMessage(problems: ColumnProblem[]): string {
  const left = problems.length - MOST_PROBLEMS
  return problems.slice(0, MOST_PROBLEMS).map((describe) => describe()).join(" ") +
    (left > 0 ? ` There are ${left} more problems of this kind.` : "")
}

function pivotProblem(column: MappedColumn): string {
  return `The column ${column.label} is pivoted: it has several values in each row, and a Marketo field takes one. ` +
    "Remove the pivot, or the column, from the query."
}

/**
 * The raw value of a cell, and InexactNumber for a number that is not the result's. Throws MarketoSettingsError for the
 * several values of a pivoted cell.
 */
function cellValue(cell: unknown, column: MappedColumn, areNumberTextsKept: boolean): unknown {
  if (typeof cell === "number") {
    return heldNumber(cell, undefined, false)
  }
  if (typeof cell !== "object" || cell === null || Array.isArray(cell)) {
    return cell
  }
  if ("value" in cell) {
    const { value, source } = cell as { value: unknown, source?: unknown }
    return typeof value === "number" ? heldNumber(value, source, areNumberTextsKept) : value ?? null
  }
  const parts = Object.values(cell)
  if (parts.some((part) => typeof part === "object" && part !== null)) {
    throw new MarketoSettingsError(pivotProblem(column))
  }
  return null
}
