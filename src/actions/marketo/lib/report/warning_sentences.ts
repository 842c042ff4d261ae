import { figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { someNamesOf } from "./lead_groups"
import { RunReport } from "./run_report"
import { shorten } from "./shorten"

/** Names of a group that a sentence shows. */
const NAMES_SHOWN = 3

/** Returns what Marketo warned of, though it imported the leads: a sentence for each warning. */
export function warningSentences({ warnings }: RunReport): string[] {
  return warnings.entries().map(([reason, group]) =>
    sentence(`${figure(group.count)} imported with a warning: ${shorten(reason)} (${someNamesOf(group, NAMES_SHOWN)})`))
}
