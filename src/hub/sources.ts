import * as semver from "semver"
import { Action } from "./action"
import { SettingsReader } from "./settings"

/** Every action of this hub, in the order of registration. */
export const actions: Action[] = []

/** Registers an action. Of several with one name, the first is the one that is found. */
export function addAction(action: Action) {
  actions.push(action)
}

export interface RegistrySettings {
  /** Names of the actions to offer; all of them when empty. */
  whitelist: string[]
}

/** `ACTION_WHITELIST`: exact names, separated by commas. */
export function registrySettings(reader: SettingsReader): RegistrySettings {
  return { whitelist: reader.list("ACTION_WHITELIST") }
}

/**
 * The actions that the whitelist names (read anew on each call) and that the Looker of that version can use. A Looker
 * whose version is unknown is offered every action.
 */
export async function allActions(opts?: { lookerVersion?: string | null }): Promise<Action[]> {
  const { whitelist } = registrySettings(new SettingsReader(process.env))
  const offered = actions.filter((action) => whitelist.length === 0 || whitelist.includes(action.name))
  const lookerVersion = opts?.lookerVersion
  if (!lookerVersion) {
    return offered
  }
  return offered.filter((action) => semver.gte(lookerVersion, action.minimumSupportedLookerVersion))
}

/** The action of that name. Throws a text when there is none, or none for that whitelist and version. */
export async function findAction(id: string, opts?: { lookerVersion?: string | null }): Promise<Action> {
  const action = (await allActions(opts)).find((offered) => offered.name === id)
  if (!action) {
    // The contract: what is thrown as a text is what Looker is told.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw `No action found with name ${id}.`
  }
  return action
}

/** The action of that name when it is an extended one, else null. Throws a text when there is none. */
export async function findExtendedAction(
  id: string,
  opts?: { lookerVersion?: string | null },
): Promise<Action | null> {
  const action = await findAction(id, opts)
  return action.extendedAction ? action : null
}
