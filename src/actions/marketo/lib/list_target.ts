import { MarketoError } from "./errors"
import { MarketoClient } from "./marketo_client"

/** Where Marketo keeps lists that are made through the API. Source: `marketo-rest-api.md`, 3.10. */
export const LIST_FOLDER = "Group Lists"

/** Marketo's answer to a second list of one name: somebody made it in the meantime. */
const NAME_TAKEN = "709"

/**
 * The static list that leads are added to, by id or by name. A list that is known by name alone, and that does not
 * exist, is made before the first lead is sent: a run that has none to send leaves nothing behind.
 */
export class ListTarget {
  private pending: Promise<string> | undefined

  constructor(
    private readonly client: MarketoClient, private readonly list: { id: string, listName?: string },
  ) {}

  /** The list's id. Throws MarketoError when the list can be neither found nor made. */
  async id(): Promise<string> {
    if (this.list.listName === undefined) {
      return this.list.id
    }
    if (this.pending === undefined) {
      this.pending = this.findOrCreate(this.list.listName)
    }
    return this.pending
  }

  private async findOrCreate(name: string): Promise<string> {
    const existing = await this.client.staticListByName(name)
    if (existing !== undefined) {
      return String(existing.id)
    }
    const folderId = await this.client.folderByName(LIST_FOLDER)
    if (folderId === undefined) {
      throw new MarketoError("rejected", `The list "${name}" could not be created, since the folder "${LIST_FOLDER}" ` +
        "was not found in Marketo. Create the list in Marketo, and give its ID.")
    }
    try {
      return String((await this.client.createStaticList(name, folderId)).id)
    } catch (failure) {
      const taken = failure instanceof MarketoError && (failure.code === NAME_TAKEN || failure.maybeExecuted) ?
        await this.client.staticListByName(name) : undefined
      if (taken !== undefined) {
        return String(taken.id)
      }
      throw failure
    }
  }
}
