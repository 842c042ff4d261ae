import { performance } from "perf_hooks"
import { MINUTE_MS } from "../configuration/time_units"
import { ErrorEntry } from "./run_report"

/** Returns what is uncertain of a failure that may have been none, and when the rows may be sent again. */
export function uncertainty(entry: ErrorEntry): string {
  return entry.change?.kind === "requestCampaign" ?
    "Whether the campaign was requested for these leads is uncertain; it was not repeated, so that nobody goes " +
      "through it twice. Look at the campaign's results in Marketo." :
    entry.whenSafe !== undefined ? `Whether these rows are in Marketo is uncertain. ${entry.whenSafe}` :
      "Whether Marketo did this before the failure is uncertain; sending these rows again is " +
        `${whenSafe(entry.runningUntil)}.`
}

/** As long as an upsert may be running in Marketo, a second one could create its leads again. */
function whenSafe(runningUntil: number | undefined): string {
  const leftMs = (runningUntil ?? 0) - performance.now()
  if (leftMs <= 0) {
    return "safe"
  }
  const minute = new Date(Math.ceil((Date.now() + leftMs) / MINUTE_MS) * MINUTE_MS)
  return `safe from ${minute.toISOString().slice(11, 16)} UTC on, and not before, since Marketo may be at it until then`
}
