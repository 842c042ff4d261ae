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

/** Variables of single actions that are no secrets, with the values in force. */
export function actionSettings(environment: NodeJS.ProcessEnv): { [variable: string]: string | undefined } {
  const { share, allowedHosts, isJsonInMessage } = readConfiguration(environment)
  return {
    MARKETO_CALLS_PER_20_SECONDS: String(share.callsPerWindow),
    MARKETO_CONCURRENT_CALLS: String(share.concurrentCalls),
    MARKETO_DAILY_QUOTA: environment.MARKETO_DAILY_QUOTA,
    MARKETO_DAILY_RESERVE: environment.MARKETO_DAILY_RESERVE,
    MARKETO_ALLOWED_HOSTS: allowedHosts.join(", "),
    MARKETO_MESSAGE_JSON: String(isJsonInMessage),
  }
}

/** What is wrong with the variables that single actions read, one sentence each; empty when nothing is. */
export function actionSettingProblems(environment: NodeJS.ProcessEnv): string[] {
  return readConfiguration(environment).problems
}
