import { coordinationSettings } from "../hub/coordination/coordination_settings"
import { RedisAwayError } from "../hub/coordination/redis/away"
import { RedisSession } from "../hub/coordination/redis/session"
import { SettingsReader } from "../hub/settings"
import type { Finding } from "./finding"

/** The time after which a missing answer counts as none, in ms: the hub's own. */
const TIMEOUT_MS = 5000

/** Opens a session with Redis as the hub does, and leaves nothing there. */
export async function checkRedis(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const reader = new SettingsReader(environment)
  const { redis } = coordinationSettings(reader)
  if (redis === undefined) {
    return [finding("skip", reader.problems.length > 0 ? "Not checked, since its settings are wrong." :
      "Not checked: ACTION_HUB_REDIS_URL is not set, so this hub works alone.")]
  }
  const { host } = new URL(redis.url)
  let session: RedisSession | undefined
  try {
    session = await RedisSession.open(redis.url, TIMEOUT_MS, () => undefined)
    await session.listen(`${redis.prefix}freed`, () => undefined)
    const { evictionPolicy } = session.server
    return evictionPolicy === undefined || evictionPolicy === "noeviction" ?
      [finding("ok", `Redis answers at ${host}, and lets the hub in.`)] :
      [finding("warn", `Redis answers at ${host}, but may drop data when its memory is full: set its ` +
        `maxmemory-policy, which is ${evictionPolicy}, to noeviction.`)]
  } catch (failure) {
    if (failure instanceof RedisAwayError) {
      return [finding("fail", `Redis cannot be used at ${host}: ${failure.reason.detail}. ` +
        "Check ACTION_HUB_REDIS_URL, that Redis runs there, and that this machine may reach it.")]
    }
    throw failure
  } finally {
    session?.close()
  }
}

function finding(verdict: Finding["verdict"], text: string): Finding {
  return { verdict, subject: "Redis", text }
}
