/**
 * Returns true if actions that ask for a process of their own get one. Only the text `false` in
 * `ACTION_HUB_ENABLE_FORKING` switches this off, as in existing hubs. The hub replaces the other spellings of no by
 * `false` when it starts.
 */
export function isForkingEnabled(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment.ACTION_HUB_ENABLE_FORKING?.trim() !== "false"
}
