/* eslint-disable @typescript-eslint/no-explicit-any -- A cell holds whatever the database holds. */

/** One row of a `json_detail` document, by field name. */
export interface Row {
  [field: string]: Cell | PivotCell
}

/** The value of one field in one row. The index signature lets `row[name].value` be read without telling pivots. */
export interface Cell {
  value: any
  rendered?: string
  html?: string
  links?: Link[]
  [key: string]: any
}

/** The values of a measure in one row of a pivoted query, by the key of the pivot. */
export interface PivotCell {
  [pivotKey: string]: Cell
}

/** One column group of a pivoted query. */
export interface Pivot {
  key: string
  is_total: boolean
  data: { [field: string]: any }
  metadata: { [field: string]: any }
}

/** A link that Looker offers on a cell. */
export interface Link {
  label: string
  type: string
  type_label: string
  url: string
}

/** A filter that was applied to the query. */
export interface FilterData {
  add: string
  field: string
  rendered: string
}
