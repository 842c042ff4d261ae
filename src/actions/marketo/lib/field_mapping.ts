import * as Hub from "../../../hub"
import { MarketoSettingsError, SettingProblem } from "./errors"
import { anyValue, ConversionOptions, converterFor, lookupConverterFor } from "./lead_values"
import { LeadRecord, LeadSchema } from "./marketo_types"
import { SoapNames } from "./name_suggestions"
import { EmptyCells, LongText } from "./run_options"
import { SchemaChecks } from "./schema_checks"
import { UnknownFieldsError } from "./unknown_fields_error"
import { TimeZone } from "./value_types/time_zone"
import { Converter, typeWord, ValueProblem } from "./value_types/value_problem"

/** The tag that names the Marketo field a Looker field feeds: `marketo:<REST API name>`. */
const TAG = "marketo:"

/** Problems told in one message; the next ones come when these are solved. */
const MOST_PROBLEMS = 10

/** A Looker field and the Marketo fields it feeds. */
export interface MappedColumn {
  /** Looker's name, such as `users.email`. */
  name: string
  /** What the user sees. */
  label: string
  restNames: string[]
}

/** The fields of a query result, with what the type of upstream's hub leaves out. */
export type ResultFields = Hub.Fieldset & { pivots?: Hub.Field[] | null }

/** What a mapping depends on beside the columns. */
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
  zone?: TimeZone
}

/** A value of a row that its Marketo field does not take. */
export interface CellProblem {
  /** Column, type of the value, and why; never the value itself. */
  reason: string
  isLookupValue: boolean
}

interface Target {
  restName: string
  convert: Converter
}

interface PreparedColumn extends MappedColumn {
  targets: Target[]
}

/**
 * Which columns of a query result feed which Marketo fields, from the fields' LookML tags, and how their values are
 * converted. Built before a lead is sent; whatever cannot work is refused then.
 */
export class FieldMapping {
  /**
   * Reads the tags. Throws MarketoSettingsError, with all that is wrong, when the lookup field is not in the query,
   * when two columns feed one Marketo field, when a tag names no field, when a tagged measure is pivoted, and, if the
   * schema is known, when a field cannot be written; UnknownFieldsError when one does not exist.
   *
   * Hidden columns, of the model or of the visualization, are not sent. The one exception is a hidden column that is
   * the only one to feed the lookup field: it feeds that field, since no lead can be found without it.
   */
  static fromFields(fields: ResultFields, options: MappingOptions): FieldMapping {
    const { lookupField, schema } = options
    const withCells = [fields.dimensions, fields.measures, fields.table_calculations]
      .reduce((all: Hub.Field[], list) => all.concat(list ?? []), [])
    const tagged = withCells.map((field) => mappedColumn(field)).filter((column) => column.restNames.length > 0)
    const hiddenNames = new Set(options.hiddenFields ?? [])
    for (const field of withCells) {
      if (field.hidden === true) {
        hiddenNames.add(field.name)
      }
    }
    const { columns, hidden } = withoutHidden(tagged, hiddenNames, lookupField)
    const checks = schema === undefined ? undefined : new SchemaChecks(schema, options.soapNames)

    const lookupProblem = missingLookupField(columns, lookupField)
    const unknown: string[] = []
    const others = pivotProblems(fields, columns).concat(doubleProblems(columns))
    for (const { column, restName } of pairs(columns)) {
      const problem = restName === lookupField ? undefined : checks?.problemOf(restName)
      if (problem !== undefined) {
        (problem.kind === "unknown" ? unknown : others).push(`The column ${column.label} ${problem.message}`)
      }
    }
    const messages = (lookupProblem === undefined ? [] : [MISSING_LOOKUP_FIELD]).concat(unknown, others)
    if (messages.length > 0) {
      const validationErrors = lookupProblem === undefined ? [] : [lookupProblem]
      const message = inOneMessage(messages)
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

  /** Whether values are converted that depend on the query's time zone. */
  get hasTimes(): boolean {
    return pairs(this.columns).some(({ restName }) => this.checks?.field(restName)?.dataType === "datetime")
  }

  /**
   * The lead of one row: the converted value of each mapped cell. A cell that is missing leaves the field out; an
   * empty one clears it, or leaves it out as well. Values that cannot be converted are left out and put into
   * `problems`. Throws MarketoSettingsError for a cell with several values of a pivot.
   */
  recordOf(row: Hub.JsonDetail.Row, problems: CellProblem[]): LeadRecord {
    const record: LeadRecord = {}
    for (const column of this.columns as PreparedColumn[]) {
      const cell: unknown = row[column.name]
      if (cell === undefined) {
        continue
      }
      const value = cellValue(cell, column)
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
  return { ...column, targets }
}

function mappedColumn(field: Hub.Field): MappedColumn {
  const restNames: string[] = []
  for (const tag of field.tags ?? []) {
    if (!tag.startsWith(TAG)) {
      continue
    }
    const restName = tag.split(TAG)[1].trim()
    if (restName === "") {
      throw new MarketoSettingsError(`The tag "${tag}" of ${describeField(field)} names no Marketo field. ` +
        `Write the field's REST API name behind the colon, such as "${TAG}firstName".`)
    }
    if (!restNames.includes(restName)) {
      restNames.push(restName)
    }
  }
  return { name: field.name, label: describeField(field), restNames }
}

function describeField(field: Hub.Field): string {
  return field.label === undefined || field.label === "" ? field.name : `"${field.label}" (${field.name})`
}

function withoutHidden(columns: MappedColumn[], hiddenNames: Set<string>, lookupField: string) {
  const visible = columns.filter((column) => !hiddenNames.has(column.name))
  const hidden = columns.filter((column) => hiddenNames.has(column.name))
  const feedsLookupField = (column: MappedColumn) => column.restNames.includes(lookupField)
  const lookupColumns = visible.some(feedsLookupField) ? [] : hidden.filter(feedsLookupField)
    .map((column) => ({ ...column, restNames: [lookupField] }))
  return {
    columns: lookupColumns.concat(visible),
    hidden: hidden.filter((column) => !lookupColumns.some((each) => each.name === column.name)),
  }
}

function missingLookupField(columns: MappedColumn[], lookupField: string): SettingProblem | undefined {
  return columns.some((column) => column.restNames.includes(lookupField)) ? undefined : {
    field: "lookupField",
    message: `No column of the query has the tag "${TAG}${lookupField}". Add the field with that tag to the ` +
      "query, or choose another lookup field.",
  }
}

function pivotProblems(fields: ResultFields, columns: MappedColumn[]): string[] {
  if ((fields.pivots ?? []).length === 0) {
    return []
  }
  const measures = (fields.measures ?? []).map((field) => field.name)
  return columns.filter((column) => measures.includes(column.name)).map(pivotProblem)
}

function doubleProblems(columns: MappedColumn[]): string[] {
  const owners = new Map<string, MappedColumn>()
  const problems: string[] = []
  for (const { column, restName } of pairs(columns)) {
    const owner = owners.get(restName)
    if (owner !== undefined) {
      problems.push(`The columns ${owner.label} and ${column.label} both have the tag ` +
        `"${TAG}${restName}", so that it is open which of them goes to Marketo. Remove one of them from the query, ` +
        "or change its tag.")
    }
    owners.set(restName, column)
  }
  return problems
}

function pairs(columns: MappedColumn[]): Array<{ column: MappedColumn, restName: string }> {
  return columns.reduce((all: Array<{ column: MappedColumn, restName: string }>, column) =>
    all.concat(column.restNames.map((restName) => ({ column, restName }))), [])
}

function inOneMessage(messages: string[]): string {
  const left = messages.length - MOST_PROBLEMS
  return messages.slice(0, MOST_PROBLEMS).join(" ") + (left > 0 ? ` There are ${left} more problems of this kind.` : "")
}

function pivotProblem(column: MappedColumn): string {
  return `The column ${column.label} is pivoted: it has several values in each row, and a Marketo field takes one. ` +
    "Remove the pivot, or the column, from the query."
}

/** The raw value of a cell. Throws MarketoSettingsError for the several values of a pivoted cell. */
function cellValue(cell: unknown, column: MappedColumn): unknown {
  if (typeof cell !== "object" || cell === null) {
    return cell
  }
  if ("value" in cell) {
    return (cell as Hub.JsonDetail.Cell).value ?? null
  }
  const parts = Object.values(cell)
  if (parts.some((part) => typeof part === "object" && part !== null)) {
    throw new MarketoSettingsError(pivotProblem(column))
  }
  return null
}
