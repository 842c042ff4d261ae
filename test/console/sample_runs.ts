import { CallLimit } from "../../src/hub/run_account"
import { timePart } from "../../src/runs/records/run_id"
import { RunRecord, RunSample } from "../../src/runs/records/run_record"
import { aRecord } from "../runs/a_record"

export const LIMIT: CallLimit = { name: "marketo 123-abc-456.mktorest.com", callsPerWindow: 50, windowMs: 20_000 }

const WAITING = "its turn in Marketo's quota"
const MINUTE_MS = 60_000

/** Returns an id that is the same each time. `began`: in ms since 1970. */
function idOf(began: number, number: number): string {
  return `${timePart(began)}-sample${number.toString(36).padStart(2, "0")}`
}

/** Returns samples of a run that reads quickly and then waits for the quota: one in a second. */
function samplesOf(seconds: number, rows: number, applied = rows): RunSample[] {
  return Array.from({ length: seconds + 1 }, (_sample, second) => {
    const calls = Math.min(Math.floor(second * 2.45) + 1, Math.ceil(rows / 300))
    const rowsRead = Math.min(rows, second * 900)
    return {
      atMs: second * 1000, rowsRead, rowsApplied: Math.min(applied, rowsRead, calls * 300), calls,
      ...(second > 8 && second % 20 > 9 ? { waitingFor: WAITING } : {}),
    }
  })
}

/** A run under way, so many seconds old at `now` (ms since 1970). */
export function runUnderWay(now: number, ageSeconds = 42): RunRecord {
  const began = now - ageSeconds * 1000
  const samples = samplesOf(ageSeconds, 60_000)
  const last = samples[samples.length - 1]
  return aRecord({
    id: idOf(began, 1), outcome: "running", plan: { id: "42", title: "Weekly newsletter" }, instance: "looker-eu",
    webhookId: "a1b2c3", hub: { host: "hub-1", pid: 7 }, updatedAt: new Date(now).toISOString(), samples,
    progress: {
      rowsRead: last.rowsRead, rowsApplied: last.rowsApplied, rowsNotApplied: 113, calls: last.calls, rowLimit: 60_000,
      hasReadAll: false, percent: 52, rowsPerSecond: 748.2, expectedEnd: new Date(now + 38_000).toISOString(),
      waitingFor: WAITING, callLimit: LIMIT,
    },
  })
}

/** A run that ended with some rows not applied, so many minutes before `now` (ms since 1970). */
export function runThatEnded(now: number, minutesAgo = 12): RunRecord {
  const began = now - minutesAgo * MINUTE_MS
  const samples = samplesOf(74, 52_000, 51_408)
  return aRecord({
    id: idOf(began, 2), outcome: "partial", category: "rows", plan: { id: "7", title: "Trial users of the week" },
    instance: "looker-eu", webhookId: "d4e5f6", hub: { host: "hub-1", pid: 7 },
    endedAt: new Date(began + 75_200).toISOString(), durationMs: 75_200, samples,
    summary: "51,408 of 52,000 rows were applied: 18,220 leads created, 33,188 updated; 540 were skipped, 52 failed.",
    progress: {
      rowsRead: 52_000, rowsApplied: 51_408, rowsNotApplied: 592, calls: 174, hasReadAll: true, percent: 100,
      rowsPerSecond: 701.4, callLimit: LIMIT,
    },
    counts: {
      received: 52_000, created: 18_220, updated: 33_188, merged: 0, skipped: 540, failed: 52, notSent: 0, calls: 176,
      throttledCalls: 3, quotaWaitMs: 31_200, retryWaitMs: 4100,
    },
    membership: [{ target: "list 1001", counts: { changed: 51_300, already: 108, skipped: 0, failed: 0 } }],
    reasons: [
      { reason: "skipped: No value for the lookup field", count: 412 },
      { reason: "skipped: more than one lead has the lookup value", count: 128, code: "1007" },
      { reason: "failed: a value is not valid for its field", count: 52, code: "1003" },
    ],
    notes: ["The column Users Age was not sent, since it has no tag."], hasRowReport: true,
  })
}

/** Runs of the hours before `now` (ms since 1970), one with each outcome. */
export function runsBefore(now: number): RunRecord[] {
  const ended = (number: number, minutesAgo: number, members: Partial<RunRecord>): RunRecord => {
    const began = now - minutesAgo * MINUTE_MS
    const durationMs = members.durationMs ?? 9000
    return aRecord({
      id: idOf(began, number), hub: { host: "hub-1", pid: 7 }, durationMs,
      endedAt: new Date(began + durationMs).toISOString(), ...members,
    })
  }
  return [
    runThatEnded(now),
    ended(3, 31, {
      plan: { id: "42", title: "Weekly newsletter" }, counts: { received: 1840 }, summary: "1,840 rows received.",
      progress: { rowsRead: 1840, rowsApplied: 1840, rowsNotApplied: 0, calls: 8, hasReadAll: true },
    }),
    ended(4, 55, {
      plan: { id: "9", title: "Churn scores" }, outcome: "failure", category: "access", durationMs: 900,
      summary: "Nothing was sent. Marketo does not accept the credentials, or refuses a permission.",
    }),
    ended(5, 78, {
      outcome: "lost", category: "hub", durationMs: 64_000, counts: {},
      summary: "The run's process ended before it could report. 4,200 of the 9,000 rows read so far had been written.",
      progress: { rowsRead: 9000, rowsApplied: 4200, rowsNotApplied: 0, calls: 15, hasReadAll: false },
    }),
    ended(6, 95, {
      plan: { id: "11", title: "Webinar guests" }, isDryRun: true, counts: { received: 320 },
      progress: { rowsRead: 320, rowsApplied: 320, rowsNotApplied: 0, calls: 2, hasReadAll: true },
    }),
  ]
}
