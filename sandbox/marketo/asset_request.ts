import { ApiError, Call, Operation } from "./api_reply"
import { CustomService, seesWorkspace } from "./custom_services"

export const READ_ASSETS: Operation["permissions"] = ["Read-Only Assets", "Read-Write Assets"]

/** The folder of a form or query parameter, which is JSON text such as `{"id":12,"type":"Folder"}`. */
export function folderParameter(call: Call): number | undefined {
  const text = call.parameters.one("folder")
  if (text === undefined) {
    return undefined
  }
  try {
    const folder = JSON.parse(text) as { id?: unknown } | number
    const id = typeof folder === "number" ? folder : Number(folder.id)
    if (Number.isInteger(id)) {
      return id
    }
  } catch {
    throw new ApiError("1001", `Invalid value '${text}'. Required of type 'Folder'`)
  }
  throw new ApiError("1001", `Invalid value '${text}'. Required of type 'Folder'`)
}

/** A parameter that must not be blank, else 701. */
export function requiredParameter(call: Call, name: string): string {
  const value = call.parameters.one(name)
  if (value === undefined) {
    throw new ApiError("701", `${name} cannot be blank`)
  }
  return value
}

/** Reads `earliestUpdatedAt` and `latestUpdatedAt`; throws 704 for what is no date. */
export function updatedWithin(call: Call): (asset: { updatedAt: number }) => boolean {
  const bound = (name: string, otherwise: number) => {
    const text = call.parameters.one(name)
    const moment = text === undefined ? otherwise : Date.parse(text)
    if (Number.isNaN(moment)) {
      throw new ApiError("704", "Invalid date format")
    }
    return moment
  }
  const earliest = bound("earliestUpdatedAt", -Infinity)
  const latest = bound("latestUpdatedAt", Infinity)
  return ({ updatedAt }) => updatedAt >= earliest && updatedAt <= latest
}

/** Assets of the workspaces that the API user sees. */
export function visibleAssets<T extends { workspace: string }>(service: CustomService, assets: Iterable<T>): T[] {
  return [...assets].filter((asset) => seesWorkspace(service, asset.workspace))
}
