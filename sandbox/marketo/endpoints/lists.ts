import { Operation, World } from "../calls/api_reply"
import { StaticList } from "../instance/assets"
import { browseFilter } from "./browse_filter"
import { timestamp } from "../instance/lead_values"
import { listOf } from "./list_membership"
import { PAGE_OF_300, pageOf } from "./paging"

const READ: Operation["permissions"] = ["Read-Only Lead", "Read-Write Lead"]

export const LIST_OPERATIONS: Operation[] = [
  {
    name: "browseLists", method: "GET", path: "/rest/v1/lists.json", family: "leadDatabase", latency: "read",
    permissions: READ, body: "none",
    begin: (call, world) => {
      const page = pageOf(call, world, PAGE_OF_300, "token")
      const isWanted = browseFilter(call)
      return { commit: () => page([...world.store.lists.values()].filter(isWanted)
        .map((list) => listElement(list, world))) }
    },
  },
  {
    name: "getList", method: "GET", path: "/rest/v1/lists/{listId}.json", family: "leadDatabase", latency: "read",
    permissions: READ, body: "none",
    begin: (call, world) => {
      const list = listOf(call, world)
      return { commit: () => ({ result: [listElement(list, world)] }) }
    },
  },
]

function listElement({ id, name, description, programName, workspace, createdAt, updatedAt }: StaticList,
  { store }: World): object {
  return {
    id, name, ...(description === undefined ? {} : { description }),
    ...(programName === undefined ? {} : { programName }),
    workspaceId: store.workspaces.get(workspace), workspaceName: workspace,
    createdAt: timestamp(createdAt), updatedAt: timestamp(updatedAt),
  }
}
