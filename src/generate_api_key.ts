import * as crypto from "crypto"

import { runningDevelopmentHub } from "./development_hub"
import { coordinationSettings } from "./hub/coordination/coordination_settings"
import { SettingsError, readSettings } from "./hub/settings"
import { keyMadeWith } from "./server/api_key"
import { loadEnvironment } from "./xpc/environment_file"

/**
 * Prints a new API key, made with the secret in the environment or in the `.env` file of the working directory, or else
 * with that of a hub that runs in development mode on this machine.
 * Returns the exit code. It is 1 if there is no secret, with a message that says where to get one.
 */
export function printNewApiKey(): number {
  try {
    loadEnvironment()
    // As the hub itself reads it.
    const secret = process.env.ACTION_HUB_SECRET?.trim()
    return secret ? printKeyOfConfiguredHub(secret) : printKeyOfDevelopmentHub()
  } catch (failure) {
    if (failure instanceof SettingsError) {
      process.stderr.write(`${failure.message}\n`)
      return 1
    }
    throw failure
  }
}

function printKeyOfConfiguredHub(secret: string): number {
  process.stdout.write(`Here's a valid API key:\n${newKey(secret)}\n`)
  process.stdout.write("\nThis key will be valid until ACTION_HUB_SECRET is changed.\n")
  return 0
}

function printKeyOfDevelopmentHub(): number {
  const { stateDirectory } = readSettings((reader) => coordinationSettings(reader))
  const hub = stateDirectory === undefined ? undefined : runningDevelopmentHub(stateDirectory)
  if (hub === undefined) {
    process.stderr.write("No ACTION_HUB_SECRET environment variable set. API keys are made with the hub's secret: " +
      "set the one that the hub runs with, in the environment or in a .env file here, and try again. " +
      "For a hub in development mode, which makes a secret for itself, start it first, with npm start.\n")
    return 1
  }
  process.stdout.write(`Here's a valid API key for the hub in development mode at ${hub.url}:\n${newKey(hub.secret)}\n`)
  process.stdout.write("\nThis key will be valid until that hub stops.\n")
  return 0
}

function newKey(secret: string): string {
  return keyMadeWith(secret, crypto.randomBytes(32).toString("hex"))
}
