import { ApiError, Call, World } from "./api_reply"
import { StaticList } from "./assets"
import { BulkFormat } from "./delimited_text"
import { checkValue } from "./lead_values"
import { SyncOutcome, Upsert, upsertWork } from "./sync_leads"

const MAX_PROCESSING = 2
const MAX_QUEUED = 10
const JOB_LIFE_MS = 7 * 86_400_000
const ONE_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** One bulk lead import. */
export interface BulkJob {
  id: number
  status: "Queued" | "Importing" | "Complete" | "Failed"
  format: BulkFormat
  header: string[]
  rows: string[][]
  upsert: Upsert
  list: StaticList | undefined
  /** ms since 1970. */
  createdAt: number
  message: string
  processed: number
  failures: { row: string[], reason: string }[]
  warnings: { row: string[], reason: string }[]
}

/** The import queue of one instance: two jobs at work, ten in all. */
export class BulkJobs {
  private readonly jobs = new Map<number, BulkJob>()
  private readonly waiting: { job: BulkJob, call: Call, world: World }[] = []
  private processing = 0
  private nextId = 5001

  /** Queues a job; throws 1016 when ten are waiting or at work, 1019 when its list has one already. */
  add(wanted: Pick<BulkJob, "format" | "header" | "rows" | "upsert" | "list">, call: Call, world: World): BulkJob {
    if (this.waiting.length + this.processing >= MAX_QUEUED) {
      throw new ApiError("1016",
        `There are ${MAX_QUEUED} imports currently being processed. Please try again later`)
    }
    if (wanted.list?.importRunning) {
      throw new ApiError("1019", "Import in progress")
    }
    const job: BulkJob = { ...wanted, id: this.nextId++, status: "Queued", createdAt: world.now(), processed: 0,
      message: "", failures: [], warnings: [] }
    this.jobs.set(job.id, job)
    this.waiting.push({ job, call, world })
    if (job.list) {
      job.list.importRunning = true
    }
    world.later(0, () => this.startNext())
    return job
  }

  /** The job, unless it is unknown or older than seven days. */
  find(id: number, now: number): BulkJob | undefined {
    const job = this.jobs.get(id)
    return job && now - job.createdAt <= JOB_LIFE_MS ? job : undefined
  }

  private startNext() {
    if (this.processing >= MAX_PROCESSING) {
      return
    }
    const next = this.waiting.shift()
    if (!next) {
      return
    }
    this.processing++
    const { job, call, world } = next
    job.status = "Importing"
    const finish = begin(job, call, world)
    world.later(world.knobs.bulkJobMs, () => {
      finish()
      if (job.list) {
        job.list.importRunning = false
      }
      this.processing--
      this.startNext()
    })
  }
}

/** Looks the keys up now; the returned function writes. Between them the job takes part in the key race. */
function begin(job: BulkJob, call: Call, world: World): () => void {
  const unknown = job.header.find((name) => !world.store.schema.field(name))
  if (unknown !== undefined || !job.header.includes(job.upsert.lookupField.restName)) {
    return () => {
      job.status = "Failed"
      job.message = unknown === undefined
        ? `Import failed: no column for lookup field '${job.upsert.lookupField.restName}'`
        : `Import failed: field '${unknown}' not found`
    }
  }
  const accepted = job.rows.filter((row) => acceptRow(row, job, world))
  const records = accepted.map((row) => Object.fromEntries(job.header.map((name, column) => [name, row[column] ?? ""])))
  const work = upsertWork(call, world, job.upsert, records)
  work.lookUp?.()
  return () => {
    const outcomes = work.commit().result as SyncOutcome[]
    outcomes.forEach((outcome, index) => account(outcome, accepted[index], job, call, world))
    job.status = "Complete"
    job.message = completionMessage(job)
  }
}

/** Whether the row may be imported; a refused one becomes a failure, a doubtful address a warning. */
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
  if (job.list) {
    const changed = !job.list.members.has(outcome.id)
    job.list.members.add(outcome.id)
    ledger.recordListChange({ target: job.list.id, leadId: outcome.id, kind: "added", changed, at: now(),
      call: call.entry.sequence })
  }
}

function completionMessage({ processed, failures, warnings, list }: BulkJob): string {
  const counts = `${processed} records imported (${list ? processed : 0} members)`
  if (failures.length > 0) {
    return `Import completed with errors, ${counts}, ${failures.length} failed`
  }
  return `Import succeeded, ${counts}${warnings.length > 0 ? `, ${warnings.length} warning.` : ""}`
}
