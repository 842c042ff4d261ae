import * as dotenv from "dotenv"
import * as fs from "fs"

import { FILE_ENDING } from "../hub/known_variables"
import { SettingsError } from "../hub/settings"
import { withFilesRead } from "../hub/variable_files"

/**
 * Secrets that only the process that serves HTTP needs: the secrets that API keys are made with, the addresses of Redis
 * and of the receiver of alerts, which may contain a password, the key that alerts are signed with, the token for the
 * metrics, and the address of an error service that older hubs used. Actions see neither them nor the names of files
 * that hold them.
 */
export const HUB_ONLY: readonly string[] = [
  "ACTION_HUB_SECRET", "ACTION_HUB_SECRET_PREVIOUS", "ACTION_HUB_REDIS_URL", "ACTION_HUB_RAVEN_DSN",
  "ACTION_HUB_ALERT_URL", "ACTION_HUB_ALERT_SECRET", "ACTION_HUB_METRICS_TOKEN",
].flatMap((name) => [name, `${name}${FILE_ENDING}`])

/** Removes the variables in {@link HUB_ONLY} from this process's environment, wherever they came from. */
export function forgetHubSecrets(): void {
  for (const name of HUB_ONLY) {
    delete process.env[name]
  }
}

/**
 * Takes variables that are not set from the file `.env` in the working directory, if there is one. A variable that is
 * there by itself or as `NAME_FILE` goes before both in the file.
 * Throws a SettingsError if the file is there and cannot be read.
 */
export function loadEnvironmentFile(): void {
  const isThere = { ...process.env }
  for (const [name, value] of Object.entries(environmentFile())) {
    if (!(name in isThere) && !(counterpartOf(name) in isThere)) {
      process.env[name] = value
    }
  }
}

/**
 * Makes this process's environment whole: with the file `.env`, and with the contents of files that `NAME_FILE`
 * variables name. `ofActions`: variables of single actions, besides those of the hub.
 * Throws a SettingsError that names every file that cannot be read.
 */
export function loadEnvironment(ofActions: readonly string[] = []): void {
  loadEnvironmentFile()
  readVariableFiles(ofActions)
}

/** Likewise, without the file `.env`. */
export function readVariableFiles(ofActions: readonly string[] = []): void {
  const { environment, filled, problems } = withFilesRead(process.env, ofActions)
  if (problems.length > 0) {
    throw new SettingsError(problems)
  }
  for (const name of filled) {
    process.env[name] = environment[name]
    delete process.env[`${name}${FILE_ENDING}`]
  }
}

/** The library's own function to load the file knows nothing of `NAME_FILE`, and announces itself on the console. */
function environmentFile(): { [name: string]: string } {
  try {
    return dotenv.parse(fs.readFileSync(".env"))
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException
    if (code === "ENOENT") {
      return {}
    }
    throw new SettingsError([`The file .env in ${process.cwd()} cannot be read (${code ?? message}): ` +
      "give this user the right to, or remove it"])
  }
}

/** `NAME_FILE` for `NAME`, and the other way round. */
function counterpartOf(name: string): string {
  return name.endsWith(FILE_ENDING) ? name.slice(0, -FILE_ENDING.length) : `${name}${FILE_ENDING}`
}
