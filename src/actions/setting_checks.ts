import { readConfiguration } from "./marketo/lib/configuration"

/** What is wrong with the variables that single actions read, one sentence each; empty when nothing is. */
export function actionSettingProblems(environment: NodeJS.ProcessEnv): string[] {
  return readConfiguration(environment).problems
}
