import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import {
  bulkRead, failureFile, importAnswer, importRequest, statusElement, troubleOf, warningFile,
} from "./bulk_request"
import { beginRows } from "./bulk_rows"
import { memberStatus, programOf } from "./program_members"
import { upsertFrom } from "./sync_leads"

const BATCH = "/bulk/v1/program/members/import/{batchId}"

/**
 * Bulk import of program members. Leads are upserted by `email`, which every file needs, and become members with one
 * status. The jobs wait in the same queue as those of leads.
 */
export const BULK_PROGRAM_MEMBER_OPERATIONS: Operation[] = [
  {
    name: "bulkProgramMemberImport", method: "POST", path: "/bulk/v1/program/{programId}/members/import.json",
    family: "bulk", latency: "bulk", permissions: ["Read-Write Lead"], body: "multipart", begin: beginImport,
  },
  bulkRead("bulkProgramMemberStatus", `${BATCH}/status.json`, "programMembers",
    (job) => ({ result: [statusElement(job)] })),
  bulkRead("bulkProgramMemberFailures", `${BATCH}/failures.json`, "programMembers", failureFile),
  bulkRead("bulkProgramMemberWarnings", `${BATCH}/warnings.json`, "programMembers", warningFile),
]

function beginImport(call: Call, world: World): Work {
  const program = programOf(call, world)
  const { parameter, format, header, rows } = importRequest(call)
  const statusName = parameter("programMemberStatus")
  if (statusName === undefined) {
    throw new ApiError("1002", "Missing value for the required parameter 'programMemberStatus'")
  }
  const status = memberStatus(program, statusName, world)
  if (!status) {
    throw new ApiError("1025", "Program status not found")
  }
  const upsert = upsertFrom({ lookupField: "email", action: "createOrUpdate" }, world)
  return { commit: () => importAnswer(world.store.bulkJobs.add(
    { kind: "programMembers", format, header, rows, upsert, list: undefined, membership: { program, status },
      trouble: troubleOf(call) },
    (job) => beginRows(job, call, world), world)) }
}
