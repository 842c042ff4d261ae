import * as Papa from "papaparse"

import { type Column, isNumeric, literalOf, type Table } from "./table"

/** A query's result as Looker sends it. */
export interface LookerDocument {
  data: string | Blob
  mimetype: string
  extension: string
}

/** What a plan says about the query, and the result repeats. */
export interface QueryFacts {
  /** The most rows, as text; empty for none. */
  limit: string
  timezone: string
}

/** The formats that the page writes itself; all others take a file. */
export const WRITTEN_FORMATS = ["json_detail_lite_stream", "json_detail", "json", "json_label", "inline_json", "csv",
  "txt", "html"]

/** The formats in which Looker sends what it has drawn or packed; a file stands in for it. */
export const FILE_FORMATS: Record<string, { mimetype: string, extension: string }> = {
  xlsx: { mimetype: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extension: "xlsx" },
  wysiwyg_pdf: { mimetype: "application/pdf", extension: "pdf" },
  assembled_pdf: { mimetype: "application/pdf", extension: "pdf" },
  wysiwyg_png: { mimetype: "image/png", extension: "png" },
  csv_zip: { mimetype: "application/zip", extension: "zip" },
}

/** Those of them in which Looker sends a dashboard. */
export const DASHBOARD_FORMATS = ["wysiwyg_pdf", "assembled_pdf", "wysiwyg_png", "csv_zip"]

const JSON_DOCUMENT = { mimetype: "application/json", extension: "json" }

const PIVOT = { name: "pivot.year", label: "Pivot Year", type: "string", tags: [] }
const PIVOT_KEYS = ["2025", "2026"]

/** Returns the table in one of {@link WRITTEN_FORMATS}. Cells keep their JSON, digit for digit. */
export function documentOf(table: Table, format: string, facts: QueryFacts): LookerDocument {
  switch (format) {
    case "csv":
      return { data: `${Papa.unparse(flat(table))}\n`, mimetype: "text/csv", extension: "csv" }
    case "txt":
      return { data: `${Papa.unparse(flat(table), { delimiter: "\t" })}\n`, mimetype: "text/plain", extension: "txt" }
    case "html":
      return { data: html(flat(table)), mimetype: "text/html", extension: "html" }
    case "json_label":
      return { data: rowsJson(table, ({ label }) => label), ...JSON_DOCUMENT }
    case "json": case "inline_json":
      return { data: rowsJson(table, ({ name }) => name), ...JSON_DOCUMENT }
    default:
      return { data: detail(table, format === "json_detail", facts), ...JSON_DOCUMENT }
  }
}

function detail(table: Table, isFull: boolean, { limit, timezone }: QueryFacts): string {
  const { columns, rows } = table
  const keys = pivotKeys(table)
  const of = (kind: Column["kind"]): object[] => columns.filter((column) => column.kind === kind).map(fieldOf)
  const fields = {
    dimensions: of("dimension"), measures: of("measure"), table_calculations: of("table calculation"),
    pivots: keys.length === 0 ? [] : [PIVOT],
  }
  const pivots = keys.map((key) => ({ key, is_total: false, data: { [PIVOT.name]: key }, metadata: {} }))
  const members: [string, unknown][] = [
    ...(isFull ? [["status", "complete"], ["from_cache", false]] as [string, unknown][] : []),
    ["fields", fields],
    ...(keys.length === 0 ? [] : [["pivots", pivots]] as [string, unknown][]),
    ["applied_limit", limit === "" ? null : Number(limit)], ["timezone", timezone === "" ? null : timezone],
  ]
  const head = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")
  return `{${head},"data":[${rows.map((row) => objectOf(columns, row, ({ name }) => name,
    (literal) => `{"value":${literal}}`)).join(",\n")}]}`
}

function fieldOf(column: Column): object {
  const { name, label, type, tags, kind, isHidden } = column
  return {
    name, label, label_short: label, type, tags, is_numeric: isNumeric(column), measure: kind === "measure",
    hidden: isHidden, view: name.includes(".") ? name.slice(0, name.indexOf(".")) : "",
  }
}

function rowsJson({ columns, rows }: Table, nameOf: (column: Column) => string): string {
  return `[${rows.map((row) => objectOf(columns, row, nameOf, (literal) => literal)).join(",\n")}]`
}

/** Returns a row as JSON. Missing cells have no member; a pivoted column has an object with a value for each key. */
function objectOf(
  columns: Column[], row: string[], nameOf: (column: Column) => string, cellOf: (literal: string) => string,
): string {
  return `{${columns.flatMap((column, index) => {
    const literal = literalOf(row[index] ?? "=", column)
    if (literal === undefined) {
      return []
    }
    const cell = column.isPivoted ?
      `{${pivoted(literal).map(([key, value]) => `${JSON.stringify(key)}:${cellOf(value)}`).join(",")}}` :
      cellOf(literal)
    return [`${JSON.stringify(nameOf(column))}:${cell}`]
  }).join(",")}}`
}

/** Returns the values of a pivoted cell by key: those that it has, or the one that it has for every key. */
function pivoted(literal: string): [string, string][] {
  const value = JSON.parse(literal) as unknown
  return typeof value === "object" && value !== null && !Array.isArray(value) ?
    Object.entries(value).map(([key, each]) => [key, JSON.stringify(each)]) :
    PIVOT_KEYS.map((key) => [key, literal])
}

function pivotKeys({ columns, rows }: Table): string[] {
  const keys = columns.flatMap((column, index) => column.isPivoted ?
    rows.flatMap((row) => pivoted(literalOf(row[index] ?? "=", column) ?? "null").map(([key]) => key)) : [])
  return [...new Set(keys)]
}

/** Returns a line of labels and a line for each row, as people see them. */
function flat(table: Table): string[][] {
  const keys = pivotKeys(table)
  const { columns, rows } = table
  return [
    columns.flatMap(({ label, isPivoted }) => isPivoted ? keys.map((key) => `${key} ${label}`) : [label]),
    ...rows.map((row) => columns.flatMap((column, index) => {
      const literal = literalOf(row[index] ?? "=", column)
      if (!column.isPivoted) {
        return [shown(literal)]
      }
      const values = new Map(literal === undefined ? [] : pivoted(literal))
      return keys.map((key) => shown(values.get(key)))
    })),
  ]
}

function shown(literal: string | undefined): string {
  return literal === undefined || literal === "null" ? "" :
    literal.startsWith("\"") ? JSON.parse(literal) as string : literal
}

function html([head, ...rows]: string[][]): string {
  const line = (cells: string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`
  return `<table>\n<thead>${line(head, "th")}</thead>\n<tbody>\n${rows.map((row) => line(row, "td")).join("\n")}\n` +
    "</tbody>\n</table>\n"
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
