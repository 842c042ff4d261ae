import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import { FieldDefinition } from "../setup/field_schema"
import { Lead } from "../instance/lead_store"
import { seesLead, visibleLead } from "../calls/lead_visibility"
import { listOf } from "./list_membership"
import { PAGE_OF_300, pageOf } from "./paging"
import { leadIdsOf, numberFrom, refuseOverfull } from "../calls/request_input"

const READ: Operation["permissions"] = ["Read-Only Lead", "Read-Write Lead"]
const DEFAULT_FIELDS = ["id", "firstName", "lastName", "email", "updatedAt", "createdAt"]

export const LEAD_OPERATIONS: Operation[] = [
  {
    name: "filterLeads", method: "GET", path: "/rest/v1/leads.json", family: "leadDatabase", latency: "read",
    permissions: READ, body: "none", begin: beginFilter,
  },
  {
    name: "getLead", method: "GET", path: "/rest/v1/lead/{leadId}.json", family: "leadDatabase", latency: "read",
    permissions: READ, body: "none", begin: beginGet,
  },
  {
    name: "deleteLeads", method: "POST", path: "/rest/v1/leads/delete.json", family: "leadDatabase", latency: "list",
    permissions: ["Read-Write Lead"], body: "optionalJson", begin: beginDelete,
  },
  {
    name: "deleteLeads", method: "DELETE", path: "/rest/v1/leads.json", family: "leadDatabase", latency: "list",
    permissions: ["Read-Write Lead"], body: "optionalJson", begin: beginDelete,
  },
  listMembers("/rest/v1/lists/{listId}/leads.json"),
  listMembers("/rest/v1/list/{listId}/leads.json"),
]

function listMembers(path: string): Operation {
  return {
    name: "listMembers", method: "GET", path, family: "leadDatabase", latency: "read", permissions: READ, body: "none",
    begin: (call, world) => {
      const list = listOf(call, world)
      const fields = fieldsOf(call, world)
      const page = pageOf(call, world, PAGE_OF_300, "token")
      return { commit: () => page([...list.members].sort((one, other) => one - other)
        .flatMap((id) => visibleLead(call.service, world.store, id) ?? [])
        .map((lead) => leadElement(lead, fields, world))) }
    },
  }
}

function beginFilter(call: Call, world: World): Work {
  const filterType = call.parameters.one("filterType")
  if (filterType === undefined) {
    throw new ApiError("1003", "filterType not specified")
  }
  const filterValues = call.parameters.list("filterValues")
  if (filterValues.length === 0) {
    throw new ApiError("1003", "filterValues not specified")
  }
  refuseOverfull(filterValues.length, world.knobs.maxBatch)
  call.entry.batchSize = filterValues.length
  const field = world.store.schema.field(filterType)
  if (!field) {
    throw new ApiError("1006", `Field '${filterType}' not found`)
  }
  if (!field.searchable) {
    throw new ApiError("1011", `Field '${filterType}' not supported`)
  }
  const fields = fieldsOf(call, world)
  const page = pageOf(call, world, PAGE_OF_300)
  return { commit: () => page(matching(filterType, filterValues, call, world)
    .map((lead) => leadElement(lead, fields, world))) }
}

/** Returns all leads that have one of the values, ids ascending. Throws 1003 if there are too many. */
function matching(restName: string, values: string[], { service, fault }: Call,
  { store, knobs, now }: World): Lead[] {
  const lagMs = fault?.kind === "stale" ? fault.ms : knobs.filterLagMs
  const ids = new Set(values.flatMap((value) => store.leads.find(restName, value)))
  const leads = [...ids].sort((one, other) => one - other)
    .flatMap((id) => visibleLead(service, store, id) ?? [])
    .filter((lead) => lagMs === 0 || lead.createdAt <= now() - lagMs)
  if (leads.length > knobs.maxFilterMatches) {
    throw new ApiError("1003", "Too many results match the filter")
  }
  return leads
}

function beginGet(call: Call, world: World): Work {
  const leadId = numberFrom(call.pathValues[0])
  const lead = visibleLead(call.service, world.store, leadId)
  if (!lead) {
    throw new ApiError("1004", `Lead '${leadId}' not found`)
  }
  const fields = fieldsOf(call, world)
  return { commit: () => ({ result: [leadElement(lead, fields, world)] }) }
}

function beginDelete(call: Call, world: World): Work {
  const leadIds = leadIdsOf(call, world)
  const { store, ledger, now } = world
  return {
    commit: () => ({
      result: leadIds.map((id) => {
        const lead = store.leads.get(id)
        if (!lead || !seesLead(call.service, store, lead) || !store.deleteLead(id)) {
          return { id, status: "skipped", reasons: [{ code: "1004", message: "Lead not found" }] }
        }
        ledger.recordLead(id, "deleted", now(), call.entry.sequence)
        return { id, status: "deleted" }
      }),
    }),
  }
}

/** Returns the wanted fields; `id` is always included. */
function fieldsOf(call: Call, { store }: World): FieldDefinition[] {
  const wanted = call.parameters.list("fields")
  const names = wanted.length === 0 ? DEFAULT_FIELDS : wanted.includes("id") ? wanted : ["id", ...wanted]
  return names.map((restName) => {
    const field = store.schema.field(restName)
    if (!field) {
      throw new ApiError("1006", `Field '${restName}' not found`)
    }
    return field
  })
}

function leadElement(lead: Lead, fields: FieldDefinition[], { store }: World): object {
  const element: Record<string, unknown> = {}
  for (const field of fields) {
    element[field.restName ?? field.displayName] = store.leads.read(lead, field)
  }
  return element
}
