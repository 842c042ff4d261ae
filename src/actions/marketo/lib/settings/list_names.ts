import { MarketoClient } from "../api/client"
import { NamedAsset } from "../api/types"
import { isAccessDenied, MarketoError, MarketoSettingsError } from "../errors"
import { ListReference, MembershipChange } from "./membership_change"

/** Where Marketo keeps lists that are made through the API. Source: `marketo-rest-api.md`, 3.10. */
export const LIST_FOLDER = "Group Lists"

/** Candidates that are named in a message. */
const MOST_CANDIDATES = 10

/** What is known of lists that were given by name. */
export interface ResolvedLists {
  /** The changes, each with the id of its list or with the folder to create it in; no list is there twice. */
  changes: MembershipChange[]
  /** Names of lists that are not there yet. */
  missing: string[]
}

/**
 * Finds out which lists are meant by name. A run does this once, before the first lead, and goes by the ids from then
 * on: a list that is renamed, or another one of that name, cannot divert it.
 * Throws MarketoSettingsError, with the candidates, when it is unclear which list or folder is meant, and as
 * MarketoCaller.send does.
 */
export async function resolveLists(client: MarketoClient, changes: MembershipChange[]): Promise<ResolvedLists> {
  const resolved: MembershipChange[] = []
  const missing: string[] = []
  for (const change of changes) {
    const name = "listName" in change ? change.listName : undefined
    if (name === undefined) {
      resolved.push(change)
      continue
    }
    const found = await permitted(name, async () => findOrPlace(client, name))
    if (found.id === "") {
      missing.push(name)
    }
    if (found.id === "" || !changes.some((other) => other.id === found.id)) {
      resolved.push({ ...change, ...found })
    }
  }
  return { changes: resolved, missing }
}

/**
 * The one list of exactly that name; undefined when there is none. Upper and lower case count, for Marketo may hold
 * two lists that differ in nothing else. Throws MarketoSettingsError when several have the name, or one nearly has.
 */
export async function listNamed(client: MarketoClient, name: string): Promise<NamedAsset | undefined> {
  const found = await client.lists.assetsByName(name)
  const equal = found.filter((list) => list.name.trim() === name)
  if (equal.length > 1) {
    throw refusal(`Marketo has ${equal.length} static lists named "${name}": ${await described(client, equal)}. ` +
      "Choose the one that is meant by name, or give its ID in place of the name.")
  }
  if (equal.length === 0 && found.length > 0) {
    throw refusal(`Marketo has no static list named exactly "${name}", but ${await described(client, found)}. ` +
      "Write the name as it is in Marketo, or give the list's ID in place of its name.")
  }
  return equal.length === 0 ? undefined : equal[0]
}

async function findOrPlace(client: MarketoClient, name: string): Promise<Pick<ListReference, "id" | "folderId">> {
  const list = await listNamed(client, name)
  if (list !== undefined) {
    return { id: String(list.id) }
  }
  const folders = (await client.lists.foldersByName(LIST_FOLDER)).filter((folder) => folder.name === LIST_FOLDER)
  const cannot = `Marketo has no static list "${name}", and it cannot be created, since`
  if (folders.length === 0) {
    throw refusal(`${cannot} the folder "${LIST_FOLDER}" was not found in Marketo. Create the list in Marketo, and ` +
      "choose it.")
  }
  if (folders.length > 1) {
    throw refusal(`${cannot} there are ${folders.length} folders "${LIST_FOLDER}": ` +
      `${shortened(folders.map(describedFolder))}. Create the list in Marketo, in the folder that is meant, and ` +
      "choose it.")
  }
  return { id: "", folderId: folders[0].id }
}

/** A name can only be trusted to mean one list when all lists can be searched. */
async function permitted<T>(name: string, search: () => Promise<T>): Promise<T> {
  try {
    return await search()
  } catch (failure) {
    if (isAccessDenied(failure)) {
      throw refusal(`The static list "${name}" cannot be found by its name, since the API user may not read assets ` +
        "(code 603). Ask your Marketo administrator to give its role the permission Read-Only Assets, or Read-Write " +
        "Assets if the list is to be created; or give the list's ID in place of its name.")
    }
    throw failure
  }
}

/** `"Newsletter" (ID 1001, program Spring Webinar, workspace EMEA)` for each; the asset calls do not name programs. */
async function described(client: MarketoClient, lists: NamedAsset[]): Promise<string> {
  const programs = await programsOf(client, lists.slice(0, MOST_CANDIDATES).map((list) => String(list.id)))
  return shortened(lists.map((list) => {
    const program = programs.get(list.id)
    const folder = list.folder === undefined ? undefined : `${list.folder.type.toLowerCase()} ${list.folder.id}`
    const place = program === undefined ? folder : `program ${program}`
    const parts = [`ID ${list.id}`, place, workspaceOf(list)].filter((part) => part !== undefined)
    return `"${list.name}" (${parts.join(", ")})`
  }))
}

async function programsOf(client: MarketoClient, ids: string[]): Promise<Map<number, string | undefined>> {
  try {
    const lists = await client.lists.byId(ids)
    return new Map(lists.map((list): [number, string | undefined] => [Number(list.id), list.programName]))
  } catch (failure) {
    if (failure instanceof MarketoError) {
      // The refusal that this is for says enough without them.
      return new Map<number, string | undefined>()
    }
    throw failure
  }
}

function describedFolder(folder: NamedAsset): string {
  return [`ID ${folder.id}`, folder.path, workspaceOf(folder)].filter((part) => part !== undefined).join(", ")
}

function workspaceOf({ workspace }: NamedAsset): string | undefined {
  return workspace === undefined || workspace === "" ? undefined : `workspace ${workspace}`
}

function shortened(candidates: string[]): string {
  const left = candidates.length - MOST_CANDIDATES
  return candidates.slice(0, MOST_CANDIDATES).join("; ") + (left > 0 ? `; and ${left} more` : "")
}

function refusal(message: string): MarketoSettingsError {
  return new MarketoSettingsError(message, [{ field: "listName", message }])
}
