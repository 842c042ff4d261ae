import * as winston from "winston"
import type { CoordinationHome } from "./coordination_home"
import type { CoordinationSettings } from "./coordination_settings"
import { EmbeddedHome } from "./embedded_home"
import { HeldMark } from "./held_mark"

/** How long a hub that can do without Redis waits for it at its start, in ms. */
const START_PATIENCE_MS = 5000

const LOST_WITHOUT_REDIS = "Redis was not there when this hub started, so it works alone: other hubs do not see its " +
  "calls and leases, nor it theirs. Together they may exceed limits, and write the same record at the same time. " +
  "Restart this hub once Redis is there."

/**
 * The home of coordination that the settings ask for. With a Redis that is required, it comes back at once and is not
 * ready until Redis is there. With one that is not, it waits a little for Redis and then does without.
 * `secret` is the hub's: all hubs that share a Redis need the same.
 */
export async function homeFor(
  { redis, stateDirectory }: CoordinationSettings, secret: string, startPatienceMs = START_PATIENCE_MS,
): Promise<CoordinationHome> {
  const mark = stateDirectory === undefined ? undefined : new HeldMark(stateDirectory, secret)
  if (redis === undefined) {
    return new EmbeddedHome(undefined, mark)
  }
  // Loaded here, so that a hub without Redis does not load what speaks to it.
  const { RedisHome } = await import("./redis/redis_home")
  const home = new RedisHome({ url: redis.url, prefix: redis.prefix, secret })
  if (redis.isRequired || await home.isThereWithin(startPatienceMs)) {
    return home
  }
  await home.close()
  winston.warn(LOST_WITHOUT_REDIS)
  return new EmbeddedHome(LOST_WITHOUT_REDIS, mark)
}
