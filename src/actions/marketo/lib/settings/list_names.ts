import { MarketoClient } from "../api/client"
import { NamedAsset } from "../api/types"
import { isAccessDenied, MarketoError, refusal } from "../errors"
import { ListReference, MembershipChange } from "./membership_change"

/** The folder of Marketo's lead database for lists that belong to no program; each workspace has its own. */
export const LIST_FOLDER = "Group Lists"

/** The most candidates that a message names. */
const MOST_CANDIDATES = 10

/** The changes of a run after the lists given by name were looked for. */
export interface ResolvedLists {
  /** The changes, each with the id of its list or with the folder to create it in; no list is there twice. */
  changes: MembershipChange[]
  /** Names of lists that are not there yet. */
  missing: string[]
}

/**
 * Finds the lists that are meant by name. A run does this once, before the first lead, and goes by the ids from then
 * on: a list that is renamed, or another one of that name, cannot divert it.
 * Throws MarketoSettingsError, with the candidates, if it is unclear which list or folder is meant, and as
 * MarketoCaller.send does.
 */
export async function resolveLists(client: MarketoClient, changes: MembershipChange[]): Promise<ResolvedLists> {
  const resolved: MembershipChange[] = []
  const missing: string[] = []
  for (const change of changes) {
    if (change.kind !== "addToList" && change.kind !== "mirrorList" || change.target.id !== undefined) {
      resolved.push(change)
      continue
    }
    const { name } = change.target
    const target = await permitted(name, async () => findOrPlace(client, name))
    if (target.id === undefined) {
      missing.push(name)
    }
    if (target.id === undefined || !changes.some((other) => other.target.id === target.id)) {
      resolved.push({ ...change, target })
    }
  }
  return { changes: resolved, missing }
}

/**
 * Returns the one list of exactly that name; undefined if there is none. Upper and lower case count, for Marketo may
 * hold two lists that differ in nothing else. Throws MarketoSettingsError if several have the name, or one nearly has.
 */
export async function listNamed(client: MarketoClient, name: string): Promise<NamedAsset | undefined> {
  const found = await client.lists.assetsByName(name)
  const equal = found.filter((list) => list.name.trim() === name)
  if (equal.length > 1) {
    throw refusal("listName",
      `Marketo has ${equal.length} static lists named "${name}": ${await described(client, equal)}. ` +
      "Choose the one that is meant by name, or give its ID in place of the name.")
  }
  if (equal.length === 0 && found.length > 0) {
    throw refusal("listName",
      `Marketo has no static list named exactly "${name}", but ${await described(client, found)}. ` +
      "Write the name as it is in Marketo, or give the list's ID in place of its name.")
  }
  return equal.length === 0 ? undefined : equal[0]
}

async function findOrPlace(client: MarketoClient, name: string): Promise<ListReference> {
  const list = await listNamed(client, name)
  if (list !== undefined) {
    return { id: String(list.id), name }
  }
  const folders = (await client.lists.foldersByName(LIST_FOLDER)).filter((folder) => folder.name === LIST_FOLDER)
  const cannot = `Marketo has no static list "${name}", and it cannot be created, since`
  if (folders.length === 0) {
    throw refusal("listName",
      `${cannot} the folder "${LIST_FOLDER}" was not found in Marketo. Create the list in Marketo, and ` +
      "choose it.")
  }
  if (folders.length > 1) {
    throw refusal("listName", `${cannot} there are ${folders.length} folders "${LIST_FOLDER}": ` +
      `${shortened(folders.map(describedFolder))}. Create the list in Marketo, in the folder that is meant, and ` +
      "choose it.")
  }
  return { name, folderId: folders[0].id }
}

/** Refuses the name if not all lists can be searched: only then is it certain that it means one list. */
async function permitted<T>(name: string, search: () => Promise<T>): Promise<T> {
  try {
    return await search()
  } catch (failure) {
    if (isAccessDenied(failure)) {
      throw refusal("listName",
        `The static list "${name}" cannot be found by its name, since the API user may not read assets ` +
        "(code 603); nothing was sent. Ask your Marketo administrator to give its role the permission Read-Only " +
        "Assets, or Read-Write Assets if the list is to be created; or give the list's ID in place of its name.")
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
