import * as Hub from "../../../hub"
import { MarketoSettingsError } from "./errors"
import { LeadRecord } from "./marketo_types"

/** The tag that names the Marketo field a Looker field feeds: `marketo:<REST API name>`. */
const TAG = "marketo:"

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

/**
 * Which columns of a query result feed which Marketo fields, from the fields' LookML tags.
 * Built before a lead is sent; whatever cannot work is refused then.
 */
export class FieldMapping {
  /**
   * Reads the tags. Throws MarketoSettingsError when the lookup field is not in the query, when two columns feed one
   * Marketo field, when a tag names no field, and when a tagged measure is pivoted.
   */
  static fromFields(fields: ResultFields, lookupField: string): FieldMapping {
    const withCells = [fields.dimensions, fields.measures, fields.table_calculations]
      .reduce((all: Hub.Field[], list) => all.concat(list ?? []), [])
    const columns = withCells.map(mappedColumn).filter((column) => column.restNames.length > 0)

    const hasLookupField = columns.some((column) => column.restNames.includes(lookupField))
    if (!hasLookupField) {
      throw new MarketoSettingsError("Marketo Lookup Field for lead not present in query.", [{
        field: "lookupField",
        message: `No column of the query has the tag "${TAG}${lookupField}". Add the field with that tag to the ` +
          "query, or choose another lookup field.",
      }])
    }
    refusePivots(fields, columns)
    refuseDoubles(columns)
    return new FieldMapping(columns, lookupField)
  }

  private constructor(readonly columns: MappedColumn[], readonly lookupField: string) {}

  /**
   * The lead of one row: the raw value of each mapped cell. A cell that is missing leaves the field out; an empty
   * one clears it.
   */
  recordOf(row: Hub.JsonDetail.Row): LeadRecord {
    const record: LeadRecord = {}
    for (const column of this.columns) {
      const cell: unknown = row[column.name]
      if (cell === undefined) {
        continue
      }
      const value = cellValue(cell, column)
      for (const restName of column.restNames) {
        record[restName] = value
      }
    }
    return record
  }
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

function refusePivots(fields: ResultFields, columns: MappedColumn[]): void {
  if ((fields.pivots ?? []).length === 0) {
    return
  }
  const measures = (fields.measures ?? []).map((field) => field.name)
  const pivoted = columns.find((column) => measures.includes(column.name))
  if (pivoted !== undefined) {
    throw pivotRefusal(pivoted)
  }
}

function refuseDoubles(columns: MappedColumn[]): void {
  const owners = new Map<string, MappedColumn>()
  for (const column of columns) {
    for (const restName of column.restNames) {
      const owner = owners.get(restName)
      if (owner !== undefined) {
        throw new MarketoSettingsError(`The columns ${owner.label} and ${column.label} both have the tag ` +
          `"${TAG}${restName}", so that it is open which of them goes to Marketo. Remove one of them from the query, ` +
          "or change its tag.")
      }
      owners.set(restName, column)
    }
  }
}

function pivotRefusal(column: MappedColumn): MarketoSettingsError {
  return new MarketoSettingsError(`The column ${column.label} is pivoted: it has several values in each row, and a ` +
    "Marketo field takes one. Remove the pivot, or the column, from the query.")
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
    throw pivotRefusal(column)
  }
  return null
}
