import type { RunView } from "../../src/console/watch/shapes"
import { duration, figure } from "../shared/words"
import { OUTCOME_WORDS } from "./run_words"

/** A step of a run. Times in ms since it began. */
export interface Step {
  atMs: number
  /** Absent for a moment. */
  untilMs?: number
  kind: "began" | "read" | "waited" | "ended" | "now"
  words: string
}

/** Returns the steps of a run in their order, as its record and the samples of its progress tell them. */
export function storyOf(run: RunView): Step[] {
  const { samples, progress, durationMs, outcome, startedAt, updatedAt } = run
  const latestMs = durationMs ?? Math.max(0, Date.parse(updatedAt) - Date.parse(startedAt))
  const steps: Step[] = [
    { atMs: 0, kind: "began", words: "Looker sent the request, and the run began" }, ...waitsOf(run),
  ]
  const first = samples.find(({ rowsRead }) => rowsRead > 0)
  if (first !== undefined) {
    steps.push({ atMs: first.atMs, kind: "read", words: "By now the first rows had been read" })
  }
  const all = progress?.hasReadAll === true && progress.rowsRead > 0 ?
    samples.find(({ rowsRead }) => rowsRead === progress.rowsRead) : undefined
  if (all !== undefined) {
    steps.push({ atMs: all.atMs, kind: "read", words: `By now all ${figure(all.rowsRead)} rows had been read` })
  }
  steps.sort((one, other) => one.atMs - other.atMs)
  return [...steps, durationMs === undefined ?
    { atMs: latestMs, kind: "now", words: progress?.waitingFor === undefined ? "It is under way" :
      `It waits for ${progress.waitingFor}` } :
    { atMs: latestMs, kind: "ended", words: `It ended: ${OUTCOME_WORDS[outcome].toLowerCase()}` }]
}

/** Returns the times for which the run waited for the same thing at one sample after the other. */
function waitsOf({ samples }: RunView): Step[] {
  const steps: Step[] = []
  let since: { atMs: number, waitingFor: string } | undefined
  samples.forEach(({ atMs, waitingFor }, index) => {
    if (since !== undefined && (waitingFor !== since.waitingFor || index === samples.length - 1)) {
      steps.push({
        atMs: since.atMs, untilMs: atMs, kind: "waited",
        words: `Waited for ${since.waitingFor}, for about ${duration(atMs - since.atMs)}`,
      })
      since = undefined
    }
    if (since === undefined && waitingFor !== undefined && index < samples.length - 1) {
      since = { atMs, waitingFor }
    }
  })
  return steps
}
