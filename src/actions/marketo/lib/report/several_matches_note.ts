import { RunOptions } from "../settings/run_options"
import { amount } from "../words/amounts"
import { RunReport } from "./run_report"

/** Returns what was done with rows that several leads in Marketo match; undefined if there were none. */
export function severalMatchesNote(
  { severalMatches: { rows, leads, rowsNotApplied }, isDryRun }: RunReport,
  { severalMatches, writesLeads, partitionName }: Pick<RunOptions, "severalMatches" | "writesLeads" | "partitionName">,
): string | undefined {
  if (rows === 0) {
    return undefined
  }
  const where = partitionName === undefined ? "" : ` in the lead partition "${partitionName}"`
  const chosen = severalMatches === "all" ? `all of them${where}` : `the one${where} that was updated last`
  const begin = `${amount(rows, "row")} matched several leads in Marketo: for each, ${chosen}`
  const was = isDryRun ? "would be" : severalMatches === "all" ? "were" : "was"
  if (rowsNotApplied === 0) {
    return `${begin} ${was} ${writesLeads ? "updated" : "taken"} (${amount(leads, "lead")}).`
  }
  // An answer that was lost may have been one for an update.
  return `${begin} ${was} to be updated, which is certain of ${leads === 0 ? "none" : amount(leads, "lead")}.`
}
