import { Lead } from "../report/lead"
import { figure } from "../words/amounts"
import { isEmptyValue } from "./value_effects"

/** An empty cell that clears its field. */
export interface EmptyCell {
  /** The number of its row. */
  row: number
  field: string
}

/** Returns the first cell of a lead that clears its field; undefined if none does. */
export function emptyCellOf({ record, rows: [row] }: Pick<Lead, "record" | "rows">): EmptyCell | undefined {
  const field = Object.keys(record).find((name) => isEmptyValue(record[name]))
  return field === undefined ? undefined : { row, field }
}

/** Returns it as a clause. */
export function emptyCellInWords({ row, field }: EmptyCell): string {
  return `row ${figure(row)} has an empty cell that clears its field (${field})`
}
