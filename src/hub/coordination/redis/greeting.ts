import { greeting } from "./script"

/**
 * Begins an epoch if another server process answers than the one in the mark: either it was restarted from saved data,
 * or another took its place. In both cases the latest writes may be missing. From then on Redis knows the session.
 *
 * ARGV: 4 the fingerprint of the hub's secret, 5 the time (ms) for which another secret counts as in use.
 * Answers with 1 if hubs with another secret use this Redis, since neither would see what the other holds.
 */
export const GREET = greeting(`
local fingerprint, inUseMs = ARGV[4], tonumber(ARGV[5])
local last = redis.call('HMGET', mark, 'secret', 'secretAt', 'server')
if last[1] and last[1] ~= fingerprint then
  if now - tonumber(last[2]) < inUseMs then
    return { epoch, now - began, 1 }
  end
  beginEpoch()
elseif server ~= '' and last[3] and last[3] ~= '' and last[3] ~= server then
  beginEpoch()
end
redis.call('SET', hubSession, session, 'PX', LIFE_MS)
redis.call('HSET', mark, 'secret', fingerprint, 'secretAt', now)
if server ~= '' then
  redis.call('HSET', mark, 'server', server)
end
redis.call('PEXPIRE', mark, MARK_LIFE_MS)
for index, field in ipairs(redis.call('HKEYS', mark)) do
  if string.sub(field, 1, 6) == 'alive:' and tonumber(redis.call('HGET', mark, field)) < now then
    redis.call('HDEL', mark, field)
  end
end
return { epoch, now - began, 0 }
`)
