import * as Hub from "../../../../hub"
import { MarketoSettingsError } from "../errors"

/** The tag that names the Marketo field a Looker field feeds: `marketo:<REST API name>`. */
export const TAG = "marketo:"

/** Begins the rest of a tag that names a field of the program member instead of one of the lead. */
export const MEMBER_PREFIX = "program."

/** The fields of a query result, with what the type of upstream's hub leaves out. */
export type ResultFields = Hub.Fieldset & { pivots?: Hub.Field[] | null }

/** A Looker field and the Marketo fields it feeds. */
export interface MappedColumn {
  /** Looker's name, such as `users.email`. */
  name: string
  /** The label that the user sees. */
  label: string
  restNames: string[]
  /** REST API names of the fields of program members that it feeds. */
  memberNames: string[]
  /** True if the model hides it. */
  isHidden: boolean
}

/** A column, and the list of the result's fields that it stands in. */
export interface ListedColumn {
  column: MappedColumn
  list: string
}

/** The tagged fields of a result, by what its rows have of them. */
export interface TaggedColumns {
  /** Fields with a cell in each row. */
  withCells: MappedColumn[]
  /** Fields by which the query is pivoted: their values are in the heads of columns, and not in the rows. */
  pivots: MappedColumn[]
  /** Fields in lists that are not known to have cells, with the list's name. */
  elsewhere: ListedColumn[]
  isPivoted: boolean
  measureNames: Set<string>
}

export const NO_FIELDS = "The query result has no field list, so its columns cannot be " +
  "matched with Marketo fields. Send it in the format \"JSON - Detailed\"."

const LISTS_WITH_CELLS = ["dimensions", "measures", "table_calculations"]
/** Fields that restrict the query, and have no values of its own to send. */
const LISTS_OF_RESTRICTIONS = ["filters", "parameters"]

/**
 * Reads the `fields` of a result. Throws MarketoSettingsError when they are none, when a list of them is no list, when
 * a field has no name or tags that are no list, and when a tag names no Marketo field.
 */
export function readFields(fields: unknown): TaggedColumns {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new MarketoSettingsError(NO_FIELDS)
  }
  const lists = fields as { [list: string]: unknown }
  const fieldsWithCells = LISTS_WITH_CELLS.reduce((all: Hub.Field[], list) => all.concat(fieldsOf(lists, list)), [])
  const pivotFields = fieldsOf(lists, "pivots")
  const known = new Set(fieldsWithCells.map((field) => field.name))
  const pivots = tagged(pivotFields.filter((field) => !known.has(field.name)))
  pivotFields.forEach((field) => known.add(field.name))
  const elsewhere: ListedColumn[] = []
  for (const list of Object.keys(lists)) {
    const others = lists[list]
    if (![...LISTS_WITH_CELLS, ...LISTS_OF_RESTRICTIONS, "pivots"].includes(list) && Array.isArray(others)) {
      tagged(others.filter(isField).filter((field) => !known.has(field.name))).forEach((column) => {
        known.add(column.name)
        elsewhere.push({ column, list })
      })
    }
  }
  return {
    withCells: tagged(fieldsWithCells), pivots, elsewhere,
    isPivoted: pivotFields.length > 0,
    measureNames: new Set(fieldsOf(lists, "measures").map((field) => field.name)),
  }
}

function fieldsOf(lists: { [list: string]: unknown }, list: string): Hub.Field[] {
  const fields = lists[list] ?? []
  if (!Array.isArray(fields)) {
    throw new MarketoSettingsError(`The "${list}" of the query result are not a list of fields, so its columns ` +
      "cannot be matched with Marketo fields.")
  }
  return fields.map((field: unknown, index) => {
    if (!isField(field)) {
      throw new MarketoSettingsError(`Number ${index + 1} of the "${list}" of the query result has no name, so ` +
        "it cannot be matched with a Marketo field.")
    }
    return field
  })
}

function isField(field: unknown): field is Hub.Field {
  return typeof field === "object" && field !== null && typeof (field as { name?: unknown }).name === "string"
}

function tagged(fields: Hub.Field[]): MappedColumn[] {
  return fields.map((field) => mappedColumn(field))
    .filter(({ restNames, memberNames }) => restNames.length + memberNames.length > 0)
}

function mappedColumn(field: Hub.Field): MappedColumn {
  const restNames = new Set<string>()
  const memberNames = new Set<string>()
  const tags: unknown = field.tags ?? []
  if (!Array.isArray(tags)) {
    throw new MarketoSettingsError(`The tags of ${describeField(field)} are not a list in the query result, so ` +
      "it cannot be matched with a Marketo field.")
  }
  for (const tag of tags) {
    if (typeof tag !== "string" || !tag.startsWith(TAG)) {
      continue
    }
    const restName = tag.split(TAG)[1].trim()
    if (restName === "") {
      throw new MarketoSettingsError(`The tag "${tag}" of ${describeField(field)} names no Marketo field. ` +
        `Write the field's REST API name behind the colon, such as "${TAG}firstName".`)
    }
    // No field of a lead has a dot in its name, so this can mean nothing else in whatever case.
    if (!restName.toLowerCase().startsWith(MEMBER_PREFIX)) {
      restNames.add(restName)
      continue
    }
    const memberName = restName.slice(MEMBER_PREFIX.length).trim()
    if (memberName === "") {
      throw new MarketoSettingsError(`The tag "${tag}" of ${describeField(field)} names no field of program members. ` +
        `Write the field's REST API name behind the dot, such as "${TAG}${MEMBER_PREFIX}seatNumber".`)
    }
    memberNames.add(memberName)
  }
  return {
    name: field.name, label: describeField(field), restNames: [...restNames], memberNames: [...memberNames],
    isHidden: field.hidden === true,
  }
}

function describeField(field: Hub.Field): string {
  const { label } = field
  return typeof label !== "string" || label === "" ? field.name : `"${label}" (${field.name})`
}
