import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import { ProgressionStatus, Program, ProgramMember } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { MEMBER_FIELDS, MemberField, isWritableMemberField, memberField } from "../setup/member_fields"
import { LeadValue, badValueMessage, checkValue, timestamp } from "../instance/lead_values"
import { LeadValues } from "../instance/lead_store"
import { visibleLead } from "../calls/lead_visibility"
import { PAGE_OF_300, pageOf } from "./paging"
import { forcedReason } from "../faults/record_faults"
import { bodyObject, inputOf, numberFrom } from "../calls/request_input"

const PATH = "/rest/v1/programs/{programId}/members.json"
const READ: Operation["permissions"] = ["Read-Only Lead", "Read-Write Lead"]
const WRITE: Operation["permissions"] = ["Read-Write Lead"]
const WEEK_MS = 7 * 86_400_000
const MAX_MEMBERS_FOR_FILTER = 100_000

const DEFAULT_FIELDS = ["acquiredBy", "leadId", "membershipDate", "programId", "reachedSuccess"]
const NOT_IN_PROGRAM = "Not in Program"

export const PROGRAM_MEMBER_OPERATIONS: Operation[] = [
  operation("describeProgramMembers", "GET", "/rest/v1/programs/members/describe.json", (_call) =>
    ({ commit: () => ({ result: [{ name: "API Program Membership", dedupeFields: ["leadId", "programId"],
      searchableFields: MEMBER_FIELDS.filter(({ searchable }) => searchable).map(({ restName }) => [restName]),
      fields: MEMBER_FIELDS.map(describeEntry) }] }) })),
  operation("programMembers", "GET", PATH, beginRead),
  operation("setProgramStatus", "POST", "/rest/v1/programs/{programId}/members/status.json", beginStatus),
  operation("setProgramMemberData", "POST", PATH, beginData),
  operation("deleteProgramMembers", "POST", "/rest/v1/programs/{programId}/members/delete.json", beginDelete),
]

function operation(name: string, method: "GET" | "POST", path: string, begin: Operation["begin"]): Operation {
  return { name, method, path, family: "leadDatabase", latency: method === "GET" ? "read" : "list",
    permissions: method === "GET" ? READ : WRITE, body: method === "GET" ? "none" : "json", begin }
}

function beginStatus(call: Call, world: World): Work {
  const program = programOf(call, world)
  const { statusName } = bodyObject(call)
  if (typeof statusName !== "string" || statusName === "") {
    throw new ApiError("1002", "Missing value for the required parameter 'statusName'")
  }
  const status = memberStatus(program, statusName, world)
  if (!status && world.knobs.unknownStatusLevel === "response") {
    throw new ApiError("1025", "Program status not found")
  }
  return eachMember(call, world, (leadId) => {
    if (!visibleLead(call.service, world.store, leadId)) {
      return ["1004", "Lead not found"]
    }
    return status ? setStatus(program, leadId, status, world) : ["1025", "Program status not found"]
  }, program, "status")
}

/** Returns a status of the program's channel that a member can have. */
export function memberStatus(program: Program, statusName: string, { store }: World): ProgressionStatus | undefined {
  return store.channelOf(program)?.statuses.find(({ name }) => name === statusName && name !== NOT_IN_PROGRAM)
}

/** Makes the lead a member or moves it forward. Returns the outcome, or code and message of a skip. */
export function setStatus(program: Program, leadId: number, status: ProgressionStatus,
  { now }: Pick<World, "now">): string | [string, string] {
  const member = program.members.get(leadId)
  if (member && status.step <= member.step) {
    return ["1037", "Lead skipped because it is already in or past this status"]
  }
  program.members.set(leadId, {
    values: {}, membershipDate: now(), ...member, statusName: status.name, step: status.step,
    reachedSuccess: status.success || member?.reachedSuccess === true, updatedAt: now(),
  })
  return member ? "updated" : "created"
}

function describeEntry({ restName, displayName, dataType, length, custom }: MemberField): object {
  return { name: restName, displayName, dataType, ...(length === undefined ? {} : { length }),
    updateable: custom, crmManaged: false }
}

/**
 * Writes custom fields of members, by the rules of lead fields: the first bad one keeps its record from being written,
 * and "" and null clear.
 */
function beginData(call: Call, world: World): Work {
  const program = programOf(call, world)
  if (world.knobs.unknownField === "response") {
    inputOf(call, world).forEach((record) => Object.keys(record ?? {}).forEach(refuseUnknownField))
  }
  return eachMember(call, world, (leadId, { leadId: _leadId, ...values }) => {
    const member = program.members.get(leadId)
    if (!member) {
      return ["1013", "Membership not found"]
    }
    const checked = checkedValues(values, world)
    if (Array.isArray(checked)) {
      return checked
    }
    Object.assign(member.values, checked)
    member.updatedAt = world.now()
    return "updated"
  }, program, "data")
}

function refuseUnknownField(restName: string) {
  if (!memberField(restName)) {
    throw new ApiError("1006", `Field '${restName}' not found`)
  }
}

/** Returns the values as they are stored, or code and message of a skip. */
function checkedValues(values: Record<string, LeadValue>, { knobs }: World): LeadValues | [string, string] {
  const checked: LeadValues = {}
  for (const [name, sent] of Object.entries(values)) {
    const field = memberField(name)
    if (!field) {
      return ["1006", `Field '${name}' not found`]
    }
    if (!isWritableMemberField(name)) {
      return ["1011", `Field '${name}' not supported`]
    }
    const value = checkValue(field, sent, knobs)
    if (value.kind === "bad") {
      return ["1003", badValueMessage(name, sent, knobs)]
    }
    checked[name] = value.value
  }
  return checked
}

function beginDelete(call: Call, world: World): Work {
  const program = programOf(call, world)
  return eachMember(call, world, (leadId) =>
    program.members.delete(leadId) ? "deleted" : ["1037", "Lead not in program"], program, "removed")
}

/** Runs the change for each record. It returns a status, or code and message of a skip (which has no leadId). */
function eachMember(call: Call, world: World,
  change: (leadId: number, record: Record<string, LeadValue>) => string | [string, string],
  program: Program, kind: "status" | "data" | "removed"): Work {
  const records = inputOf(call, world) as Record<string, LeadValue>[]
  const leadIds = records.map((record) => numberFrom(record?.leadId ?? null))
  return { commit: () => ({ result: records.map((record, seq) => {
    const forced = forcedReason(call, seq, record)
    const outcome = forced ? [forced.code, forced.message] : change(leadIds[seq], record)
    if (typeof outcome !== "string") {
      return { seq, status: "skipped", reasons: [{ code: outcome[0], message: outcome[1] }] }
    }
    world.ledger.recordProgramChange({ target: program.id, leadId: leadIds[seq], kind, changed: true, at: world.now(),
      call: call.entry.sequence })
    return { seq, status: outcome, leadId: leadIds[seq] }
  }) }) }
}

function beginRead(call: Call, world: World): Work {
  const program = programOf(call, world)
  const isWanted = memberFilter(call, program)
  const wanted = call.parameters.list("fields")
  const page = pageOf(call, world, PAGE_OF_300, "always")
  return { commit: () => {
    const members = [...program.members].filter(([leadId, member]) => isWanted(leadId, member))
    return page(members.map(([leadId, member], seq) =>
      memberElement(seq, leadId, member, program, wanted.length > 0 ? wanted : DEFAULT_FIELDS)))
  } }
}

function memberFilter(call: Call, program: Program): (leadId: number, member: ProgramMember) => boolean {
  const filterType = call.parameters.one("filterType")
  const values = new Set(call.parameters.list("filterValues").map((value) => value.toLowerCase()))
  if (filterType === undefined) {
    throw new ApiError("1003", "filterType not specified")
  }
  if (filterType !== "leadId" && program.members.size > MAX_MEMBERS_FOR_FILTER) {
    throw new ApiError("1003",
      `Total membership size: ${program.members.size} exceeds the limit allowed 100,000 for the filter`)
  }
  if (filterType === "updatedAt") {
    return updatedFilter(call)
  }
  if (values.size === 0) {
    throw new ApiError("1003", "filterValues not specified")
  }
  if (memberField(filterType)?.searchable !== true) {
    throw new ApiError("1011", `Field '${filterType}' not supported`)
  }
  return (leadId, member) =>
    values.has(String(memberValue(filterType, leadId, member, program)).toLowerCase())
}

function updatedFilter(call: Call): (leadId: number, member: ProgramMember) => boolean {
  const start = Date.parse(call.parameters.one("startAt") ?? "")
  const end = Date.parse(call.parameters.one("endAt") ?? "")
  if (Number.isNaN(start) || Number.isNaN(end) || end - start > WEEK_MS) {
    throw new ApiError("1003", "startAt and endAt are required and may be at most 7 days apart")
  }
  return (_leadId, { updatedAt }) => updatedAt >= start && updatedAt <= end
}

function memberElement(seq: number, leadId: number, member: ProgramMember, program: Program,
  fields: string[]): object {
  return { seq, ...Object.fromEntries(fields.map((name) => [name, memberValue(name, leadId, member, program)])) }
}

function memberValue(name: string, leadId: number, member: ProgramMember, program: Program): LeadValue {
  switch (name) {
    case "acquiredBy":
      return false
    case "leadId":
      return leadId
    case "membershipDate":
      return timestamp(member.membershipDate)
    case "programId":
      return program.id
    case "reachedSuccess":
      return member.reachedSuccess
    case "statusName":
      return member.statusName
    case "updatedAt":
      return timestamp(member.updatedAt)
    default:
      refuseUnknownField(name)
      return member.values[name] ?? null
  }
}

/**
 * Returns the program of a path, or throws 1013. Those of workspaces that the API user does not see are not found
 * either.
 */
export function programOf(call: Call, { store }: World): Program {
  const program = store.programs.get(numberFrom(call.pathValues[0]))
  if (!program || !seesWorkspace(call.service, program.workspace)) {
    throw new ApiError("1013", "Program not found")
  }
  return program
}
