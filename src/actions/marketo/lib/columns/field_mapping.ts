import * as Hub from "../../../../hub"
import { LeadRecord, LeadSchema } from "../api/types"
import { MarketoSettingsError } from "../errors"
import { UnknownFieldsError } from "../errors/unknown_fields_error"
import { EmptyCells, LongText } from "../settings/run_options"
import { anyValue, ConversionOptions, converterFor, lookupConverterFor } from "./lead_values"
import {
  ColumnProblem, doubleProblems, elsewhereProblems, inOneMessage, MISSING_LOOKUP_FIELD, missingLookupField, pairs,
  pivotProblem, pivotProblems,
} from "./mapping_problems"
import { MemberFieldChecks, MemberFields, memberProblems, withoutMemberFields } from "./member_fields"
import { SoapNames } from "./name_suggestions"
import { MappedColumn, MEMBER_PREFIX, readFields, ResultFields } from "./result_fields"
import { SchemaChecks } from "./schema_checks"
import { heldNumber } from "./value_types/inexact_number"
import { TimeZone, ZoneClock } from "./value_types/time_zone"
import { Converter, typeWord, ValueProblem, ValueProblemKind } from "./value_types/value_problem"

/** The conditions of a mapping besides the columns. */
export interface MappingOptions {
  lookupField: string
  emptyCells: EmptyCells
  longText: LongText
  /** True for a run that writes no fields of leads: those columns are passed over, whatever is wrong with them. */
  onlyLookupField?: boolean
  /** What becomes of columns that feed fields of program members; they are left out if absent. */
  memberFields?: MemberFields
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
  kind: ValueProblemKind
  isLookupValue: boolean
}

interface Target {
  restName: string
  convert: Converter
}

interface PreparedColumn extends MappedColumn {
  targets: Target[]
  memberTargets: Target[]
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
   * cannot be written; UnknownFieldsError when one of the lead does not exist.
   *
   * Hidden columns, of the model or of the visualization, are not sent. The one exception is a hidden column that is
   * the only one to feed the lookup field: it feeds that field, since no lead can be found without it.
   */
  static fromFields(fields: ResultFields, options: MappingOptions): FieldMapping {
    const { lookupField, schema, memberFields = { kind: "leftOut" } } = options
    const isMemberWritten = memberFields.kind === "written"
    const tagged = readFields(fields)
    const fieldsByKind = isMemberWritten ? tagged : withoutMemberFields(tagged)
    const hiddenNames = new Set(options.hiddenFields ?? [])
    const visible = withoutHidden(fieldsByKind.withCells.concat(fieldsByKind.pivots), hiddenNames, lookupField)
    const { columns, hidden } = options.onlyLookupField === true ?
      onlyFor(visible.columns, visible.hidden, lookupField) : visible
    const checks = schema === undefined ? undefined : new SchemaChecks(schema, options.soapNames)
    const memberChecks = memberFields.kind === "leftOut" || memberFields.schema === undefined ? undefined :
      new MemberFieldChecks(memberFields.schema, schema)

    const lookupProblem = missingLookupField(columns, lookupField)
    const unknown: ColumnProblem[] = []
    const others = pivotProblems(fieldsByKind, columns).concat(
      elsewhereProblems(fieldsByKind, hiddenNames, options.onlyLookupField === true), doubleProblems(columns))
    const ofMembers = memberChecks === undefined ? [] : memberProblems(columns, memberChecks)
    for (const { column, restName } of pairs(columns)) {
      const problem = restName === lookupField ? undefined : checks?.problemOf(restName)
      if (problem !== undefined) {
        (problem.kind === "unknown" ? unknown : others).push(() => `The column ${column.label} ${problem.describe()}`)
      }
    }
    const missing: ColumnProblem[] = lookupProblem === undefined ? [] :
      [() => `${MISSING_LOOKUP_FIELD} ${lookupProblem.message}`]
    const problems = missing.concat(unknown, ofMembers, others)
    if (problems.length > 0) {
      const validationErrors = lookupProblem === undefined ? [] : [lookupProblem]
      const message = inOneMessage(problems)
      throw unknown.length > 0 ? new UnknownFieldsError(message, validationErrors) :
        new MarketoSettingsError(message, validationErrors)
    }
    const leftOut = isMemberWritten ? [] : tagged.withCells.filter((column) =>
      column.memberNames.length > 0 && !column.isHidden && !hiddenNames.has(column.name))
    return new FieldMapping(columns.map((column) => prepared(column, options, checks, memberChecks)),
      { hidden, leftOut }, options, checks, memberChecks)
  }

  private readonly leavesEmpty: boolean

  private constructor(
    readonly columns: MappedColumn[],
    private readonly others: { hidden: MappedColumn[], leftOut: MappedColumn[] },
    private readonly options: MappingOptions,
    private readonly checks: SchemaChecks | undefined,
    private readonly memberChecks: MemberFieldChecks | undefined,
  ) {
    this.leavesEmpty = options.emptyCells === "leave"
  }

  /** Columns that would feed Marketo fields if they were not hidden. */
  get hidden(): MappedColumn[] {
    return this.others.hidden
  }

  /** Columns that feed fields of program members, in a run that does not write those. */
  get leftOut(): MappedColumn[] {
    return this.others.leftOut
  }

  /** True if a column feeds a field of program members that the run writes. */
  get writesMemberFields(): boolean {
    return this.columns.some(({ memberNames }) => memberNames.length > 0)
  }

  /** Columns that no row so far had a cell for. */
  get columnsWithoutCells(): MappedColumn[] {
    return (this.columns as PreparedColumn[]).filter((column) => !column.hasCells)
  }

  /**
   * The lead of one row: the converted value of each mapped cell. A cell that is missing leaves the field out; an
   * empty one clears it, or leaves it out as well. Values that cannot be converted are left out and put into
   * `problems`, those of program members into `memberValues`. Throws MarketoSettingsError for a cell with several
   * values of a pivot.
   */
  recordOf(row: Hub.JsonDetail.Row, problems: CellProblem[], memberValues: LeadRecord = {}): LeadRecord {
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
      const emptyLead = isEmpty && this.checks === undefined ? value : null
      for (const { restName, convert } of column.targets) {
        const converted = isEmpty ? emptyLead : convert(value)
        if (converted instanceof ValueProblem) {
          problems.push(problemOf(column, restName, value, converted, restName === this.options.lookupField))
        } else if (converted !== null || !this.leavesEmpty) {
          record[restName] = converted
        }
      }
      const emptyMember = isEmpty && this.memberChecks === undefined ? value : null
      for (const { restName, convert } of column.memberTargets) {
        const converted = isEmpty ? emptyMember : convert(value)
        if (converted instanceof ValueProblem) {
          problems.push(problemOf(column, MEMBER_PREFIX + restName, value, converted, false))
        } else if (converted !== null || !this.leavesEmpty) {
          memberValues[restName] = converted
        }
      }
    }
    return record
  }
}

function problemOf(
  column: MappedColumn, target: string, value: unknown, problem: ValueProblem, isLookupValue: boolean,
): CellProblem {
  return {
    reason: `Column ${column.label}: ${typeWord(value)} ${problem.wording} for ${target}`,
    kind: problem.kind,
    isLookupValue,
  }
}

function prepared(
  column: MappedColumn, options: MappingOptions, checks: SchemaChecks | undefined,
  memberChecks: MemberFieldChecks | undefined,
): PreparedColumn {
  const conversion: ConversionOptions = { zone: options.zone ?? TimeZone.utc, isCut: options.longText === "cut" }
  const targets = column.restNames.map((restName) => {
    const field = checks?.field(restName)
    const isLookupField = restName === options.lookupField
    const convert = isLookupField ? lookupConverterFor(restName, field, conversion) :
      field === undefined ? anyValue : converterFor(field, conversion)
    return { restName, convert }
  })
  const memberTargets = column.memberNames.map((restName) => {
    const field = memberChecks?.field(restName)
    return { restName, convert: field === undefined ? anyValue : converterFor(field, conversion) }
  })
  return { ...column, targets, memberTargets, hasCells: false }
}

/** Leaves of the columns what feeds the lookup field and fields of program members. */
function onlyFor(
  columns: MappedColumn[], hidden: MappedColumn[], lookupField: string,
): { columns: MappedColumn[], hidden: MappedColumn[] } {
  return {
    columns: columns
      .map((column) => ({ ...column, restNames: column.restNames.filter((name) => name === lookupField) }))
      .filter(({ restNames, memberNames }) => restNames.length + memberNames.length > 0),
    hidden: hidden.filter(({ memberNames }) => memberNames.length > 0),
  }
}

function withoutHidden(columns: MappedColumn[], hiddenNames: Set<string>, lookupField: string) {
  const isHidden = (column: MappedColumn) => column.isHidden || hiddenNames.has(column.name)
  const visible = columns.filter((column) => !isHidden(column))
  const hidden = columns.filter(isHidden)
  const feedsLookupField = (column: MappedColumn) => column.restNames.includes(lookupField)
  const lookupColumns = visible.some(feedsLookupField) ? [] : hidden.filter(feedsLookupField)
    .map((column): MappedColumn => ({ ...column, restNames: [lookupField], memberNames: [] }))
  const lookupNames = new Set(lookupColumns.map((column) => column.name))
  return {
    columns: lookupColumns.concat(visible),
    hidden: hidden.filter((column) => !lookupNames.has(column.name)),
  }
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
