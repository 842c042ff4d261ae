import { Call, World } from "../calls/api_reply"
import { BulkJob } from "../instance/bulk_jobs"
import { checkValue } from "../instance/lead_values"
import { setStatus } from "./program_members"
import { isWritableMemberField } from "../setup/member_fields"
import { SyncOutcome, upsertWork } from "./sync_leads"

const ONE_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Looks the keys up now. The returned function writes. Between them the job takes part in the key race. */
export function beginRows(job: BulkJob, call: Call, world: World): () => void {
  const isMemberField = (name: string) => job.membership !== undefined && isWritableMemberField(name)
  const unknown = job.header.find((name) => !world.store.schema.field(name) && !isMemberField(name))
  if (unknown !== undefined || !job.header.includes(job.upsert.lookupField.restName)) {
    return () => {
      job.status = "Failed"
      job.message = unknown === undefined
        ? `Import failed: no column for lookup field '${job.upsert.lookupField.restName}'`
        : `Import failed: field '${unknown}' not found`
    }
  }
  const { failsAfterRows, message } = job.trouble ?? {}
  const accepted = job.rows.slice(0, failsAfterRows).filter((row) => acceptRow(row, job, world))
  const records = accepted.map((row) => valuesOf(row, job.header, (name) => !isMemberField(name)))
  const work = upsertWork(call, world, job.upsert, records)
  work.lookUp?.()
  return () => {
    const outcomes = work.commit().result as SyncOutcome[]
    outcomes.forEach((outcome, index) => account(outcome, accepted[index], job, call, world))
    job.status = failsAfterRows === undefined ? "Complete" : "Failed"
    job.message = failsAfterRows === undefined ? completionMessage(job) : message ?? "Import failed"
  }
}

/** Returns true if the row may be imported. A refused row becomes a failure, a doubtful address a warning. */
function acceptRow(row: string[], job: BulkJob, { store, knobs }: World): boolean {
  for (const [column, name] of job.header.entries()) {
    const field = store.schema.field(name)
    if (field && name !== "email" && checkValue(field, row[column] ?? "", knobs).kind === "bad") {
      job.failures.push({ row, reason: `Invalid data type in field ${field.displayName}` })
      return false
    }
  }
  const email = row[job.header.indexOf("email")] || undefined
  if (email !== undefined && !ONE_ADDRESS.test(email)) {
    job.warnings.push({ row, reason: "Invalid email address" })
  }
  return true
}

function account(outcome: SyncOutcome, row: string[], job: BulkJob, call: Call, { ledger, now }: World) {
  if (outcome.status === "skipped") {
    job.failures.push({ row, reason: outcome.reasons[0].message })
    return
  }
  job.processed++
  joinProgram(outcome.id, row, job, call, { ledger, now })
  if (job.list) {
    const changed = !job.list.members.has(outcome.id)
    job.list.members.add(outcome.id)
    ledger.recordListChange({ target: job.list.id, leadId: outcome.id, kind: "added", changed, at: now(),
      call: call.entry.sequence })
  }
}

/**
 * Adds the lead to the program. A member past the status keeps its own, but its member fields are written all the same.
 */
function joinProgram(leadId: number, row: string[], job: BulkJob, call: Call,
  { ledger, now }: Pick<World, "ledger" | "now">) {
  if (!job.membership) {
    return
  }
  const { program, status } = job.membership
  const changed = typeof setStatus(program, leadId, status, { now }) === "string"
  const member = program.members.get(leadId)
  if (member) {
    Object.assign(member.values, valuesOf(row, job.header, isWritableMemberField))
  }
  ledger.recordProgramChange({ target: program.id, leadId, kind: "status", changed, at: now(),
    call: call.entry.sequence })
}

function valuesOf(row: string[], header: string[], isWanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(header.flatMap((name, column) => isWanted(name) ? [[name, row[column] ?? ""]] : []))
}

function completionMessage({ processed, failures, warnings, list, membership }: BulkJob): string {
  const counts = `${processed} records imported (${list || membership ? processed : 0} members)`
  if (failures.length > 0) {
    return `Import completed with errors, ${counts}, ${failures.length} failed`
  }
  return `Import succeeded, ${counts}${warnings.length > 0 ? `, ${warnings.length} warning.` : ""}`
}
