import { script } from "./script"

/**
 * The structure of leases: one hash, so it is lost as a whole or not at all. Its fields are:
 *
 * - a key: its holder, which is a hub and one of the hub's owners, or `!<time> <holder>` if it is held until a time;
 * - `@<holder>`: the time until which the holder's keys are held, in ms of Redis's clock, moved on while its hub is
 *   alive;
 * - `.`, which keeps an empty hash from vanishing.
 *
 * A key is free when its holder's time is over. SWEEP removes it.
 */
const BOOK = `
local book = KEYS[3]
local lingerMs, leaseMs, channel, name = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]

keep({ book }, function() redis.call('HSET', book, '.', 1) end, leaseMs)

local aliveUntil = {}
local function millisecondsHeld(value)
  if not value then
    return 0
  end
  local heldUntil = string.match(value, '^!(%d+)')
  if not heldUntil then
    aliveUntil[value] = aliveUntil[value] or redis.call('HGET', book, '@' .. value) or 0
    heldUntil = aliveUntil[value]
  end
  return math.max(0, tonumber(heldUntil) - now)
end

-- Returns the records of the keys in ARGV from "first" on; false for keys without a record.
local function valuesFrom(first)
  return redis.call('HMGET', book, unpack(ARGV, first))
end

local function belongsTo(holder, value)
  return value == holder or (value and string.match(value, '^!%d+ (.*)$') == holder)
end

-- After a loss of data, any key may be held by somebody whose work goes on at the vendor.
local function quietMs()
  return math.max(0, lingerMs - (now - began))
end
`

/**
 * Takes the free ones of the keys. ARGV: 8 the holder, from 9 the keys.
 * Answers with the positions in the list, from 0, of the others. Keys that the holder already has count as taken by it:
 * a hub asks for a key again only if an answer was lost.
 */
export const HOLD = script(BOOK, `
local holder, busy, quiet = ARGV[8], {}, quietMs()
local taken = { '@' .. holder, now + leaseMs }
for index, value in ipairs(valuesFrom(9)) do
  if value ~= holder and (quiet > 0 or millisecondsHeld(value) > 0) then
    busy[#busy + 1] = index - 1
  else
    taken[#taken + 1] = ARGV[index + 8]
    taken[#taken + 1] = holder
  end
end
redis.call('HSET', book, unpack(taken))
return { epoch, now - began, busy }
`)

/** Gives keys back, at once or with a delay. ARGV: 8 the holder, 9 the delay in ms, from 10 the keys. */
export const RELEASE_KEYS = script(BOOK, `
local holder, afterMs = ARGV[8], tonumber(ARGV[9])
keep({ book }, function() end, afterMs)
for index, value in ipairs(valuesFrom(10)) do
  if belongsTo(holder, value) then
    if afterMs > 0 then
      redis.call('HSET', book, ARGV[index + 9], '!' .. string.format('%d', now + afterMs) .. ' ' .. holder)
    else
      redis.call('HDEL', book, ARGV[index + 9])
    end
  end
end
redis.call('PUBLISH', channel, name)
return { epoch, now - began }
`)

/** Answers with the longest time for which each key is held, in ms; 0 for free ones. ARGV from 8: the keys. */
export const CHECK_KEYS = script(BOOK, `
local held, quiet = {}, quietMs()
for index, value in ipairs(valuesFrom(8)) do
  held[index] = math.max(quiet, millisecondsHeld(value))
end
return { epoch, now - began, held }
`)

/** Moves the leases of holders on. ARGV from 8: the holders. */
export const RENEW = script(BOOK, `
for index = 8, #ARGV do
  redis.call('HSET', book, '@' .. ARGV[index], now + leaseMs)
end
return { epoch, now - began }
`)

/**
 * Registers the keys that a living hub holds, and restores lost ones. ARGV: 8 the holder, 9 the time (ms) for which it
 * still holds them if that is settled, else -1, from 10 the keys. Answers with the number of keys that others took
 * meanwhile.
 */
export const REGISTER_KEYS = script(BOOK, `
local holder, heldMs, lost = ARGV[8], tonumber(ARGV[9]), 0
if heldMs < 0 then
  redis.call('HSET', book, '@' .. holder, now + leaseMs)
end
for index, value in ipairs(valuesFrom(10)) do
  if not belongsTo(holder, value) and millisecondsHeld(value) > 0 then
    lost = lost + 1
  elseif heldMs < 0 then
    redis.call('HSET', book, ARGV[index + 9], holder)
  else
    redis.call('HSET', book, ARGV[index + 9], '!' .. string.format('%d', now + heldMs) .. ' ' .. holder)
  end
end
return { epoch, now - began, lost }
`)

/** Removes some of the expired keys. ARGV: 8 where to go on. Answers with the next place to go on, "0" at the end. */
export const SWEEP = script(BOOK, `
local scanned = redis.call('HSCAN', book, ARGV[8], 'COUNT', 1000)
for index = 1, #scanned[2], 2 do
  local field, value = scanned[2][index], scanned[2][index + 1]
  local isOver
  if string.sub(field, 1, 1) == '@' then
    isOver = tonumber(value) <= now
  else
    isOver = field ~= '.' and millisecondsHeld(value) == 0
  end
  if isOver then
    redis.call('HDEL', book, field)
  end
end
return { epoch, now - began, scanned[1] }
`)
