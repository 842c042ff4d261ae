import { MarketoClient } from "../api/client"
import { NamedAsset } from "../api/types"
import { MarketoError, NAME_TAKEN } from "../errors"
import { listNamed } from "../settings/list_names"
import { ListReference } from "../settings/membership_change"
import { sentence } from "../words/sentence"

/**
 * The static list that leads are added to. A list that does not exist is created before the first lead is sent, and
 * not sooner: a run that has none to send leaves nothing behind.
 */
export class ListTarget {
  private pending: Promise<string> | undefined

  constructor(private readonly client: MarketoClient, private readonly list: ListReference) {}

  /** True if the list has to be created. */
  get isMissing(): boolean {
    return this.list.id === undefined
  }

  /** Returns the list's id, and creates the list if it is missing. Throws MarketoError if that fails. */
  async id(): Promise<string> {
    if (this.list.id !== undefined) {
      return this.list.id
    }
    const { name, folderId } = this.list
    if (folderId === undefined) {
      throw new MarketoError("rejected", "The list was not looked up before it was used.")
    }
    if (this.pending === undefined) {
      this.pending = this.create(name, folderId)
    }
    return this.pending
  }

  private async create(name: string, folderId: number): Promise<string> {
    try {
      return String((await this.client.lists.create(name, folderId)).id)
    } catch (failure) {
      if (!(failure instanceof MarketoError) || failure.code !== NAME_TAKEN && !failure.maybeExecuted) {
        throw failure
      }
      // Another run may have created it meanwhile, or this one in spite of the failure.
      const list = await this.listInFolder(name, folderId)
      if (list === undefined) {
        throw failure.code === NAME_TAKEN ? new MarketoError("rejected", `${sentence(failure.message)} But Marketo ` +
          `finds none that is named exactly "${name}": give the list's ID in place of its name.`,
        { code: failure.code, requestId: failure.requestId }) : failure
      }
      return String(list.id)
    }
  }

  /** Finds the list in the folder where this one was to be, if several have the name. */
  private async listInFolder(name: string, folderId: number): Promise<NamedAsset | undefined> {
    const inFolder = (await this.client.lists.assetsByName(name))
      .filter((list) => list.name.trim() === name && Number(list.folder?.id) === folderId)
    return inFolder.length === 1 ? inFolder[0] : listNamed(this.client, name)
  }
}
