import { ApiError, Call, Operation, Work, World } from "./api_reply"
import {
  READ_ASSETS, folderParameter, requiredParameter, updatedWithin, visibleAssets,
} from "./asset_request"
import { StaticList } from "./assets"
import { seesWorkspace } from "./custom_services"
import { assetTimestamp } from "./lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "./request_input"

const BY_ID = "/rest/asset/v1/staticList/{listId}.json"
const ALL = "/rest/asset/v1/staticLists.json"

export const STATIC_LIST_OPERATIONS: Operation[] = [
  operation("browseStaticLists", "GET", ALL, beginBrowse),
  operation("getStaticListByName", "GET", "/rest/asset/v1/staticList/byName.json", beginByName),
  operation("getStaticList", "GET", BY_ID, (call, world) => {
    const list = staticListOf(call, world)
    return { commit: () => ({ result: [listItem(list)] }) }
  }),
  operation("createStaticList", "POST", ALL, beginCreate),
  operation("updateStaticList", "POST", BY_ID, beginUpdate),
  operation("deleteStaticList", "POST", "/rest/asset/v1/staticList/{listId}/delete.json", (call, world) => {
    const list = staticListOf(call, world)
    return { commit: () => {
      world.store.lists.delete(list.id)
      return { result: [{ id: list.id }] }
    } }
  }),
]

function operation(name: string, method: "GET" | "POST", path: string, begin: Operation["begin"]): Operation {
  return {
    name, method, path, family: "asset", latency: "asset", body: method === "POST" ? "form" : "none",
    permissions: method === "POST" ? ["Read-Write Assets"] : READ_ASSETS, begin,
  }
}

function beginBrowse(call: Call, { store }: World): Work {
  const folderId = folderParameter(call)
  const isRecent = updatedWithin(call)
  return { commit: () => assetPage(call, visibleAssets(call.service, store.lists.values())
    .filter((list) => (folderId === undefined || list.folderId === folderId) && isRecent(list)).map(listItem)) }
}

function beginByName(call: Call, { store }: World): Work {
  const name = requiredParameter(call, "name")
  return { commit: () => assetResult(visibleAssets(call.service, store.lists.values())
    .filter((list) => list.name === name).map(listItem)) }
}

function beginCreate(call: Call, { store }: World): Work {
  const name = requiredParameter(call, "name")
  requiredParameter(call, "folder")
  const folder = store.folders.get(folderParameter(call) ?? 0)
  if (!folder) {
    throw new ApiError("710", "Parent folder not found")
  }
  return { commit: () => {
    refuseTakenName(name, folder.id, store.lists.values())
    const list = store.addStaticList({ name, folderId: folder.id, workspace: folder.workspace,
      description: call.parameters.one("description") })
    return { result: [listItem(list)] }
  } }
}

function beginUpdate(call: Call, { store, now }: World): Work {
  const list = staticListOf(call, { store })
  return { commit: () => {
    const name = call.parameters.one("name") ?? list.name
    refuseTakenName(name, list.folderId, [...store.lists.values()].filter((other) => other !== list))
    Object.assign(list, { name, description: call.parameters.one("description") ?? list.description,
      updatedAt: now() })
    return { result: [listItem(list)] }
  } }
}

function refuseTakenName(name: string, folderId: number, lists: Iterable<StaticList>) {
  for (const list of lists) {
    if (list.folderId === folderId && list.name === name) {
      throw new ApiError("709", "Static List with the same name already exists")
    }
  }
}

function staticListOf(call: Call, { store }: Pick<World, "store">): StaticList {
  const list = store.lists.get(numberFrom(call.pathValues[0]))
  if (!list || !seesWorkspace(call.service, list.workspace)) {
    throw new ApiError("702", "Static List not found or it has been deleted")
  }
  return list
}

function listItem(list: StaticList): object {
  const { id, name, description, createdAt, updatedAt, folderId, workspace } = list
  return {
    id, name, ...(description === undefined ? {} : { description }), createdAt: assetTimestamp(createdAt),
    updatedAt: assetTimestamp(updatedAt), folder: { id: folderId, type: "Folder" },
    computedUrl: `https://app-sandbox.example.com/#ST${id}A1`, workspace,
  }
}
