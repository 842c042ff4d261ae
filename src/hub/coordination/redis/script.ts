import * as crypto from "crypto"

/** A Lua script that Redis runs as one step, and the name by which Redis knows it once it has loaded it. */
export interface Script {
  source: string
  sha: string
}

/** All scripts. Redis loads them when a session begins. */
export const scripts: Script[] = []

/**
 * The beginning of every script. `KEYS[1]` is the mark: it holds the epoch of this Redis, and the structures that must
 * be there. If the mark, or a structure that it names, is missing, data was lost, and a new epoch begins. `KEYS[2]`
 * holds the session of the asking hub. `ARGV` begins with the id for a new epoch, the id of the server process as far
 * as the hub knows it, and the hub's session.
 *
 * `now` is Redis's own clock in ms. Every script answers with the epoch, its age in ms, and its own result.
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
-- The mark records a life that is a second shorter than the real one.
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
 * Rejects questions of a session that is not the hub's current one. Redis may get to a question of an abandoned session
 * only after the hub has registered in its next one. And a Redis that does not know the hub has lost its data.
 */
const FENCE = `
local knownSession = redis.call('GET', hubSession)
if knownSession ~= session then
  return { epoch, now - began, knownSession and 'stale' or 'unknown' }
end
`

/** Makes a script for hubs that have greeted, from the parts that its kind shares and its own. */
export function script(...parts: string[]): Script {
  return greeting(FENCE, ...parts)
}

/** Makes a script for hubs that Redis need not know yet. */
export function greeting(...parts: string[]): Script {
  const source = [PRELUDE, ...parts].join("\n")
  const made = { source, sha: crypto.createHash("sha1").update(source).digest("hex") }
  scripts.push(made)
  return made
}
