import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import {
  bulkRead, failureFile, importAnswer, importRequest, statusElement, troubleOf, warningFile,
} from "./bulk_request"
import { beginRows } from "./bulk_rows"
import { numberFrom } from "../calls/request_input"
import { upsertFrom } from "./sync_leads"

const BATCH = "/bulk/v1/leads/batch/{batchId}"

export const BULK_OPERATIONS: Operation[] = [
  {
    name: "bulkImport", method: "POST", path: "/bulk/v1/leads.json", family: "bulk", latency: "bulk",
    permissions: ["Read-Write Lead"], body: "multipart", begin: beginImport,
  },
  bulkRead("bulkImportStatus", `${BATCH}.json`, "leads", (job) => ({ result: [statusElement(job)] })),
  bulkRead("bulkImportFailures", `${BATCH}/failures.json`, "leads", failureFile),
  bulkRead("bulkImportWarnings", `${BATCH}/warnings.json`, "leads", warningFile),
]

function beginImport(call: Call, world: World): Work {
  const { parameter, format, header, rows } = importRequest(call)
  const lookupField = parameter("lookupField") ?? "email"
  const upsert = upsertFrom({ lookupField, partitionName: parameter("partitionName"),
    action: lookupField === "id" ? "updateOnly" : "createOrUpdate" }, world)
  const listId = parameter("listId")
  const list = listId === undefined ? undefined : world.store.lists.get(numberFrom(listId))
  if (listId !== undefined && !list) {
    throw new ApiError("1013", "List not found")
  }
  return { commit: () => importAnswer(world.store.bulkJobs.add(
    { kind: "leads", format, header, rows, upsert, list, membership: undefined, trouble: troubleOf(call) },
    (job) => beginRows(job, call, world), world)) }
}
