import * as Papa from "papaparse"

import { cellText, type Column, columnOf, type ColumnKind, isPlainNumber, type Table } from "./table"

/** Raised for data that cannot be read; the message is for the person who gave it. */
export class ImportError extends Error {}

interface DetailField {
  name: string
  label?: string
  type?: string
  tags?: string[] | null
  hidden?: boolean
}

type DetailFields = Record<string, DetailField[] | null | undefined>

/** The lists of a document's fields whose columns have cells, and their kinds. */
const LISTS: [string, ColumnKind][] = [
  ["dimensions", "dimension"], ["measures", "measure"], ["table_calculations", "table calculation"],
]

/** Reads CSV, a JSON array of objects, or a `json_detail` document, whichever it is. Throws an ImportError. */
export function readTable(text: string): Table {
  const unmarked = text.replace(/^\uFEFF/, "")
  const start = unmarked.trimStart()
  if (start === "") {
    throw new ImportError("There is nothing in it.")
  }
  // A tab at the beginning is a first column without a name.
  return start.startsWith("[") || start.startsWith("{") ? fromJson(start) : fromCsv(unmarked)
}

function fromCsv(text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: true })
  const problem = errors.find(({ code }) => code !== "UndetectableDelimiter")
  if (problem !== undefined) {
    throw new ImportError(`This is no proper CSV: ${problem.message}, in row ${(problem.row ?? 0) + 1}.`)
  }
  const [head, ...rows] = data
  const tooLong = rows.findIndex((row) => row.slice(head.length).some((value) => value !== ""))
  if (tooLong !== -1) {
    throw new ImportError(`Row ${tooLong + 1} has ${rows[tooLong].length} cells, but the first line names ` +
      `${head.length} columns. A value with a separator in it has to stand in quotes.`)
  }
  const names = distinct(head.map(fieldName))
  const columns = head.map((title, index) => {
    const values = rows.map((row) => row[index] ?? "").filter((value) => value !== "")
    const isNumber = values.length > 0 && values.every(isPlainNumber)
    return columnOf(names[index], { label: title, type: isNumber ? "number" : "string" })
  })
  return {
    columns,
    // Looker writes null as nothing.
    rows: rows.map((row) => columns.map((column, index) => {
      const value = row[index] ?? ""
      return value === "" ? "=null" : isPlainNumber(value) ? value : cellText(value, column)
    })),
  }
}

function fromJson(text: string): Table {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (failure) {
    throw new ImportError(`This is no proper JSON: ${(failure as Error).message}`)
  }
  return Array.isArray(value) ? fromRows(value) : fromDetail(value as { fields?: unknown, data?: unknown })
}

function fromRows(rows: unknown[]): Table {
  if (!rows.every(isObject)) {
    throw new ImportError("A JSON array has to consist of objects, one for each row.")
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const columns = names.map((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined)
    const isNumber = values.length > 0 && values.every((value) => typeof value === "number")
    return columnOf(name, { type: isNumber ? "number" : "string" })
  })
  return { columns, rows: rows.map((row) => columns.map((column) => cellText(row[column.name], column))) }
}

function fromDetail({ fields, data }: { fields?: unknown, data?: unknown }): Table {
  if (!isObject(fields) || !Array.isArray(data) || !data.every(isObject)) {
    throw new ImportError("A JSON object has to be a json_detail document, with fields and data.")
  }
  const columns = LISTS.flatMap(([list, kind]) =>
    ((fields as DetailFields)[list] ?? []).map((field) => detailColumn(field, kind, data)))
  return { columns, rows: data.map((row) => columns.map((column) => detailCell(row[column.name], column))) }
}

function detailColumn({ name, label, type, tags, hidden }: DetailField, kind: ColumnKind, rows: object[]): Column {
  const cells = rows.map((row) => (row as Record<string, unknown>)[name]).filter(isObject)
  return columnOf(name, {
    kind, tags: tags ?? [], isHidden: hidden === true, isPivoted: cells.length > 0 && !cells.some(hasValue),
    ...(label === undefined ? {} : { label }), ...(type === undefined ? {} : { type }),
  })
}

/** Of a pivoted column the text has the values by key. */
function detailCell(cell: unknown, column: Column): string {
  if (!isObject(cell)) {
    return "="
  }
  return column.isPivoted ?
    `=${JSON.stringify(Object.fromEntries(Object.entries(cell).map(([key, each]) =>
      [key, isObject(each) ? each.value : undefined])))}` :
    cellText(cell.value, column)
}

function hasValue(cell: object): boolean {
  return "value" in cell
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function fieldName(title: string, index: number): string {
  const name = title.trim().toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "_").replace(/^_+|_+$/g, "")
  return name === "" ? `column_${index + 1}` : name
}

/** Returns the names, with a number behind those that were there before: a row has one member for each. */
function distinct(names: string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let count = 2; taken.has(free); count++) {
      free = `${name}_${count}`
    }
    taken.add(free)
    return free
  })
}
