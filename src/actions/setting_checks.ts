/** What is wrong with the variables that single actions read, one sentence each; empty when nothing is. */
export function actionSettingProblems(_environment: NodeJS.ProcessEnv): string[] {
  return []
}
