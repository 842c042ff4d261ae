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
  /**
   * A number as the document writes it, where `value`, which is what JSON.parse gives, may be another number: those of
   * 16 digits or more, or with an exponent, that JavaScript would write otherwise. Not enumerable, so that no copy of
   * the cell and no JSON has it. A member of this name that the document itself has is left alone.
   */
  source?: string
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
