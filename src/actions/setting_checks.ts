import { readConfiguration } from "./marketo/lib/configuration/configuration"
import { MARKETO_VARIABLES } from "./marketo/lib/configuration/variables"

/**
 * The variables that single actions read. Those of an action of yours belong here, too: then each may be given as
 * `NAME_FILE`, and one that begins with `ACTION_HUB_` is not taken for a misspelt name.
 */
export const ACTION_VARIABLES: readonly string[] = [...MARKETO_VARIABLES]

/**
 * What single actions are set to in development mode, where nothing is configured and nobody else reaches the hub:
 * stand-ins on this machine may be sent to.
 */
export const DEVELOPMENT_SETTINGS: { [variable: string]: string } = {
  MARKETO_ALLOWED_HOSTS: "localhost,127.0.0.1,[::1]",
}

/** What is wrong with the variables that single actions read, one sentence each; empty when nothing is. */
export function actionSettingProblems(environment: NodeJS.ProcessEnv): string[] {
  return readConfiguration(environment).problems
}
