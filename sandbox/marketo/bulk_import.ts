import { ApiError, Call, Operation, Work, World } from "./api_reply"
import { BulkJob } from "./bulk_jobs"
import { BulkFormat, formatDelimited, isBulkFormat, parseDelimited } from "./delimited_text"
import { parseMultipart } from "./multipart"
import { numberFrom } from "./request_input"
import { upsertFrom } from "./sync_leads"

const CONTENT_TYPES: Record<BulkFormat, string> = {
  csv: "text/csv;charset=UTF-8", tsv: "text/tab-separated-values;charset=UTF-8", ssv: "text/csv;charset=UTF-8",
}

export const BULK_OPERATIONS: Operation[] = [
  {
    name: "bulkImport", method: "POST", path: "/bulk/v1/leads.json", family: "bulk", latency: "bulk",
    permissions: ["Read-Write Lead"], body: "multipart", begin: beginImport,
  },
  read("bulkImportStatus", "/bulk/v1/leads/batch/{batchId}.json", (job) => ({ result: [statusElement(job)] })),
  read("bulkImportFailures", "/bulk/v1/leads/batch/{batchId}/failures.json",
    (job) => ({ file: reasonFile(job, job.failures, "Import Failure Reason") })),
  read("bulkImportWarnings", "/bulk/v1/leads/batch/{batchId}/warnings.json",
    (job) => ({ file: reasonFile(job, job.warnings, "Import Warning Reason") })),
]

function read(name: string, path: string, answer: (job: BulkJob) => ReturnType<Work["commit"]>): Operation {
  return {
    name, method: "GET", path, family: "bulk", latency: "bulk", permissions: ["Read-Write Lead"], body: "none",
    begin: (call, world) => {
      const job = world.store.bulkJobs.find(numberFrom(call.pathValues[0]), world.now())
      if (!job) {
        throw new ApiError("1013", "Batch not found")
      }
      return { commit: () => answer(job) }
    },
  }
}

function beginImport(call: Call, world: World): Work {
  const { fields, file } = parseMultipart(call.contentType, call.rawBody)
  const parameter = (name: string) => call.parameters.one(name) ?? (fields.get(name) || undefined)
  const format = parameter("format")
  if (!isBulkFormat(format)) {
    throw new ApiError(format === undefined ? "1002" : "1003", format === undefined
      ? "Missing value for the required parameter 'format'" : `Invalid value '${format}' for 'format'`)
  }
  const [header, ...rows] = parseDelimited((file ?? "").replace(/^\uFEFF/, ""), format)
  if (!header || rows.length === 0) {
    throw new ApiError("1003", "Empty file")
  }
  call.entry.batchSize = rows.length
  const lookupField = parameter("lookupField") ?? "email"
  const upsert = upsertFrom({ lookupField, partitionName: parameter("partitionName"),
    action: lookupField === "id" ? "updateOnly" : "createOrUpdate" }, world)
  const listId = parameter("listId")
  const list = listId === undefined ? undefined : world.store.lists.get(numberFrom(listId))
  if (listId !== undefined && !list) {
    throw new ApiError("1013", "List not found")
  }
  return { commit: () => {
    const { id, status } = world.store.bulkJobs.add({ format, header, rows, upsert, list }, call, world)
    return { result: [{ batchId: id, importId: String(id), status }] }
  } }
}

function statusElement(job: BulkJob): object {
  const { id, status, processed, failures, warnings, message } = job
  return {
    batchId: id, importId: String(id), status, numOfLeadsProcessed: processed, numOfRowsFailed: failures.length,
    numOfRowsWithWarning: warnings.length, message,
  }
}

function reasonFile(job: BulkJob, rows: BulkJob["failures"], column: string) {
  const table = [[...job.header, column], ...rows.map(({ row, reason }) => [...row, reason])]
  return { contentType: CONTENT_TYPES[job.format], text: formatDelimited(table, job.format) }
}
