import type { RunSample } from "../../src/runs/records/run_record"

/**
 * Returns the calls of a run in the window before each of its samples. Between samples calls count as spread evenly.
 * `windowMs`: the window of the quota.
 */
export function callsInWindows(samples: RunSample[], windowMs: number): number[] {
  const known = [{ atMs: 0, calls: 0 }, ...samples]
  const callsAt = (atMs: number): number => {
    const next = known.findIndex((sample) => sample.atMs >= atMs)
    if (next <= 0) {
      return next === 0 ? known[0].calls : known[known.length - 1].calls
    }
    const [one, other] = [known[next - 1], known[next]]
    return one.calls + (other.calls - one.calls) * (atMs - one.atMs) / (other.atMs - one.atMs)
  }
  return samples.map(({ atMs, calls }) => Math.round(10 * (calls - callsAt(Math.max(0, atMs - windowMs)))) / 10)
}
