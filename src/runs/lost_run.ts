import { lastKnown } from "../hub/last_known"
import type { RunProgress } from "../hub/run_account"

/** Returns the record's sentence about a run that could not report. */
export function lostSummary(progress: RunProgress | undefined): string {
  return `The run's process ended before it could report. ${lastKnown(progress)}`
}
