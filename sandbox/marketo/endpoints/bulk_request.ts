import { ApiError, Call, Operation, ResultBody } from "../calls/api_reply"
import { BulkJob } from "../instance/bulk_jobs"
import { BulkFormat, bulkFormat, formatDelimited, parseDelimited } from "../instance/delimited_text"
import { parseMultipart } from "../calls/multipart"
import { numberFrom } from "../calls/request_input"

const CONTENT_TYPES: Record<BulkFormat, string> = {
  csv: "text/csv;charset=UTF-8", tsv: "text/tab-separated-values;charset=UTF-8", ssv: "text/csv;charset=UTF-8",
}

/** The parts that both kinds of import share: parameters in the query or as form fields, and a file with a header. */
export interface ImportRequest {
  parameter: (name: string) => string | undefined
  format: BulkFormat
  header: string[]
  rows: string[][]
}

/** Takes an import call apart. Throws 613 without a multipart body, and 1003 for an unknown format or an empty file. */
export function importRequest(call: Call): ImportRequest {
  const { fields, file } = parseMultipart(call.contentType, call.rawBody)
  const parameter = (name: string) => call.parameters.one(name) ?? (fields.get(name) || undefined)
  const format = bulkFormat(parameter("format"))
  if (!format) {
    throw new ApiError("1003", `Invalid value '${parameter("format") ?? ""}' for 'format'`)
  }
  const [header, ...rows] = parseDelimited((file ?? "").replace(/^\uFEFF/, ""), format)
  if (!header || rows.length === 0) {
    throw new ApiError("1003", "Empty file")
  }
  call.entry.batchSize = rows.length
  return { parameter, format, header, rows }
}

export function importAnswer({ id, status }: BulkJob): ResultBody {
  return { result: [{ batchId: id, importId: String(id), status }] }
}

/** What an injected fault does to the job of a call. */
export function troubleOf({ fault }: Call): BulkJob["trouble"] {
  return fault?.kind === "job" ? fault : undefined
}

/** A read of one job, which must be of the kind that the path is for. */
export function bulkRead(name: string, path: string, kind: BulkJob["kind"],
  answer: (job: BulkJob) => ResultBody): Operation {
  return {
    name, method: "GET", path, family: "bulk", latency: "bulk", permissions: ["Read-Write Lead"], body: "none",
    begin: (call, world) => {
      const job = world.store.bulkJobs.find(numberFrom(call.pathValues[0]), world.now())
      if (job?.kind !== kind) {
        throw new ApiError("1013", "Batch not found")
      }
      return { commit: () => answer(job) }
    },
  }
}

export function statusElement(job: BulkJob): object {
  const { id, status, processed, failures, warnings, message } = job
  return {
    batchId: id, importId: String(id), status, numOfLeadsProcessed: processed, numOfRowsFailed: failures.length,
    numOfRowsWithWarning: warnings.length, message,
  }
}

export function failureFile(job: BulkJob): ResultBody {
  return reasonFile(job, job.failures, "Import Failure Reason")
}

export function warningFile(job: BulkJob): ResultBody {
  return reasonFile(job, job.warnings, "Import Warning Reason")
}

function reasonFile(job: BulkJob, rows: BulkJob["failures"], column: string): ResultBody {
  // Columns that are empty in all of these rows are missing, as users of the API report.
  const kept = job.header.map((_name, at) => at).filter((at) => rows.length === 0 || rows.some(({ row }) => row[at]))
  const table = [[...kept.map((at) => job.header[at]), column],
    ...rows.map(({ row, reason }) => [...kept.map((at) => row[at] ?? ""), reason])]
  return { file: { contentType: CONTENT_TYPES[job.format], text: formatDelimited(table, job.format) } }
}
