import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import { StaticList } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { visibleLead } from "../calls/lead_visibility"
import { forcedReason } from "../faults/record_faults"
import { leadIdsOf, numberFrom } from "../calls/request_input"

const PATH = "/rest/v1/lists/{listId}/leads.json"
const NOT_FOUND = { code: "1004", message: "Lead not found" }

export const LIST_MEMBERSHIP_OPERATIONS: Operation[] = [
  {
    name: "addToList", method: "POST", path: PATH, family: "leadDatabase", latency: "list",
    permissions: ["Read-Write Lead"], body: "optionalJson",
    begin: (call, world) => membershipWork(call, world, (list, leadId) => {
      const changed = !list.members.has(leadId)
      list.members.add(leadId)
      world.ledger.recordListChange({ target: list.id, leadId, kind: "added", changed, at: world.now(),
        call: call.entry.sequence })
      return { id: leadId, status: "added" }
    }),
  },
  {
    name: "removeFromList", method: "DELETE", path: PATH, family: "leadDatabase", latency: "list",
    permissions: ["Read-Write Lead"], body: "optionalJson",
    begin: (call, world) => membershipWork(call, world, (list, leadId) => {
      if (!list.members.delete(leadId)) {
        return { id: leadId, status: "skipped", reasons: [{ code: "1015", message: "Lead not in list" }] }
      }
      world.ledger.recordListChange({ target: list.id, leadId, kind: "removed", changed: true, at: world.now(),
        call: call.entry.sequence })
      return { id: leadId, status: "removed" }
    }),
  },
  {
    name: "isMemberOfList", method: "GET", path: "/rest/v1/lists/{listId}/leads/ismember.json",
    family: "leadDatabase", latency: "list", permissions: ["Read-Only Lead", "Read-Write Lead"], body: "optionalJson",
    begin: (call, world) => membershipWork(call, world, (list, leadId) =>
      ({ id: leadId, status: list.members.has(leadId) ? "memberof" : "notmemberof" })),
  },
]

/**
 * Returns the list of a path, or throws 1013. Lists of workspaces that the API user does not see are not found either.
 */
export function listOf(call: Call, { store }: World): StaticList {
  const list = store.lists.get(numberFrom(call.pathValues[0]))
  if (!list || !seesWorkspace(call.service, list.workspace)) {
    throw new ApiError("1013", "List not found")
  }
  return list
}

function membershipWork(call: Call, world: World, change: (list: StaticList, leadId: number) => object): Work {
  const list = listOf(call, world)
  const leadIds = leadIdsOf(call, world)
  if (list.importRunning && call.operation.method !== "GET") {
    throw new ApiError("1019", "Import in progress")
  }
  return {
    commit: () => ({
      result: leadIds.map((id, position) => {
        const forced = forcedReason(call, position, { id })
        if (forced || !visibleLead(call.service, world.store, id)) {
          return { id, status: "skipped", reasons: [forced ?? NOT_FOUND] }
        }
        return change(list, id)
      }),
    }),
  }
}
