/**
 * Whether actions that ask for a process of their own get one. `ACTION_HUB_ENABLE_FORKING`: only the text `false` says
 * no, as in existing hubs; when the hub starts, it writes the other spellings of no as `false`.
 */
export function isForkingEnabled(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.ACTION_HUB_ENABLE_FORKING?.trim() !== "false"
}
