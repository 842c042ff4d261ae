import * as Hub from "../../../../src/hub"

/** A column of a query result. */
export interface Column {
  name: string
  label?: string
  tags?: string[]
  hidden?: boolean
}

/** The values of a row, by column name; undefined leaves the cell out. */
export interface RowValues {
  [name: string]: unknown
}

/** What a request is made of; what a test does not care about has a default. */
export interface RequestParts {
  origin: string
  form?: Hub.ParamMap
  dimensions?: Column[]
  measures?: Column[]
  tableCalculations?: Column[]
  pivots?: Column[]
  /** Values, which are wrapped in cells. */
  rows?: RowValues[]
  /** The whole document, when the parts above do not suffice. */
  document?: string
  params?: Hub.ParamMap
  webhookId?: string
}

export const CLIENT_ID = "fake-client-id"
export const CLIENT_SECRET = "fake-client-secret"

/** A column with the tags `marketo:<name>`. */
export function column(name: string, ...restNames: string[]): Column {
  return { name, tags: restNames.map((restName) => `marketo:${restName}`) }
}

/** Columns of a result with e-mail and gender. */
export const EMAIL_AND_GENDER = [column("users.email", "email"), column("users.gender", "gender")]

/** So many rows with e-mail addresses of their own. */
export function peopleRows(count: number, firstNumber = 0): RowValues[] {
  const rows: RowValues[] = []
  for (let index = 0; index < count; index++) {
    rows.push({ "users.email": `person${firstNumber + index}@example.com`, "users.gender": "f" })
  }
  return rows
}

/** A json_detail document. */
export function jsonDetail(parts: Partial<RequestParts>): string {
  return JSON.stringify({
    fields: {
      dimensions: parts.dimensions ?? EMAIL_AND_GENDER,
      measures: parts.measures ?? [],
      table_calculations: parts.tableCalculations ?? [],
      ...(parts.pivots === undefined ? {} : { pivots: parts.pivots }),
    },
    data: (parts.rows ?? []).map(cells),
  })
}

/** A request as Looker sends it to the action; the settings are those of a query that is only upserted. */
export function buildRequest(parts: RequestParts): Hub.ActionRequest {
  const request = new Hub.ActionRequest()
  request.type = Hub.ActionType.Query
  request.webhookId = parts.webhookId ?? "webhook-1"
  request.params = { url: parts.origin, clientID: CLIENT_ID, clientSecret: CLIENT_SECRET, ...parts.params }
  request.formParams = parts.form ?? { lookupField: "email", subaction: "none" }
  request.attachment = { dataBuffer: Buffer.from(parts.document ?? jsonDetail(parts)) }
  return request
}

function cells(values: RowValues): { [name: string]: unknown } {
  const row: { [name: string]: unknown } = {}
  for (const name of Object.keys(values)) {
    if (values[name] !== undefined) {
      row[name] = { value: values[name] }
    }
  }
  return row
}
