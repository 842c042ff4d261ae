import { RunOptions } from "../settings/run_options"
import { amount } from "../words/amounts"
import { RunReport } from "./run_report"

/** Returns what was done with rows that several leads in Marketo match; undefined if there were none. */
export function severalMatchesNote(
  { severalMatches: { rows, leads }, isDryRun }: RunReport,
  { severalMatches, writesLeads }: Pick<RunOptions, "severalMatches" | "writesLeads">,
): string | undefined {
  if (rows === 0) {
    return undefined
  }
  const chosen = severalMatches === "all" ? "all of them" : "the one that was updated last"
  const what = writesLeads ? `${isDryRun ? "would be" : "was"} updated` : "was taken"
  return `${amount(rows, "row")} matched several leads in Marketo: for each, ${chosen} ` +
    `${severalMatches === "all" ? what.replace("was", "were") : what} (${amount(leads, "lead")}).`
}
