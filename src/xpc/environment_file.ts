import * as dotenv from "dotenv"

/**
 * Secrets that only the process that serves HTTP needs: what API keys are made with, the address of Redis, which may
 * hold a password, and that of a service for errors that older hubs had. Actions do not get to see them.
 */
export const HUB_ONLY: readonly string[] = [
  "ACTION_HUB_SECRET", "ACTION_HUB_REDIS_URL", "ACTION_HUB_REDIS_URL_FILE", "ACTION_HUB_RAVEN_DSN",
]

/** Removes what {@link HUB_ONLY} names from this process's environment, wherever it came from. */
export function forgetHubSecrets(): void {
  for (const name of HUB_ONLY) {
    delete process.env[name]
  }
}

/**
 * Takes variables that are not set from the file `.env` in the working directory, if there is one. Silently: newer
 * versions of the library would announce themselves on the console, and older ones do not know that they could.
 */
export function loadEnvironmentFile(): void {
  const options = { path: ".env", quiet: true }
  dotenv.config(options)
}
