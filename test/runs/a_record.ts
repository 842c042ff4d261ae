import { newRunId, timeOfRunId } from "../../src/runs/records/run_id"
import { RunRecord } from "../../src/runs/records/run_record"

/** Returns a record of a run that succeeded, with members in place of the usual ones. */
export function aRecord(members: Partial<RunRecord> = {}): RunRecord {
  const id = members.id ?? newRunId()
  const startedAt = new Date(timeOfRunId(id)).toISOString()
  return {
    id, action: "marketo", hub: { host: "there", pid: 1 }, startedAt, updatedAt: startedAt, outcome: "success",
    isDryRun: false, counts: {}, membership: [], reasons: [], notes: [], hasRowReport: false, samples: [], ...members,
  }
}
