import { ApiError, Call, Operation } from "../calls/api_reply"
import { CustomService, seesWorkspace } from "../setup/custom_services"

export const READ_ASSETS: Operation["permissions"] = ["Read-Only Assets", "Read-Write Assets"]

export type PlaceType = "Folder" | "Program"

/** The place of an asset: a folder or a program. */
export interface Place {
  id: number
  type: PlaceType
}

/**
 * A place in a form or query parameter: JSON text such as `{"id":12,"type":"Folder"}`, or its id alone. The type may
 * be missing and is compared without case. Throws 1001 for anything else.
 */
export function placeParameter(call: Call, name: string): Place | undefined {
  const text = call.parameters.one(name)
  if (text === undefined) {
    return undefined
  }
  const refusal = new ApiError("1001", `Invalid value '${text}'. Required of type 'Folder'`)
  let sent: unknown
  try {
    sent = JSON.parse(text)
  } catch {
    throw refusal
  }
  const { id, type } = (typeof sent === "object" ? sent ?? {} : { id: sent }) as { id?: unknown, type?: unknown }
  const place = { id: Number(id ?? NaN), type: placeType(type ?? "Folder") }
  if (!Number.isInteger(place.id) || place.type === undefined) {
    throw refusal
  }
  return { id: place.id, type: place.type }
}

/** "Folder" or "Program" in any case, else undefined. */
export function placeType(sent: unknown): PlaceType | undefined {
  switch (String(sent).toLowerCase()) {
    case "folder":
      return "Folder"
    case "program":
      return "Program"
    default:
      return undefined
  }
}

/** Returns true if an asset, of which one of the two is known, lives at the place. */
export function livesAt(asset: { folderId: number, programId?: number }, place: Place | undefined): boolean {
  return place === undefined || (place.type === "Program"
    ? asset.programId === place.id : asset.programId === undefined && asset.folderId === place.id)
}

/** Returns the place of an asset as answers show it. */
export function placeOf({ folderId, programId }: { folderId: number, programId?: number }): Place {
  return programId === undefined ? { id: folderId, type: "Folder" } : { id: programId, type: "Program" }
}

/**
 * Returns the assets of exactly the name in `name`, or throws 701 if it is blank. A name with a comma finds nothing,
 * since the asset APIs cannot search for it, as Adobe's page on assets explains.
 */
export function assetsNamed<T extends { name: string }>(call: Call, assets: () => Iterable<T>,
  parameter = "name"): () => T[] {
  const name = requiredParameter(call, parameter)
  return () => name.includes(",") ? [] : [...assets()].filter((asset) => asset.name === name)
}

/** Returns a parameter that must not be blank. Throws 701 otherwise. */
export function requiredParameter(call: Call, name: string): string {
  const value = call.parameters.one(name)
  if (value === undefined) {
    throw new ApiError("701", `${name} cannot be blank`)
  }
  return value
}

/** Reads `earliestUpdatedAt` and `latestUpdatedAt`. Throws 704 if one is not a date. */
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

/** Returns the assets of the workspaces that the API user sees. */
export function visibleAssets<T extends { workspace: string }>(service: CustomService, assets: Iterable<T>): T[] {
  return [...assets].filter((asset) => seesWorkspace(service, asset.workspace))
}
