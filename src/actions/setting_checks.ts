import { readConfiguration } from "./marketo/lib/configuration/configuration"

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
