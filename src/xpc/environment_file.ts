import * as dotenv from "dotenv"

/**
 * Secrets that only the process that serves HTTP needs: the secret that API keys are made with, the addresses of Redis
 * and of the receiver of alerts, which may contain a password, the key that alerts are signed with, the token for the
 * metrics, and the address of an error service that older hubs used. Actions never see them.
 */
export const HUB_ONLY: readonly string[] = [
  "ACTION_HUB_SECRET", "ACTION_HUB_REDIS_URL", "ACTION_HUB_REDIS_URL_FILE", "ACTION_HUB_RAVEN_DSN",
  "ACTION_HUB_ALERT_URL", "ACTION_HUB_ALERT_SECRET", "ACTION_HUB_METRICS_TOKEN",
]

/** Removes the variables in {@link HUB_ONLY} from this process's environment, wherever they came from. */
export function forgetHubSecrets(): void {
  for (const name of HUB_ONLY) {
    delete process.env[name]
  }
}

/**
 * Takes variables that are not set from the file `.env` in the working directory, if there is one. Does so silently:
 * newer versions of the library would announce themselves on the console, and older ones lack the option that prevents
 * it.
 */
export function loadEnvironmentFile(): void {
  const options = { path: ".env", quiet: true }
  dotenv.config(options)
}
