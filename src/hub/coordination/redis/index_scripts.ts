import { script } from "./script"

/**
 * The limits that hubs have used of late, so that each hub can show those of all: `index` has the limits' ids by the
 * time of their latest use, and `about` has for each what a hub needs to look at it, encrypted. Nothing depends on
 * either, so both may be lost.
 */
const INDEX = `
local index, about = KEYS[3], KEYS[4]
local KEPT_MS = 24 * 3600000
`

/** Enters a limit, and takes out some that have not been used for a day. ARGV: 4 its id, 5 what there is about it. */
export const ENTER_LIMIT = script(INDEX, `
local old = redis.call('ZRANGEBYSCORE', index, '-inf', now - KEPT_MS, 'LIMIT', 0, 1000)
if #old > 0 then
  redis.call('ZREM', index, unpack(old))
  redis.call('HDEL', about, unpack(old))
end
redis.call('ZADD', index, now, ARGV[4])
redis.call('HSET', about, ARGV[4], ARGV[5])
redis.call('PEXPIRE', index, KEPT_MS)
redis.call('PEXPIRE', about, KEPT_MS)
return { epoch, now - began }
`)

/** Answers with what there is about the limits that were used last. ARGV: 4 the most of them. */
export const LIST_LIMITS = script(INDEX, `
local ids = redis.call('ZREVRANGEBYSCORE', index, '+inf', now - KEPT_MS, 'LIMIT', 0, ARGV[4])
return { epoch, now - began, #ids > 0 and redis.call('HMGET', about, unpack(ids)) or {} }
`)
