import { createHash } from "crypto"

/** A column's description as Looker sends it. Only `name` is certain; `tags` may be missing altogether. */
export interface QueryField {
  name: string
  label?: string
  label_short?: string
  type?: string
  tags?: string[]
  is_numeric?: boolean
  measure?: boolean
  hidden?: boolean
  view?: string
}

export interface PivotDescriptor {
  key: string
  is_total: boolean
  data: Record<string, unknown>
  metadata: Record<string, unknown>
}

export type CellValue = string | number | boolean | null | NumberLiteral

/**
 * A number that is written unchanged, such as 9007199254740993 or 1e400, which JavaScript cannot hold; also a bare NaN,
 * which is not JSON.
 */
export class NumberLiteral {
  constructor(readonly text: string) {}

  toJSON(): string {
    return `${LITERAL_MARK}${this.text}`
  }
}

/** A result's information about itself. Absent members are written as null, as Looker does. */
export interface ResultMembers {
  applied_limit?: number | string | null
  column_truncated?: boolean | null
  sql_error?: unknown
  timezone?: string | null
  truncated?: boolean | null
  warnings?: unknown
}

export interface Cell {
  value: CellValue
  rendered?: string
  html?: string
  links?: Array<{ label: string, type: string, type_label: string, url: string }>
}

/** Field name to cell. A pivoted measure has one cell for each pivot key instead, and so has no `value`. */
export type ResultRow = Record<string, Cell | Record<string, Cell>>

/** The lists of fields of a result. A list may be absent or null; filters and parameters never have cells. */
export interface QueryFields {
  dimensions?: QueryField[] | null
  measures?: QueryField[] | null
  table_calculations?: QueryField[] | null
  pivots?: QueryField[] | null
  filters?: QueryField[] | null
  parameters?: QueryField[] | null
  /** Lists of newer versions of Looker, such as `supermeasure_like`. */
  [list: string]: QueryField[] | null | undefined
}

/** A query's answer. `rows` starts afresh, with the same rows, each time it is called, and may be of any length. */
export interface QueryResult {
  fields: QueryFields
  pivots?: PivotDescriptor[]
  rows: () => Iterable<ResultRow>
}

export type DetailFormat = "json_detail" | "json_detail_lite_stream"

export interface DocumentOptions {
  /** `json_detail_lite_stream` when absent. */
  format?: DetailFormat
  /** The place of `fields`: before `data`, as Looker writes it, if absent. */
  keyOrder?: "fields first" | "data first"
  /** The result's information about itself; all null if absent. `json_detail_lite_stream` only. */
  members?: ResultMembers
  /** The place of these members: between `fields` and `data` if absent. */
  membersPlace?: "before fields" | "before data" | "after data"
  /** Two spaces of indentation and line ends, rows included. */
  prettyPrinted?: boolean
  /** Top-level members written before anything else. */
  leadingKeys?: Record<string, unknown>
  /** Top-level members written after everything else, such as the `errors` of a query that failed half way. */
  trailingKeys?: Record<string, unknown>
  /** Starts the document with the bytes EF BB BF. */
  byteOrderMark?: boolean
}

const PIECE_CHARACTERS = 64 * 1024

/** The beginning of a text that stands for a number. It is not a character, so no text of people's has it. */
const LITERAL_MARK = "\uFFFEnumber:"
const LITERAL = new RegExp(`"${LITERAL_MARK}([^"]*)"`, "g")

/**
 * Yields the document as pieces of text of about 64 Ki characters, made on request. Only one piece is held at a time,
 * whatever the number of rows. The same result and options always lead to the same text.
 */
export function* documentText(result: QueryResult, options: DocumentOptions = {}): Generator<string> {
  let piece = options.byteOrderMark ? "\uFEFF" : ""
  for (const token of tokens(result, options)) {
    piece += token
    if (piece.length >= PIECE_CHARACTERS) {
      yield piece
      piece = ""
    }
  }
  yield piece
}

/**
 * Yields the document as UTF-8 bytes, in chunks of exactly `chunkBytes` (the last one may be shorter), or in chunks of
 * convenient size if it is absent. Chunk borders may fall anywhere, even inside a character.
 */
export function* documentBytes(
  result: QueryResult,
  options: DocumentOptions & { chunkBytes?: number } = {},
): Generator<Buffer> {
  const pieces = encoded(documentText(result, options))
  if (options.chunkBytes === undefined) {
    yield* pieces
  } else {
    yield* rechunked(pieces, options.chunkBytes)
  }
}

/** Cuts a stream of bytes anew, into chunks of exactly `chunkBytes`. Only the last one may be shorter. */
export function* rechunked(pieces: Iterable<Buffer>, chunkBytes: number): Generator<Buffer> {
  if (!Number.isInteger(chunkBytes) || chunkBytes < 1) {
    throw new RangeError(`chunkBytes is ${chunkBytes}: it must be a whole number, 1 or more`)
  }
  let rest: Buffer = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    let start = 0
    for (; start + chunkBytes <= bytes.length; start += chunkBytes) {
      yield bytes.subarray(start, start + chunkBytes)
    }
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) {
    yield rest
  }
}

function* encoded(pieces: Iterable<string>): Generator<Buffer> {
  // A piece ends where a member or a row ends, so no character is ever cut in two here.
  for (const piece of pieces) {
    yield Buffer.from(piece, "utf8")
  }
}

function* tokens(result: QueryResult, options: DocumentOptions): Generator<string> {
  const indentation = options.prettyPrinted ? 2 : 0
  const lineEnd = options.prettyPrinted ? "\n" : ""
  const colon = options.prettyPrinted ? ": " : ":"
  const indent = (text: string, spaces: number): string =>
    options.prettyPrinted ? text.replace(/\n/g, `\n${" ".repeat(spaces)}`) : text
  const margin = (spaces: number): string => options.prettyPrinted ? " ".repeat(spaces) : ""

  let separator = ""
  yield `{${lineEnd}`
  for (const [key, value] of members(result, options)) {
    yield `${separator}${margin(2)}${JSON.stringify(key)}${colon}`
    if (value === ROWS) {
      yield "["
      let rowSeparator = lineEnd
      for (const row of result.rows()) {
        const text = JSON.stringify(row, null, indentation)
        yield rowSeparator + margin(4) +
          indent(text.includes(LITERAL_MARK) ? text.replace(LITERAL, "$1") : text, 4)
        rowSeparator = `,${lineEnd}`
      }
      yield `${lineEnd}${margin(2)}]`
    } else {
      yield indent(JSON.stringify(value, null, indentation), 2)
    }
    separator = `,${lineEnd}`
  }
  yield `${lineEnd}}`
}

/** The placeholder for the rows in the list of members, since they are written one by one. */
const ROWS = Symbol("rows")

function members(result: QueryResult, options: DocumentOptions): Array<[string, unknown]> {
  const fields: Array<[string, unknown]> = [["fields", result.fields]]
  if (result.pivots !== undefined) {
    fields.push(["pivots", result.pivots])
  }
  const data: Array<[string, unknown]> = [["data", ROWS]]
  const metadata = options.format === "json_detail" ? fullMetadata(result) : liteMetadata(options)
  const middle = options.keyOrder === "data first" ? [...data, ...fields] : [...fields, ...metadata.between, ...data]
  return [
    ...Object.entries(options.leadingKeys ?? {}),
    ...metadata.before,
    ...middle,
    ...(options.keyOrder === "data first" ? metadata.between : []),
    ...metadata.after,
    ...Object.entries(options.trailingKeys ?? {}),
  ].filter(([, value]) => value !== undefined)
}

interface Metadata {
  before: Array<[string, unknown]>
  between: Array<[string, unknown]>
  after: Array<[string, unknown]>
}

const RAN_AT = "2026-01-15T09:30:00+00:00"

/**
 * Looker does not document the members that it leaves out of the lite format. Documents were seen with these, in
 * alphabetical order, most of them null. Their place varied.
 */
function liteMetadata({ members: told = {}, membersPlace = "before data" }: DocumentOptions): Metadata {
  const members: Array<[string, unknown]> = [
    ["applied_limit", told.applied_limit ?? null],
    ["column_truncated", told.column_truncated ?? null],
    ["has_row_totals", false],
    ["has_totals", false],
    ["sql_error", told.sql_error ?? null],
    ["timezone", told.timezone ?? null],
    ["truncated", told.truncated ?? null],
    ["warnings", told.warnings ?? null],
  ]
  return {
    before: [["ran_at", RAN_AT], ...(membersPlace === "before fields" ? members : [])],
    between: membersPlace === "before data" ? members : [],
    after: membersPlace === "after data" ? members : [],
  }
}

/** The members of `json_detail` in the order in which Looker's servers write them, with plausible content. */
function fullMetadata(result: QueryResult): Metadata {
  return {
    before: [
      ["status", "complete"],
      ["from_cache", false],
      ["id", createHash("sha256").update(JSON.stringify(result.fields)).digest("hex").slice(0, 32)],
      ["result_source", "query"],
      ["supports_pivot_in_db", true],
      ["null_sort_treatment", "low"],
      ["expired", false],
      ["ran_at", RAN_AT],
      ["runtime", "0.412"],
      ["added_params", { sorts: [] }],
      ["sql", "SELECT \"data\", '{\"fields\":[]}' AS note FROM users -- a\\b"],
      ["sql_explain", null],
    ],
    between: [
      ["fill_fields", []],
      ["has_totals", false],
      ["has_row_totals", false],
      ["applied_filters", {}],
      ["applied_filter_expression", null],
      ["explore", { name: "users", label: "Users" }],
      ["timezone", "America/Los_Angeles"],
    ],
    after: [["drill_menu_build_time", 0.002]],
  }
}
