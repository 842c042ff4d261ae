import { CellValue, QueryField, QueryFields, QueryResult, ResultRow } from "./query_result"

export interface LeadRowsOptions {
  rowCount: number
  /** Changes who the people are, never their number or the columns; 1 if absent. */
  seed?: number
}

/** A made-up person as the sample query returns them. The e-mail contains the row number, so no two rows share one. */
export interface SamplePerson {
  userId: number
  email: string
  firstName: string | null
  lastName: string
  company: string
  title: string | null
  phone: string | null
  city: string
  country: string
  leadScore: number
  orderCount: number
  totalSpent: number
}

const FIRST_NAMES = [
  "José", "Zoë", "Łukasz", "Renée", "Søren", "Jürgen", "Siobhán", "Chloë", "Ngọc", "Özlem", "Ayşe", "Tomáš",
  "明", "さくら", "지우", "Ольга", "Γιώργος", "نور", "Mary-Jane", "D'Angelo", "Ana", "Peter", "Amara", "Li",
]
const LAST_NAMES = [
  "O'Brien", "Nuñez", "Müller", "Wałęsa", "García Márquez", "d'Arcy", "Þórsdóttir", "Ångström", "日本", "山田",
  "김", "Иванова", "Παπαδόπουλος", "الهاشمي", "Smith, Jr.", "\"Mac\" Donald", "van der Berg", "Kowalski", "Okafor",
]
const COMPANIES = [
  "Café ☕ Zürich AG", "Smith & Sons", "Łódź Logistics", "東京 Analytics 株式会社", "Rock 'n' Roll 🎸 Ltd.",
  "Back\\slash Systems", "Ünder Construction GmbH", "<Angle> Partners", "Plain Software, Inc.", "Señor Taco 🌮",
]
const TITLES = ["Chief Éditrice", "VP, Sales", "Data engineer", "Responsable achats", "部長", null]
const PLACES: Array<[city: string, country: string]> = [
  ["São Paulo", "Brasil"], ["Kraków", "Polska"], ["Zürich", "Schweiz"], ["東京", "日本"], ["Cork", "Ireland"],
  ["Montréal", "Canada"], ["Reykjavík", "Ísland"], ["San José", "Costa Rica"], ["Αθήνα", "Ελλάδα"],
]

/** Returns the e-mail of the person in row `index`, counted from 0, whatever the seed. */
export function sampleEmail(index: number): string {
  return `person${index + 1}@example.com`
}

/** Returns the person in row `index`, counted from 0. It is the same for the same seed, and needs no earlier rows. */
export function samplePerson(index: number, seed = 1): SamplePerson {
  const draw = (topic: number, below: number): number => mix(seed, index, topic) % below
  const [city, country] = PLACES[draw(5, PLACES.length)]
  const orderCount = draw(6, 40)
  return {
    userId: 10_000 + index,
    email: sampleEmail(index),
    firstName: draw(0, 50) === 0 ? null : FIRST_NAMES[draw(1, FIRST_NAMES.length)],
    lastName: LAST_NAMES[draw(2, LAST_NAMES.length)],
    company: COMPANIES[draw(3, COMPANIES.length)],
    title: TITLES[draw(4, TITLES.length)],
    phone: draw(7, 3) === 0 ? null : `+1 555 01${String(draw(8, 100)).padStart(2, "0")}`,
    city,
    country,
    leadScore: draw(9, 101),
    orderCount,
    totalSpent: orderCount * (500 + draw(10, 20_000)) / 100,
  }
}

interface Column {
  kind: "dimensions" | "measures" | "table_calculations"
  field: QueryField
  value: (person: SamplePerson) => CellValue
  rendered?: (value: CellValue) => string
}

const COLUMNS: Column[] = [
  column("users.id", "ID", "number", (person) => person.userId, ["user_id"]),
  column("users.email", "Email", "string", (person) => person.email, ["email", "marketo:email"]),
  column("users.first_name", "First Name", "string", (person) => person.firstName, ["marketo:firstName"]),
  column("users.last_name", "Last Name", "string", (person) => person.lastName, ["marketo:lastName"]),
  column("users.title", "Title", "string", (person) => person.title, ["marketo:title"]),
  column("users.phone", "Phone", "string", (person) => person.phone, ["marketo:phone"]),
  // One column that feeds two Marketo fields.
  column("users.city", "City", "string", (person) => person.city, ["marketo:city", "marketo:billingCity"]),
  column("users.country", "Country", "string", (person) => person.country, ["marketo:country"]),
  column("accounts.name", "Company", "string", (person) => person.company, ["marketo:company"]),
  // A column whose model has no tags at all.
  column("users.created_date", "Created Date", "date_date", (person) => createdDate(person.userId)),
  {
    ...column("users.lead_score", "Lead Score", "max", (person) => person.leadScore, ["marketo:leadScore"]),
    kind: "measures",
  },
  { ...column("orders.count", "Orders", "count_distinct", (person) => person.orderCount, []), kind: "measures" },
  {
    ...column("orders.total_spent", "Total Spent", "sum", (person) => person.totalSpent, []),
    kind: "measures",
    rendered: (value) => `$${Number(value).toFixed(2)}`,
  },
  {
    kind: "table_calculations",
    field: { name: "spent_per_order", label: "Spent per Order", type: "number", is_numeric: true },
    value: (person) => person.orderCount === 0 ? null : person.totalSpent / person.orderCount,
  },
]

/** Returns the fields of the sample query: tagged and untagged columns, and a filter, which has no cells. */
export function sampleFields(): QueryFields {
  const of = (kind: Column["kind"]): QueryField[] =>
    COLUMNS.filter((candidate) => candidate.kind === kind).map(({ field }) => ({ ...field }))
  return {
    dimensions: of("dimensions"),
    measures: of("measures"),
    table_calculations: of("table_calculations"),
    pivots: [],
    filters: [{ name: "users.is_active", label: "Users Is Active", type: "yesno", tags: [] }],
    parameters: [],
  }
}

/** Returns a query result with `rowCount` sample people, one a row, made while they are read. */
export function leadQueryResult({ rowCount, seed }: LeadRowsOptions): QueryResult {
  return {
    fields: sampleFields(),
    *rows(): Generator<ResultRow> {
      for (let index = 0; index < rowCount; index++) {
        yield sampleRow(samplePerson(index, seed))
      }
    },
  }
}

/** Returns one person as a row of the sample query. */
export function sampleRow(person: SamplePerson): ResultRow {
  const row: ResultRow = {}
  for (const { field, value, rendered } of COLUMNS) {
    const cellValue = value(person)
    row[field.name] = { value: cellValue, ...(rendered === undefined ? {} : { rendered: rendered(cellValue) }) }
  }
  return row
}

function column(
  name: string, labelShort: string, type: string, value: Column["value"], tags?: string[],
): Column {
  const view = name.slice(0, name.indexOf("."))
  const isNumeric = ["number", "max", "sum", "count_distinct"].includes(type)
  const label = `${view[0].toUpperCase()}${view.slice(1)} ${labelShort}`
  const field: QueryField = { name, label, label_short: labelShort, type, view, is_numeric: isNumeric }
  return { kind: "dimensions", field: tags === undefined ? field : { ...field, tags }, value }
}

function createdDate(userId: number): string {
  const month = String(userId % 12 + 1).padStart(2, "0")
  const day = String(userId % 28 + 1).padStart(2, "0")
  return `2025-${month}-${day}`
}

/** Returns a well-spread whole number, 0 to 2^32 - 1, from three small ones (the finaliser of MurmurHash3). */
function mix(seed: number, index: number, topic: number): number {
  let hash = Math.imul(seed, 0x9E3779B1) ^ Math.imul(index + 1, 0x85EBCA6B) ^ Math.imul(topic + 1, 0xC2B2AE35)
  hash = Math.imul(hash ^ hash >>> 16, 0x85EBCA6B)
  hash = Math.imul(hash ^ hash >>> 13, 0xC2B2AE35)
  return (hash ^ hash >>> 16) >>> 0
}
