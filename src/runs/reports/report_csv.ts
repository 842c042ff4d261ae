import { stringify } from "csv-stringify/sync"
import type { RowLine } from "../../hub/run_account"

/** The columns of a report, in their order, by the names of a line's members. */
const COLUMNS: { key: keyof RowLine, header: string }[] = [
  { key: "row", header: "Row" },
  { key: "lookupValue", header: "Lookup value" },
  { key: "outcome", header: "Outcome" },
  { key: "target", header: "Target" },
  { key: "code", header: "Code" },
  { key: "reason", header: "Reason" },
  { key: "valuesLeftOut", header: "Values left out" },
]

/** Excel takes a text without this mark for one in the encoding of its country. */
const BYTE_ORDER_MARK = "\uFEFF"

/** Returns the first line of a report, with the names of its columns. */
export function reportHeader(): string {
  return BYTE_ORDER_MARK + stringify([COLUMNS.map(({ header }) => header)])
}

/**
 * Returns lines as CSV. A cell that a spreadsheet would take for a formula has an apostrophe before it, since lookup
 * values and Marketo's texts come from strangers.
 */
export function reportLines(lines: RowLine[]): string {
  return stringify(lines, { columns: COLUMNS.map(({ key }) => key), escape_formulas: true })
}

/** Returns a line that speaks about the report itself. */
export function remarkLine(remark: string): string {
  return stringify([[remark]], { escape_formulas: true })
}
