import { ApiError, Call, Operation, Work, World } from "../calls/api_reply"
import {
  Place, PlaceType, READ_ASSETS, assetsNamed, placeParameter, placeType, visibleAssets,
} from "./asset_request"
import { Folder, Program } from "../instance/assets"
import { seesWorkspace } from "../setup/custom_services"
import { assetTimestamp } from "../instance/lead_values"
import { assetPage, assetResult } from "./paging"
import { numberFrom } from "../calls/request_input"

const DEFAULT_DEPTH = 2

/** A folder, or a program in its role as the folder of its own assets. */
type Node = { type: "Folder", asset: Folder } | { type: "Program", asset: Program }

export const FOLDER_OPERATIONS: Operation[] = [
  read("browseFolders", "/rest/asset/v1/folders.json", beginBrowse),
  read("getFolderByName", "/rest/asset/v1/folder/byName.json", beginByName),
  read("getFolder", "/rest/asset/v1/folder/{folderId}.json", (call, world) => {
    const node = nodeAt({ id: numberFrom(call.pathValues[0]), type: typeParameter(call) ?? "Folder" }, call, world)
    return { commit: () => ({ result: [folderItem(node, world)] }) }
  }),
]

function read(name: string, path: string, begin: Operation["begin"]): Operation {
  return { name, method: "GET", path, family: "asset", latency: "asset", permissions: READ_ASSETS, body: "none", begin }
}

/** Browses folders. Without `root`, every area is browsed from its top. A folder comes before its contents. */
function beginBrowse(call: Call, world: World): Work {
  const root = placeParameter(call, "root")
  const depth = numberFrom(call.parameters.one("maxDepth") ?? String(DEFAULT_DEPTH))
  const isWanted = workspaceFilter(call)
  const roots = root ? [nodeAt(root, call, world)] : topNodes(world)
  return { commit: () => assetPage(call, roots.flatMap((node) => withDescendants(node, depth, world))
    .filter(({ asset }) => isWanted(asset) && seesWorkspace(call.service, asset.workspace))
    .map((node) => folderItem(node, world))) }
}

/**
 * Finds every folder of the name, and programs only if `type` asks for them. `root` needs a `type` and looks below
 * itself.
 */
function beginByName(call: Call, world: World): Work {
  const type = typeParameter(call)
  const root = placeParameter(call, "root")
  if (root && !type) {
    throw new ApiError("1002", "Missing value for the required parameter 'type'")
  }
  const isWanted = workspaceFilter(call)
  const { folders, programs } = world.store
  const found = assetsNamed<Folder | Program>(call, () =>
    visibleAssets<Folder | Program>(call.service, type === "Program" ? [...programs.values()] : [...folders.values()]))
  return { commit: () => {
    const below = root && new Set(withDescendants(nodeAt(root, call, world), Infinity, world).map(({ asset }) => asset))
    return assetResult(found().filter((asset) => isWanted(asset) && (!below || below.has(asset)))
      .map((asset) => folderItem(nodeOf(asset), world)))
  } }
}

function typeParameter(call: Call): PlaceType | undefined {
  const sent = call.parameters.one("type")
  const type = sent === undefined ? undefined : placeType(sent)
  if (sent !== undefined && type === undefined) {
    throw new ApiError("1001", `Invalid value '${sent}'. Required of type 'Folder' or 'Program'`)
  }
  return type
}

/** Filters by workspace. The API description has `workSpace`, the guide `workspace` in one place. */
function workspaceFilter(call: Call): (asset: { workspace: string }) => boolean {
  const wanted = call.parameters.one("workSpace") ?? call.parameters.one("workspace")
  return ({ workspace }) => wanted === undefined || workspace === wanted
}

function nodeAt({ id, type }: Place, call: Call, { store }: World): Node {
  const asset = (type === "Program" ? store.programs : store.folders).get(id)
  if (!asset || !seesWorkspace(call.service, asset.workspace)) {
    throw new ApiError("702", `${type} not found or it has been deleted`)
  }
  return nodeOf(asset)
}

function nodeOf(asset: Folder | Program): Node {
  return "parentId" in asset ? { type: "Folder", asset } : { type: "Program", asset }
}

function topNodes({ store }: World): Node[] {
  return [...store.folders.values()].filter(({ parentId }) => parentId === undefined).map(nodeOf)
}

/** Returns the node and its descendants down to `depth` levels. */
function withDescendants(node: Node, depth: number, world: World): Node[] {
  if (depth <= 0 || node.type === "Program") {
    return [node]
  }
  const { folders, programs } = world.store
  const children = [
    ...[...folders.values()].filter(({ parentId }) => parentId === node.asset.id),
    ...[...programs.values()].filter(({ folderId }) => folderId === node.asset.id),
  ]
  return [node, ...children.flatMap((child) => withDescendants(nodeOf(child), depth - 1, world))]
}

function folderItem(node: Node, world: World): object {
  const { type, asset } = node
  const { id, name, description = "", createdAt, updatedAt, workspace } = asset
  const parentId = node.type === "Folder" ? node.asset.parentId : node.asset.folderId
  const isTop = parentId === undefined
  return {
    id, name, description, createdAt: assetTimestamp(createdAt), updatedAt: assetTimestamp(updatedAt),
    folderId: { id, type }, folderType: node.type === "Folder" ? node.asset.folderType : "Program",
    parent: isTop ? null : { id: parentId, type: "Folder" },
    path: pathOf(name, parentId, world), isArchive: false, isSystem: isTop, accessZoneId: 1, workspace,
    url: isTop ? null : `https://app-sandbox.example.com/#${type === "Folder" ? "MF" : "PG"}${id}A1`,
  }
}

function pathOf(name: string, parentId: number | undefined, world: World): string {
  const parent = parentId === undefined ? undefined : world.store.folders.get(parentId)
  return `${parent ? pathOf(parent.name, parent.parentId, world) : ""}/${name}`
}
