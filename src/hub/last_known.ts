import type { RunProgress } from "./run_account"

/** Returns what is known of a run that could not report, as a sentence. */
export function lastKnown(progress: RunProgress | undefined): string {
  if (progress === undefined || progress.rowsRead === 0) {
    return "Some of the data may have been sent already; nothing could be counted."
  }
  const { rowsRead, rowsApplied, rowsNotApplied, hasReadAll = false, isDryRun = false } = progress
  if (isDryRun) {
    return "It was a dry run, so nothing was written."
  }
  const others = rowsNotApplied === 0 ? "" : `, and ${figure(rowsNotApplied)} were skipped or had failed`
  return `When it was last heard of, ${figure(rowsApplied)} of the ${figure(rowsRead)} rows ` +
    `${hasReadAll ? "of the result" : "read so far"} had been written${others}; a few more may have been.`
}

function figure(count: number): string {
  return count.toLocaleString("en-US")
}
