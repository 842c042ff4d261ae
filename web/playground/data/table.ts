/** The kind of a column in a query. */
export const COLUMN_KINDS = ["dimension", "measure", "table calculation"] as const
export type ColumnKind = typeof COLUMN_KINDS[number]

/** Looker's types that people choose from; any other may be typed into a document. */
export const COLUMN_TYPES = ["string", "number", "yesno", "date_date", "date_time", "count", "count_distinct", "sum",
  "average", "max", "zipcode", "location"]

const NUMERIC_TYPES = ["number", "count", "count_distinct", "sum", "average", "max", "min", "int"]

const PLAIN_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/

export interface Column {
  /** The field's name in LookML, such as `users.email`. */
  name: string
  label: string
  type: string
  tags: string[]
  kind: ColumnKind
  isHidden: boolean
  /** It has a value for each key of the pivot. */
  isPivoted: boolean
}

/** A query's result as the page holds it. Each row has a text for each column, as {@link literalOf} reads it. */
export interface Table {
  columns: Column[]
  rows: string[][]
}

/** A column for a name, all else as usual. */
export function columnOf(name: string, others: Partial<Column> = {}): Column {
  const label = name.replace(/[._]/g, " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
  return { name, label, type: "string", tags: [], kind: "dimension", isHidden: false, isPivoted: false, ...others }
}

export function isNumeric({ type }: Column): boolean {
  return NUMERIC_TYPES.includes(type)
}

/**
 * Returns the JSON of a cell: a text is itself, a number in a column of numbers is a number, and what follows `=` is
 * JSON, such as `=null`, `=12345678901234567890` or `="007"`. `=` alone is a cell that is missing: undefined.
 */
export function literalOf(text: string, column: Column): string | undefined {
  if (text === "=") {
    return undefined
  }
  if (text.startsWith("=") && isJson(text.slice(1))) {
    return text.slice(1).trim()
  }
  return isNumeric(column) && PLAIN_NUMBER.test(text) ? text : JSON.stringify(text)
}

/** Returns the text of a cell with that value, so that {@link literalOf} reads the value again. */
export function cellText(value: unknown, column: Column): string {
  if (value === undefined) {
    return "="
  }
  if (typeof value === "string") {
    const isPlain = !value.startsWith("=") && !/[\r\n]/.test(value) && !(isNumeric(column) && PLAIN_NUMBER.test(value))
    return isPlain ? value : `=${JSON.stringify(value)}`
  }
  const text = JSON.stringify(value)
  return isNumeric(column) && PLAIN_NUMBER.test(text) ? text : `=${text}`
}

export function isPlainNumber(text: string): boolean {
  return PLAIN_NUMBER.test(text)
}

/** Returns the list with another member at that place. */
export function replaced<T>(list: T[], index: number, member: T): T[] {
  return list.map((each, at) => at === index ? member : each)
}

/** Returns the list without the member at that place. */
export function without<T>(list: T[], index: number): T[] {
  return list.filter((_each, at) => at !== index)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
