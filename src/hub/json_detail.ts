/* eslint-disable @typescript-eslint/no-explicit-any -- A cell holds whatever the database holds. */

/** One row of a `json_detail` document, by field name. */
export interface Row {
  [field: string]: Cell | PivotCell
}

/** The value of one field in one row. The index signature allows `row[name].value` without a check for pivots. */
export interface Cell {
  value: any
  rendered?: string
  html?: string
  links?: Link[]
  /**
   * The number as the document writes it, if `value`, which comes from JSON.parse, may be another number. That concerns
   * numbers of 16 digits or more, or with an exponent, that JavaScript would write differently. It is not enumerable,
   * so no copy of the cell and no JSON contains it. A member of this name in the document itself is left alone.
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
