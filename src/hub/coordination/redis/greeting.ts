import { greeting } from "./script"

/**
 * Begins an epoch if another server process answers than the one in the mark: either it was restarted from saved data,
 * or another took its place. In both cases the latest writes may be missing. From then on Redis knows the session.
 *
 * ARGV: 4 the fingerprint of the secret that the hub makes names with, 5 the time (ms) for which another secret counts
 * as in use, 6 `1` if the hub may begin with its own secret where none is in use, 7 the secret in use, for hubs that
 * know this hub's present one alone, or nothing, and from 8 the fingerprints of the hub's own secrets, the present one
 * first.
 *
 * Answers with nothing if the hub is known now. Otherwise names are made with another secret: answers with its
 * fingerprint, 1 if it is in use, and for each of the hub's own secrets what was left for those who know it.
 */
export const GREET = greeting(`
local fingerprint, inUseMs, mayBegin, legacy = ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local last = redis.call('HMGET', mark, 'secret', 'secretAt', 'server')
if last[1] and last[1] ~= fingerprint then
  local isInUse = now - tonumber(last[2]) < inUseMs
  if isInUse or mayBegin ~= '1' then
    local answer = { epoch, now - began, last[1], isInUse and 1 or 0 }
    for index = 8, #ARGV do
      answer[#answer + 1] = redis.call('HGET', mark, 'legacy:' .. ARGV[index]) or ''
    end
    return answer
  end
  beginEpoch()
elseif server ~= '' and last[3] and last[3] ~= '' and last[3] ~= server then
  beginEpoch()
end
redis.call('SET', hubSession, session, 'PX', LIFE_MS)
redis.call('HSET', mark, 'secret', fingerprint, 'secretAt', now)
if legacy ~= '' then
  redis.call('HSET', mark, 'legacy:' .. ARGV[8], legacy)
end
if server ~= '' then
  redis.call('HSET', mark, 'server', server)
end
redis.call('PEXPIRE', mark, MARK_LIFE_MS)
for index, field in ipairs(redis.call('HKEYS', mark)) do
  if string.sub(field, 1, 6) == 'alive:' and tonumber(redis.call('HGET', mark, field)) < now then
    redis.call('HDEL', mark, field)
  end
end
return { epoch, now - began }
`)
