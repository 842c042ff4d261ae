import { type Column, columnOf, type Table } from "./table"

const FIRST_NAMES = ["Ana", "Zoë", "Łukasz", "Mary-Jane", "明", "Søren", "Ayşe", "D'Angelo"]
const LAST_NAMES = ["O'Brien", "Müller", "García Márquez", "山田", "Smith, Jr.", "Okafor", "Wałęsa"]
const CITIES = ["Zürich ☕", "Göteborg", "<Angle> & Sons, Inc.", "São Paulo"]

/** What columns get with a click. The names are what people search for when an action breaks. */
export const ODD_VALUES: { label: string, text: string }[] = [
  { label: "null", text: "=null" },
  { label: "no cell at all", text: "=" },
  { label: "an empty text", text: "" },
  { label: "blanks", text: "   " },
  { label: "true", text: "=true" },
  { label: "a number with 20 digits", text: "=12345678901234567890" },
  { label: "a number beyond all bounds", text: "=1e400" },
  { label: "digits as text", text: "=\"007\"" },
  { label: "two lines", text: "=\"first line\\nsecond line\"" },
  { label: "quotes and commas", text: "a \"quoted\", text" },
  { label: "an emoji", text: "👩🏽‍🚀 café" },
  { label: "a text from right to left", text: "مرحبا" },
  { label: "markup", text: "<img src=x onerror=alert(1)>" },
  { label: "a formula", text: "+SUM(A1:A9)" },
  { label: "a nested object", text: "={\"a\":[1,2]}" },
  { label: "1,000 characters", text: "x".repeat(1000) },
  { label: "a character that is none", text: "=\"\\ud800\"" },
]

export interface Sample {
  name: string
  label: string
  /** Its number of rows can be chosen. */
  hasCount: boolean
  table: (rowCount: number) => Table
}

export const SAMPLES: Sample[] = [
  { name: "leads", label: "Leads, tagged for Marketo", hasCount: true, table: leads },
  { name: "orders", label: "Orders by year, pivoted", hasCount: true, table: orders },
  { name: "odd", label: "Odd values, one a row", hasCount: false, table: oddValues },
]

const LEAD_COLUMNS: Column[] = [
  columnOf("users.id", { label: "Users ID", type: "number" }),
  columnOf("users.email", { tags: ["email", "marketo:email"] }),
  columnOf("users.first_name", { tags: ["marketo:firstName"] }),
  columnOf("users.last_name", { tags: ["marketo:lastName"] }),
  columnOf("users.city", { tags: ["marketo:city"] }),
  columnOf("users.lead_score", { type: "max", kind: "measure", tags: ["marketo:leadScore"] }),
]

/** Made-up people. The same number always gives the same ones. */
function leads(rowCount: number): Table {
  return {
    columns: LEAD_COLUMNS,
    rows: Array.from({ length: rowCount }, (_, index) => [
      String(10_000 + index), `person${index + 1}@example.com`, pick(FIRST_NAMES, index), pick(LAST_NAMES, index),
      pick(CITIES, index), String(index * 37 % 101),
    ]),
  }
}

function orders(rowCount: number): Table {
  return {
    columns: [
      columnOf("users.country"),
      columnOf("orders.count", { type: "count", kind: "measure", isPivoted: true }),
      columnOf("orders.share", { type: "number", kind: "table calculation" }),
    ],
    rows: Array.from({ length: rowCount }, (_, index) => [
      `Country ${index + 1}`, `={"2025":${index * 3},"2026":${index * 5}}`, String(index / 4),
    ]),
  }
}

function oddValues(): Table {
  return {
    columns: [columnOf("users.email", { tags: ["email", "marketo:email"] }), columnOf("users.odd_value")],
    rows: ODD_VALUES.map(({ text }, index) => [`odd${index + 1}@example.com`, text]),
  }
}

function pick(values: string[], index: number): string {
  return values[index % values.length]
}
