import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import {
  Place, READ_ASSETS, assetsNamed, livesAt, placeOf, placeParameter, requiredParameter, updatedWithin, visibleAssets,
} from "./asset_request"
import { StaticList } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { assetTimestamp } from "../instance/lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "../calls/request_input"

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
  const place = placeParameter(call, "folder")
  const isRecent = updatedWithin(call)
  return { commit: () => assetPage(call, visibleAssets(call.service, store.lists.values())
    .filter((list) => livesAt(list, place) && isRecent(list)).map(listItem)) }
}

function beginByName(call: Call, { store }: World): Work {
  const found = assetsNamed(call, () => visibleAssets(call.service, store.lists.values()))
  return { commit: () => assetResult(found().map(listItem)) }
}

function beginCreate(call: Call, world: World): Work {
  const name = requiredParameter(call, "name")
  requiredParameter(call, "folder")
  const place = placeParameter(call, "folder") ?? { id: 0, type: "Folder" }
  const parent = (place.type === "Program" ? world.store.programs : world.store.folders).get(place.id)
  if (!parent) {
    throw new ApiError("710", "Parent folder not found")
  }
  return { commit: () => {
    refuseTakenName(name, place, world)
    const list = world.store.addStaticList({ name, workspace: parent.workspace,
      ...(place.type === "Program" ? { programId: place.id, programName: parent.name } : { folderId: place.id }),
      description: call.parameters.one("description") })
    return { result: [listItem(list)] }
  } }
}

function beginUpdate(call: Call, world: World): Work {
  const list = staticListOf(call, world)
  return { commit: () => {
    const name = call.parameters.one("name") ?? list.name
    refuseTakenName(name, placeOf(list), world, list)
    Object.assign(list, { name, description: call.parameters.one("description") ?? list.description,
      updatedAt: world.now() })
    return { result: [listItem(list)] }
  } }
}

/** Throws 709 if another list has the name: anywhere, or (with a knob) in the same place. */
function refuseTakenName(name: string, place: Place, { store, knobs }: World, except?: StaticList) {
  for (const list of store.lists.values()) {
    if (list !== except && list.name === name && (knobs.listNames === "instance" || livesAt(list, place))) {
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
  const { id, name, description, createdAt, updatedAt, workspace } = list
  return {
    id, name, ...(description === undefined ? {} : { description }), createdAt: assetTimestamp(createdAt),
    updatedAt: assetTimestamp(updatedAt), folder: placeOf(list),
    computedUrl: `https://app-sandbox.example.com/#ST${id}A1`, workspace,
  }
}
