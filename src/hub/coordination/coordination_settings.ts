import * as os from "os"
import type { SettingsReader } from "../settings"

/** The place where hubs agree on calls and leases. */
export interface CoordinationSettings {
  /** Absent for a single hub, which keeps them in its own process. */
  redis?: RedisSettings
  /** Where a hub without Redis leaves word for its next start; absent for a hub that leaves none. */
  stateDirectory?: string
}

/** The Redis (or Valkey) that hubs agree in. */
export interface RedisSettings {
  /**
   * `redis://` or `rediss://`. It may contain a user and a password, so it goes into no log, no error and no answer.
   */
  url: string
  /** The beginning of all keys' names. */
  prefix: string
  /** The hub waits for Redis at its start. Otherwise it works alone if Redis is not there. */
  isRequired: boolean
}

/**
 * Reads `ACTION_HUB_REDIS_*` and `ACTION_HUB_STATE_DIRECTORY` (the system's directory for temporary files by default).
 * Malformed values are noted in the reader, without the values themselves.
 */
export function coordinationSettings(reader: SettingsReader): CoordinationSettings {
  const url = redisUrl(reader)
  const prefix = reader.text("ACTION_HUB_REDIS_PREFIX") ?? "actionhub:"
  const isRequired = reader.flag("ACTION_HUB_REDIS_REQUIRED", true)
  const stateDirectory = reader.text("ACTION_HUB_STATE_DIRECTORY") ?? os.tmpdir()
  return url === undefined ? { stateDirectory } : { stateDirectory, redis: { url, prefix, isRequired } }
}

function redisUrl(reader: SettingsReader): string | undefined {
  const url = reader.text("ACTION_HUB_REDIS_URL")
  const problem = url === undefined ? undefined : urlProblem(url)
  if (problem !== undefined) {
    reader.problems.push(
      `ACTION_HUB_REDIS_URL ${problem}: set a URL such as rediss://user:password@redis.example.com:6379`)
    return undefined
  }
  return url
}

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return "is not a URL"
  }
  const { protocol, hostname, pathname, username, password } = new URL(text)
  if (!["redis:", "rediss:"].includes(protocol)) {
    return "is neither redis nor rediss"
  }
  if (hostname === "") {
    return "names no host"
  }
  if (!/^\/?\d*$/.test(pathname)) {
    return "has a path that is not the number of a database"
  }
  return isDecodable(username) && isDecodable(password) ? undefined :
    "has a user or password with a % that is not written as %25"
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
