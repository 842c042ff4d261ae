import { script } from "./script"

/**
 * The structures of a limit, and its rules as the asking hub knows them.
 *
 * - `window`: calls by the time at which they leave the window. A call that has not been sent yet has a time beyond any
 *   window, which its hub moves on while it is alive.
 * - `wire`: calls by the time at which their lease ends. Their hub moves it on while it is alive.
 * - `state`: the limits' reductions after refusals, and the use of the period.
 * - `turns`: hubs that wait, in the order of their turn.
 * - `day`: the calls that were sent in the vendor's day, and the vendor's own count. It expires with the day, and
 *   nothing waits for it, so it may be missing.
 *
 * The member "." keeps an empty structure from vanishing, so a missing one was lost.
 */
const GATE = `
local window, wire, state, turns, day = KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local callsPerWindow, windowMs, slackMs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local callsAtOnce, aloneFrom, callsPerPeriod = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local lingerMs, leaseMs, channel, name = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12], ARGV[13]
local dayBeginsAtMs = tonumber(ARGV[14])
local spanMs = windowMs + slackMs
-- Shares of the configured value: the recovery in each window, and the rest after a refusal.
local RECOVERY, LEFT_AFTER_REFUSAL, LEFT_WHEN_ALONE = 0.25, 0.5, 0.9
local TRUSTED_MS = 15 * 60000

keep({ window, wire, state }, function()
  redis.call('ZADD', window, 'inf', '.')
  redis.call('ZADD', wire, 'inf', '.')
  redis.call('HSET', state, '.', 1)
end)

local function isUnsent(leavesAt)
  return tonumber(leavesAt) > now + spanMs + 1
end

local function expireWithDay()
  local DAY_MS = 24 * 3600000
  redis.call('PEXPIREAT', day, (math.floor((now - dayBeginsAtMs) / DAY_MS) + 1) * DAY_MS + dayBeginsAtMs)
end

local function countAsSent(id)
  if redis.call('HINCRBY', day, 'calls', 1) == 1 then
    redis.call('HSET', day, 'since', now)
    expireWithDay()
  end
  redis.call('ZADD', window, now + spanMs + 1, id)
end

local function callsInWindow()
  redis.call('ZREMRANGEBYSCORE', window, '-inf', now)
  return redis.call('ZCARD', window) - 1
end

local function callsOnTheWire()
  redis.call('ZREMRANGEBYSCORE', wire, '-inf', now)
  return redis.call('ZCARD', wire) - 1
end

-- Returns the number allowed at present, and true if that is less than configured.
local function allowed(what, configured)
  local reduced = redis.call('HMGET', state, what .. 'Left', what .. 'At')
  if not reduced[1] then
    return configured, false
  end
  local back = (now - tonumber(reduced[2])) / windowMs * RECOVERY * configured
  return math.min(configured, tonumber(reduced[1]) + back), tonumber(reduced[1]) + back < configured
end

-- After a loss of data, calls of hubs that are gone may be on the wire. Half of the calls at once is left to them.
local function allowedCallsAtOnce()
  local count, isRecovering = allowed('atOnce', callsAtOnce)
  if now - began < lingerMs then
    return math.min(count, math.max(1, math.floor(callsAtOnce / 2))), true
  end
  return count, isRecovering
end

local function leftInPeriod()
  local reading = redis.call('HMGET', state, 'used', 'usedAt', 'usedUntil', 'spent')
  if not callsPerPeriod or not reading[1] or now >= tonumber(reading[3])
    or now - tonumber(reading[2]) > TRUSTED_MS then
    return nil
  end
  return math.max(0, callsPerPeriod - tonumber(reading[1]) - tonumber(reading[4]))
end
`

/**
 * Asks for one call. ARGV: 15 the call's id, 16 the hub's.
 * Answers with "granted" and the time, with "wait", the longest wait in ms and the limit, or with "spent".
 *
 * If there is not room for all that wait, hubs take turns. A hub lets the first in line go before, but waits no longer
 * than GRACE_MS for it, since that hub may be gone.
 */
export const TAKE = script(GATE, `
local id, hub = ARGV[15], ARGV[16]
local GRACE_MS, CHECKS_PER_WINDOW, LONG_CHECKS_PER_WINDOW = 50, 20, 4

local function wait(ms, limit)
  redis.call('ZADD', turns, 'NX', now + clock[2] % 1000 / 1000, hub)
  redis.call('PEXPIRE', turns, LIFE_MS)
  if redis.call('HGET', state, 'offeredTo') == hub then
    redis.call('HDEL', state, 'offeredTo')
  end
  return { epoch, now - began, 'wait', math.max(1, math.ceil(ms)), limit }
end

if redis.call('ZSCORE', wire, id) then
  return { epoch, now - began, 'granted', now }
end
if now - began < spanMs then
  return wait(spanMs - (now - began), 'window')
end
if leftInPeriod() == 0 then
  redis.call('ZREM', turns, hub)
  return { epoch, now - began, 'spent', 0 }
end

local onTheWire, atOnce, isAtOnceRecovering = callsOnTheWire(), allowedCallsAtOnce()
local freeAtOnce = math.floor(atOnce) - onTheWire
if freeAtOnce <= 0 then
  -- A call that is given back announces its room. A recovering limit, or a lease that ends, announces nothing.
  local soonest = tonumber(redis.call('ZRANGE', wire, 0, 0, 'WITHSCORES')[2])
  return wait(math.min(soonest - now + 1,
    windowMs / (isAtOnceRecovering and CHECKS_PER_WINDOW or LONG_CHECKS_PER_WINDOW)), 'atOnce')
end
local used, rate, isRateRecovering = callsInWindow(), allowed('rate', callsPerWindow)
local freeInWindow = math.floor(rate) - used
if freeInWindow <= 0 then
  local next = used - math.floor(rate)
  local leavesAt = tonumber(redis.call('ZRANGE', window, next, next, 'WITHSCORES')[2])
  local ms = leavesAt - now
  return wait((isRateRecovering or isUnsent(leavesAt)) and math.min(ms, windowMs / CHECKS_PER_WINDOW) or ms, 'window')
end

local free = math.min(freeAtOnce, freeInWindow)
local scarcest = freeAtOnce < freeInWindow and 'atOnce' or 'window'
local rank = redis.call('ZRANK', turns, hub) or redis.call('ZCARD', turns)
while rank >= free do
  local first = redis.call('ZRANGE', turns, 0, 0)[1]
  local offer = redis.call('HMGET', state, 'offeredTo', 'offeredAt')
  if offer[1] ~= first then
    redis.call('HSET', state, 'offeredTo', first, 'offeredAt', now)
    redis.call('PUBLISH', channel, name)
    return wait(GRACE_MS + 1, scarcest)
  end
  local graceLeft = GRACE_MS - (now - tonumber(offer[2]))
  if graceLeft > 0 then
    return wait(graceLeft + 1, scarcest)
  end
  redis.call('ZREM', turns, first)
  redis.call('HDEL', state, 'offeredTo')
  rank = rank - 1
end

redis.call('ZREM', turns, hub)
if redis.call('HGET', state, 'offeredTo') == hub then
  redis.call('HDEL', state, 'offeredTo')
end
redis.call('ZADD', wire, now + leaseMs, id)
redis.call('ZADD', window, now + leaseMs, id)
redis.call('HINCRBY', state, 'spent', 1)
return { epoch, now - began, 'granted', now }
`)

/** Reports that a call has left the machine. It counts in the window from now on. ARGV: 15 the call's id. */
export const SENT = script(GATE, `
local leavesAt = redis.call('ZSCORE', window, ARGV[15])
if not leavesAt or isUnsent(leavesAt) then
  countAsSent(ARGV[15])
end
return { epoch, now - began }
`)

/**
 * Gives a call back. ARGV: 15 the call's id, 16 its reception, or "unused" if nobody received the permit, 17 when it
 * was granted. Reduces the limit once for all calls that were under way when the vendor first refused one.
 */
export const RELEASE = script(GATE, `
local id, reception, grantedAt = ARGV[15], ARGV[16], tonumber(ARGV[17])

local function giveWay(what, configured, used, part)
  local reducedAt = redis.call('HGET', state, what .. 'At')
  if not reducedAt or grantedAt > tonumber(reducedAt) then
    local left = math.max(1, math.min(allowed(what, configured), used) * part)
    redis.call('HSET', state, what .. 'Left', left, what .. 'At', now)
  end
end

if not redis.call('ZSCORE', wire, id) then
  return { epoch, now - began }
end
local onTheWire = callsOnTheWire()
redis.call('ZREM', wire, id)
local leavesAt = redis.call('ZSCORE', window, id)
if reception == 'unused' then
  redis.call('ZREM', window, id)
elseif leavesAt and isUnsent(leavesAt) then
  countAsSent(id)
end
if reception == 'rateLimited' then
  local used = callsInWindow()
  giveWay('rate', callsPerWindow, used, used >= aloneFrom and LEFT_WHEN_ALONE or LEFT_AFTER_REFUSAL)
elseif reception == 'concurrencyLimited' then
  giveWay('atOnce', callsAtOnce, onTheWire, LEFT_AFTER_REFUSAL)
end
if redis.call('ZCARD', turns) > 0 then
  redis.call('PUBLISH', channel, name)
end
return { epoch, now - began }
`)

/**
 * Registers the calls that a living hub has on the wire: moves their leases on, and restores lost ones.
 * ARGV from 15: a call's id, the ms since it was sent (-1 if not yet), and so on.
 */
export const REGISTER_CALLS = script(GATE, `
for index = 15, #ARGV, 2 do
  local id, agoMs = ARGV[index], tonumber(ARGV[index + 1])
  redis.call('ZADD', wire, now + leaseMs, id)
  if agoMs < 0 then
    redis.call('ZADD', window, now + leaseMs, id)
  elseif agoMs <= spanMs and not redis.call('ZSCORE', window, id) then
    redis.call('ZADD', window, now + spanMs + 1 - agoMs, id)
  end
end
return { epoch, now - began }
`)

/** Marks the calls of an owner that is gone. They may go on for the rules' time. ARGV from 15: their ids. */
export const ABANDON_CALLS = script(GATE, `
for index = 15, #ARGV do
  local leavesAt = redis.call('ZSCORE', window, ARGV[index])
  redis.call('ZADD', wire, now + lingerMs, ARGV[index])
  if not leavesAt or isUnsent(leavesAt) then
    countAsSent(ARGV[index])
  end
end
return { epoch, now - began }
`)

/** Takes note of the period's use. ARGV: 15 calls used, 16 ms to the end of the period. */
export const NOTE_PERIOD = script(GATE, `
local used, usedUntil = ARGV[15], now + tonumber(ARGV[16])
redis.call('HSET', state, 'used', used, 'usedAt', now, 'usedUntil', usedUntil, 'spent', 0)
redis.call('HSET', day, 'used', used, 'usedAt', now, 'usedUntil', usedUntil,
  'usedBefore', redis.call('HGET', day, 'calls') or 0)
expireWithDay()
return { epoch, now - began }
`)

/**
 * Answers with the calls in the window and on the wire, the allowed number of both, the calls left in the period, the
 * calls of the day and the time of the first one, and the vendor's own count of the day with its time and our calls
 * before it; -1 for what is unknown.
 */
export const USE = script(GATE, `
local left = leftInPeriod()
local rate, atOnce = allowed('rate', callsPerWindow), allowedCallsAtOnce()
local today = redis.call('HMGET', day, 'calls', 'since', 'used', 'usedAt', 'usedBefore', 'usedUntil')
local isKnown = today[6] and now < tonumber(today[6])
return { epoch, now - began, callsInWindow(), callsOnTheWire(), math.floor(rate), math.floor(atOnce), left or -1,
  tonumber(today[1] or 0), tonumber(today[2] or -1), isKnown and tonumber(today[3]) or -1,
  isKnown and tonumber(today[4]) or -1, isKnown and tonumber(today[5]) or -1 }
`)
