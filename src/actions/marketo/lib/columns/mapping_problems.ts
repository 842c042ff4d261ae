import { SettingProblem } from "../errors"
import { listing } from "../words/listing"
import { MappedColumn, MEMBER_PREFIX, TAG, TaggedColumns } from "./result_fields"

/** Problems told in one message; the next ones come when these are solved. */
const MOST_PROBLEMS = 10

/** The beginning is what users know from the upstream action. */
export const MISSING_LOOKUP_FIELD = "Marketo Lookup Field for lead not present in query."

/** Says what is wrong. Of a wide result there may be very many, and only the first are told. */
export type ColumnProblem = () => string

/** Returns what is wrong if no column feeds the lookup field. */
export function missingLookupField(columns: MappedColumn[], lookupField: string): SettingProblem | undefined {
  return columns.some((column) => column.restNames.includes(lookupField)) ? undefined : {
    field: "lookupField",
    message: `Add a column with the tag "${TAG}${lookupField}" to the query, or choose another lookup field; ` +
      `${tagsThere(columns)}.`,
  }
}

/** Returns which tags there are, in words that end a sentence. */
function tagsThere(columns: MappedColumn[]): string {
  const tags = [...new Set(columns.map(tagsOf).reduce((all, some) => all.concat(some), []))]
  return tags.length === 0 ? `no column has a tag that begins with "${TAG}"` :
    `the query has the tag${tags.length === 1 ? "" : "s"} ${listing(tags)}`
}

/** Returns what is wrong with tagged columns that a pivot leaves without one value in each row. */
export function pivotProblems(
  { pivots, isPivoted, measureNames }: TaggedColumns, columns: MappedColumn[],
): ColumnProblem[] {
  const pivotNames = new Set(pivots.map((pivot) => pivot.name))
  const pivoted = columns.filter((column) => isPivoted && measureNames.has(column.name))
  return pivoted.map((column): ColumnProblem => () => pivotProblem(column)).concat(
    columns.filter((column) => pivotNames.has(column.name)).map((column): ColumnProblem => () =>
      `The column ${column.label} is the query's pivot: its values head other columns, and no row has one. Remove ` +
        "the pivot, or the tag."))
}

/** Returns what is wrong with tagged fields that are no columns; if told so, only of those for program members. */
export function elsewhereProblems(
  { elsewhere }: TaggedColumns, hiddenNames: Set<string>, onlyMembers: boolean,
): ColumnProblem[] {
  const shown = elsewhere.filter(({ column }) => !column.isHidden && !hiddenNames.has(column.name) &&
    (!onlyMembers || column.memberNames.length > 0))
  return shown.map(({ column, list }) => () =>
    `The column ${column.label} has the tag "${tagsOf(column)[0]}", but stands among the "${list}" of the ` +
      "query result, which have no values that can be sent. Make it a dimension, a measure or a table calculation of " +
      "the query, or remove the tag.")
}

/** Returns what is wrong with columns that feed one Marketo field. */
export function doubleProblems(columns: MappedColumn[]): ColumnProblem[] {
  const owners = new Map<string, MappedColumn>()
  const problems: ColumnProblem[] = []
  for (const column of columns) {
    for (const tag of tagsOf(column)) {
      const owner = owners.get(tag)
      if (owner !== undefined) {
        problems.push(() => `The columns ${owner.label} and ${column.label} both have the tag ` +
          `"${tag}", so it is unclear which one to send. Remove one of them from the query, or change its tag.`)
      }
      owners.set(tag, column)
    }
  }
  return problems
}

/** Returns the tags of a column that name Marketo fields. */
function tagsOf({ restNames, memberNames }: MappedColumn): string[] {
  return restNames.map((name) => TAG + name).concat(memberNames.map((name) => TAG + MEMBER_PREFIX + name))
}

/** Returns each column with each Marketo field that it feeds. */
export function pairs(columns: MappedColumn[]): { column: MappedColumn, restName: string }[] {
  const all: { column: MappedColumn, restName: string }[] = []
  for (const column of columns) {
    for (const restName of column.restNames) {
      all.push({ column, restName })
    }
  }
  return all
}

/** Returns the problems as sentences; of many, the first ones and the number of the others. */
export function inOneMessage(problems: ColumnProblem[]): string {
  const left = problems.length - MOST_PROBLEMS
  return problems.slice(0, MOST_PROBLEMS).map((describe) => describe()).join(" ") +
    (left > 0 ? ` There are ${left} more problems of this kind.` : "")
}

/** Returns what is wrong with a column that has several values in each row. */
export function pivotProblem(column: MappedColumn): string {
  return `The column ${column.label} is pivoted: it has several values in each row, and a Marketo field takes one. ` +
    "Remove the pivot, or the column, from the query."
}
