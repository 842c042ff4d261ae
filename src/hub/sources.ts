import * as semver from "semver"
import { Action } from "./action"
import { SettingsReader } from "./settings"

/** Every action of this hub, in the order of registration. */
export const actions: Action[] = []

/** Registers an action. If several have one name, the first is used. */
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
 * Returns the actions on the whitelist (read anew on each call) that this version of Looker can use. If the version is
 * unknown, every action is offered.
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

/** Returns the action of that name. Throws a string if there is none, or none for that whitelist and version. */
export async function findAction(id: string, opts?: { lookerVersion?: string | null }): Promise<Action> {
  const action = (await allActions(opts)).find((offered) => offered.name === id)
  if (!action) {
    // The contract: Looker shows what is thrown as a string.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw `No action found with name ${id}.`
  }
  return action
}

/** Returns the action of that name if it is an extended one, otherwise null. Throws a string if there is none. */
export async function findExtendedAction(
  id: string,
  opts?: { lookerVersion?: string | null },
): Promise<Action | null> {
  const action = await findAction(id, opts)
  return action.extendedAction ? action : null
}
