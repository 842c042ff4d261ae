import { MAX_URI_BYTES } from "../configuration/limits"
import { MarketoError } from "../errors"
import { MarketoCall, pathOf } from "./call"
import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { allTokenPages, eachTokenPage, noneIfNotFound } from "./pages"
import { resultsById } from "./record_results"
import { NamedAsset, RecordResult, StaticList } from "./types"

/** The calls that are about static lists. Every method throws as MarketoCaller.send does. */
export class ListCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Adds up to 300 leads; one result per lead. */
  async add(listId: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: OPERATIONS.addToList,
      id: listId,
      body: JSON.stringify({ input: leadIds.map((id) => ({ id })) }),
    })
    return resultsById(envelope, leadIds)
  }

  /** Removes up to 300 leads; one result per lead. */
  async remove(listId: string, leadIds: number[]): Promise<RecordResult[]> {
    const call: MarketoCall = { operation: OPERATIONS.removeFromList, id: listId, query: { id: leadIds.map(String) } }
    if (pathOf(call).length > MAX_URI_BYTES) {
      const half = Math.ceil(leadIds.length / 2)
      const first = await this.remove(listId, leadIds.slice(0, half))
      return first.concat(await this.remove(listId, leadIds.slice(half)))
    }
    return resultsById(await this.caller.send<unknown>(call), leadIds)
  }

  /** Calls back with the id of every member. */
  async eachMember(listId: string, callback: (leadId: number) => void): Promise<void> {
    const call: MarketoCall = { operation: OPERATIONS.getListMembers, id: listId, query: { fields: "id" } }
    await eachTokenPage<{ id: number }>(this.caller, call, (members) => {
      members.forEach((member) => callback(Number(member.id)))
    })
  }

  /** Calls back with all lists that the API user can see, page by page. */
  async each(onPage: (page: StaticList[]) => void): Promise<void> {
    await eachTokenPage<StaticList>(this.caller, { operation: OPERATIONS.getLists }, onPage)
  }

  /** Finds those of the lists that exist. */
  async byId(ids: string[]): Promise<StaticList[]> {
    return this.search({ id: ids.join(",") })
  }

  /** Finds the lists with a name; Marketo takes a comma for the end of a name. */
  async byName(name: string): Promise<StaticList[]> {
    return this.search({ name })
  }

  /**
   * Finds the lists that Marketo knows by a name, as assets, which have a folder. Those of one name in several
   * folders, programs or workspaces are all there. Names with a comma cannot be searched. Source: Marketo developer
   * guide, "Assets".
   */
  async assetsByName(name: string): Promise<NamedAsset[]> {
    return this.assets({ operation: OPERATIONS.findListAssets, query: { name } })
  }

  /** Finds the folders that Marketo knows by a name; with workspaces there may be several. */
  async foldersByName(name: string): Promise<NamedAsset[]> {
    return this.assets({ operation: OPERATIONS.findFolders, query: { name, type: "Folder" } })
  }

  /** Creates a list. A second one of the same name is refused with code 709. */
  async create(name: string, folderId: number): Promise<{ id: number }> {
    const envelope = await this.caller.send<{ id: number }>({
      operation: OPERATIONS.createList,
      form: { name, folder: JSON.stringify({ id: folderId, type: "Folder" }) },
    })
    const [created] = envelope.result ?? []
    if (created === undefined) {
      throw new MarketoError("unavailable", `Marketo did not return the ID of the new list "${name}".`,
        { maybeExecuted: true })
    }
    return created
  }

  private async search(query: { [name: string]: string }): Promise<StaticList[]> {
    return noneIfNotFound(allTokenPages<StaticList>(this.caller, { operation: OPERATIONS.getLists, query }))
  }

  private async assets(call: MarketoCall): Promise<NamedAsset[]> {
    const found = await noneIfNotFound(this.caller.send<Partial<NamedAsset>>(call)
      .then((envelope) => envelope.result ?? []))
    return found.map(({ id, name, ...others }) => {
      if (!Number.isSafeInteger(Number(id)) || Number(id) <= 0 || typeof name !== "string") {
        throw new MarketoError("unavailable", "Marketo's answer to a search by name is not usable.")
      }
      return { ...others, id: Number(id), name }
    })
  }
}
