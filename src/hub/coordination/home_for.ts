import * as winston from "winston"
import type { CoordinationHome } from "./coordination_home"
import type { CoordinationSettings } from "./coordination_settings"
import { EmbeddedHome } from "./embedded_home"
import { HeldKeys } from "./held_keys"
import { HeldMark } from "./held_mark"

/** The time that a hub which can do without Redis waits for it at its start, in ms. */
const START_PATIENCE_MS = 5000

const LOST_WITHOUT_REDIS = "Redis was not there when this hub started, so it works alone. Other hubs do not see its " +
  "calls and leases, and it does not see theirs. Together they may exceed limits or write one record twice. " +
  "Restart this hub once Redis is there."

export interface HomeOptions {
  /** The hub's secret before it was changed. */
  previousSecret?: string
  startPatienceMs?: number
}

/**
 * Returns the home of coordination for these settings. A home in a required Redis is returned at once, and is ready
 * once Redis is there. If Redis is not required, this waits briefly for it and then goes on without.
 * `secret` is the hub's. All hubs that share a Redis need the same one, apart from those that know it as the previous
 * one while it is changed.
 */
export async function homeFor(
  { redis, stateDirectory }: CoordinationSettings, secret: string,
  { previousSecret, startPatienceMs = START_PATIENCE_MS }: HomeOptions = {},
): Promise<CoordinationHome> {
  const embedded = (trouble?: string) => stateDirectory === undefined ? new EmbeddedHome(trouble) : new EmbeddedHome(
    trouble, new HeldMark(stateDirectory, secret, previousSecret), new HeldKeys(stateDirectory, secret, previousSecret))
  if (redis === undefined) {
    return embedded()
  }
  // Loaded here, so that a hub without Redis does not load the client.
  const { RedisHome } = await import("./redis/redis_home")
  const home = new RedisHome({ url: redis.url, prefix: redis.prefix, secret, previousSecret })
  if (redis.isRequired || await home.isThereWithin(startPatienceMs)) {
    return home
  }
  await home.close()
  winston.warn(LOST_WITHOUT_REDIS)
  return embedded(LOST_WITHOUT_REDIS)
}
