import { isEmptyValue } from "../blast_radius/value_effects"
import { Lead } from "../report/lead"

/** An empty cell that clears its field. */
export interface EmptyCell {
  /** The number of its row. */
  row: number
  field: string
}

/** Returns the first cell of a lead that clears its field; undefined if none does. */
export function emptyCellOf({ record, rows: [row] }: Lead): EmptyCell | undefined {
  const field = Object.keys(record).find((name) => isEmptyValue(record[name]))
  return field === undefined ? undefined : { row, field }
}
