import { ApiError } from "./api_error"
import { Program, ProgressionStatus, StaticList } from "./assets"
import { BulkFormat } from "./delimited_text"
import { Upsert } from "./upsert"

const MAX_PROCESSING = 2
const MAX_QUEUED = 10
const JOB_LIFE_MS = 7 * 86_400_000

/** One bulk import, of leads or of program members. */
export interface BulkJob {
  id: number
  kind: "leads" | "programMembers"
  status: "Queued" | "Importing" | "Complete" | "Failed"
  format: BulkFormat
  header: string[]
  rows: string[][]
  upsert: Upsert
  list: StaticList | undefined
  /** The program and status that the imported leads get. */
  membership: { program: Program, status: ProgressionStatus } | undefined
  /** ms since 1970. */
  createdAt: number
  message: string
  processed: number
  failures: { row: string[], reason: string }[]
  warnings: { row: string[], reason: string }[]
  /** What goes wrong with it. */
  trouble: JobTrouble | undefined
}

/** An injected fault of a job. */
export interface JobTrouble {
  failsAfterRows?: number
  message?: string
  isLost?: "queued" | "done"
}

/** The parts of a job that an import call decides. */
type WantedJob = Pick<BulkJob, "kind" | "format" | "header" | "rows" | "upsert" | "list" | "membership" | "trouble">

/** Begins the work of a job. The returned function ends it. */
export type BeginJob = (job: BulkJob) => () => void

/** The parts of the instance that the queue needs. */
interface Clock {
  now: () => number
  later: (ms: number, task: () => void) => void
  knobs: { bulkJobMs: number, bulkRowMs: number }
}

/** The import queue of one instance: two jobs at work, ten in all. */
export class BulkJobs {
  private readonly jobs = new Map<number, BulkJob>()
  private readonly waiting: { job: BulkJob, begin: BeginJob, clock: Clock }[] = []
  private processing = 0
  private nextId = 5001

  /** Queues a job. Throws 1016 if ten are waiting or at work, and 1019 if its list has one already. */
  add(wanted: WantedJob, begin: BeginJob, clock: Clock): BulkJob {
    if (this.waiting.length + this.processing >= MAX_QUEUED) {
      throw new ApiError("1016",
        `There are ${MAX_QUEUED} imports currently being processed. Please try again later`)
    }
    if (wanted.list?.importRunning) {
      throw new ApiError("1019", "Import in progress")
    }
    const job: BulkJob = { ...wanted, id: this.nextId++, status: "Queued", createdAt: clock.now(), processed: 0,
      message: "", failures: [], warnings: [] }
    if (job.trouble?.isLost === "queued") {
      return job
    }
    this.jobs.set(job.id, job)
    this.waiting.push({ job, begin, clock })
    if (job.list) {
      job.list.importRunning = true
    }
    clock.later(0, () => this.startNext())
    return job
  }

  /** Returns the job, unless it is unknown or older than seven days. */
  find(id: number, now: number): BulkJob | undefined {
    const job = this.jobs.get(id)
    return job && now - job.createdAt <= JOB_LIFE_MS ? job : undefined
  }

  /** The server starts anew: jobs that are not done are lost, and their lists are free. */
  restart() {
    this.waiting.length = 0
    this.jobs.forEach((job, id) => {
      if (job.status === "Queued" || job.status === "Importing") {
        this.jobs.delete(id)
        if (job.list) {
          job.list.importRunning = false
        }
      }
    })
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
    const { job, begin, clock } = next
    job.status = "Importing"
    const finish = begin(job)
    const { bulkJobMs, bulkRowMs } = clock.knobs
    clock.later(bulkJobMs + bulkRowMs * job.rows.length, () => {
      finish()
      // Nobody asks for them again, and they are many.
      job.rows = []
      if (job.trouble?.isLost === "done") {
        this.jobs.delete(job.id)
      }
      if (job.list) {
        job.list.importRunning = false
      }
      this.processing--
      this.startNext()
    })
  }
}
