import * as crypto from "crypto"

import { fromNonce } from "./server/api_key"
import { loadEnvironmentFile } from "./xpc/environment_file"

/**
 * Prints a new API key, made with the secret in the environment or in the `.env` file of the working directory.
 * Returns the exit code. It is 1 if there is no secret, with a message that names the variable to set.
 */
export function printNewApiKey(): number {
  loadEnvironmentFile()
  if (!process.env.ACTION_HUB_SECRET) {
    process.stderr.write("No ACTION_HUB_SECRET environment variable set. API keys are made with the hub's secret: " +
      "set the one that the hub runs with, in the environment or in a .env file here, and try again.\n")
    return 1
  }
  const key = fromNonce(crypto.randomBytes(32).toString("hex"))
  process.stdout.write(`Here's a valid API key:\n${key}\n`)
  process.stdout.write("\nThis key will be valid until ACTION_HUB_SECRET is changed.\n")
  return 0
}
