import * as crypto from "crypto"

/** A Lua script that Redis runs as one step, and the name by which Redis knows it once it has learnt it. */
export interface Script {
  source: string
  sha: string
}

/** All scripts that were made: Redis learns them when a session begins. */
export const scripts: Script[] = []

/**
 * What every script begins with. `KEYS[1]` is the mark: it says which epoch this Redis is in, and which structures must
 * be there. An epoch begins when the mark, or a structure that it names, is missing: then data was lost. `KEYS[2]` has
 * the session in which the asking hub is. `ARGV` begins with the id that a new epoch gets, the id of the server process
 * as far as the hub knows it, and the hub's session.
 *
 * `now` is Redis's own clock in ms. Every script answers with the epoch, its age in ms, and what the script is for.
 */
const PRELUDE = `
local mark, hubSession, candidate, server, session = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
local MARK_LIFE_MS, LIFE_MS = 7 * 24 * 3600000, 3600000
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local epoch, began

local function beginEpoch()
  epoch, began = candidate, now
  redis.call('HSET', mark, 'epoch', epoch, 'began', began, 'server', server)
  redis.call('PEXPIRE', mark, MARK_LIFE_MS)
end

local known = redis.call('HMGET', mark, 'epoch', 'began')
if known[1] then
  epoch, began = known[1], tonumber(known[2])
else
  beginEpoch()
end

-- Makes structures that are used for the first time or have expired, and begins an epoch if they must have been lost.
-- What the mark says of their life is a second less than it is.
local function keep(structures, make, lifeMs)
  lifeMs = math.max(lifeMs or 0, LIFE_MS)
  local field = 'alive:' .. structures[1]
  if redis.call('EXISTS', unpack(structures)) < #structures then
    local aliveUntil = redis.call('HGET', mark, field)
    if aliveUntil and tonumber(aliveUntil) > now then
      beginEpoch()
    end
    make()
  end
  local aliveUntil = tonumber(redis.call('HGET', mark, field) or 0)
  redis.call('HSET', mark, field, math.max(aliveUntil, now + lifeMs - 1000))
  redis.call('PEXPIRE', mark, MARK_LIFE_MS)
  for _, name in ipairs(structures) do
    if redis.call('PTTL', name) < lifeMs then
      redis.call('PEXPIRE', name, lifeMs)
    end
  end
end
`

/**
 * A hub that gave up a session may have asked something in it that Redis gets to only later, when the hub has said in
 * its next session what counts. And a Redis that does not know the hub has lost what the hub said.
 */
const FENCE = `
local knownSession = redis.call('GET', hubSession)
if knownSession ~= session then
  return { epoch, now - began, knownSession and 'stale' or 'unknown' }
end
`

/** A script for hubs that have greeted, with what those of its kind share. */
export function script(...parts: string[]): Script {
  return greeting(FENCE, ...parts)
}

/** A script for hubs that Redis need not know yet. */
export function greeting(...parts: string[]): Script {
  const source = [PRELUDE, ...parts].join("\n")
  const made = { source, sha: crypto.createHash("sha1").update(source).digest("hex") }
  scripts.push(made)
  return made
}
