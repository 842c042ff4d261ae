import type { CallLimit, RunProgress } from "../../hub/run_account"
import type { RecordedProgress, RunSample } from "./run_record"

/** Samples that are kept of a run. When there are more, every other one goes. */
const MOST_SAMPLES = 120
/** The time over which the rate is measured, in ms. */
const RATE_OVER_MS = 30_000
const FIRST_INTERVAL_MS = 1000
/** The part of the interval after which a sample is taken: what comes in its rhythm is early and late by turns. */
const LEAST_OF_INTERVAL = 0.9

/** The progress of one run over time: samples, the rate, and the end that is to be expected. */
export class ProgressLine {
  readonly samples: RunSample[] = []
  private latest: { progress: RunProgress, atMs: number } | undefined
  private recent: { atMs: number, rowsDone: number }[] = []
  private intervalMs = FIRST_INTERVAL_MS
  private callLimit: CallLimit | undefined

  /** `atMs`: the time since the run began. `isLast`: it becomes a sample in any case. */
  add(progress: RunProgress, atMs: number, isLast = false): void {
    this.latest = { progress, atMs }
    this.callLimit = progress.callLimit ?? this.callLimit
    this.recent.push({ atMs, rowsDone: doneOf(progress) })
    this.recent = this.recent.filter((each, index) =>
      atMs - each.atMs <= RATE_OVER_MS || index === this.recent.length - 1)
    const last = this.samples[this.samples.length - 1] as RunSample | undefined
    if (last !== undefined && atMs - last.atMs < (isLast ? 1 : LEAST_OF_INTERVAL * this.intervalMs)) {
      return
    }
    const { rowsRead, rowsApplied, calls = 0, waitingFor } = progress
    this.samples.push({
      atMs: Math.round(atMs), rowsRead, rowsApplied, calls, ...(waitingFor === undefined ? {} : { waitingFor }),
    })
    if (this.samples.length > MOST_SAMPLES) {
      const kept = this.samples.filter((_sample, index) => index % 2 === 0)
      this.samples.splice(0, this.samples.length, ...kept)
      this.intervalMs *= 2
    }
  }

  /** Returns the progress as it is recorded. `now`: in ms since 1970. */
  recorded(now: number): RecordedProgress | undefined {
    if (this.latest === undefined) {
      return undefined
    }
    const { rowsRead, rowsApplied, rowsNotApplied, calls = 0, rowLimit, hasReadAll = false, waitingFor } =
      this.latest.progress
    const expected = hasReadAll ? rowsRead : rowLimit
    const done = rowsApplied + rowsNotApplied
    const rowsPerSecond = this.rate()
    return {
      rowsRead, rowsApplied, rowsNotApplied, calls, callLimit: this.callLimit, rowLimit, hasReadAll,
      percent: expected === undefined || expected === 0 ? undefined :
        Math.min(100, Math.round(100 * done / expected)),
      rowsPerSecond,
      expectedEnd: expected === undefined || rowsPerSecond === undefined || rowsPerSecond === 0 ? undefined :
        new Date(now + Math.max(0, expected - done) / rowsPerSecond * 1000).toISOString(),
      waitingFor,
    }
  }

  private rate(): number | undefined {
    const [first] = this.recent
    const last = this.recent[this.recent.length - 1]
    return this.recent.length < 2 || last.atMs <= first.atMs ? undefined :
      Math.round((last.rowsDone - first.rowsDone) / (last.atMs - first.atMs) * 10_000) / 10
  }
}

function doneOf({ rowsApplied, rowsNotApplied }: RunProgress): number {
  return rowsApplied + rowsNotApplied
}
