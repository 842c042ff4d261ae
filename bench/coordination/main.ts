/** What it costs to agree: in the hub's own process, and in Redis; and how much of a quota hubs use together. */
import * as os from "os"
import * as winston from "winston"
import type { CoordinationHome } from "../../src/hub/coordination/coordination_home"
import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { RedisHome } from "../../src/hub/coordination/redis/redis_home"
import { HAS_REDIS, RedisServer } from "../../test/support/redis_server"

const IS_QUICK = process.argv.includes("--quick")
const UNLIMITED = {
  callsPerWindow: 1_000_000, windowMs: 1000, slackMs: 0, callsAtOnce: 1000, aloneFrom: 1_000_000, lingerMs: 94_500,
}
/** Marketo's limits at a tenth of its time: 50 calls in 2 seconds, 5 at once, and 30 ms of slack. */
const LIMITED = { ...UNLIMITED, callsPerWindow: 50, windowMs: 2000, slackMs: 30, callsAtOnce: 5, aloneFrom: 80 }
const CALL_MS = 40
const KEYS = 300

winston.remove(winston.transports.Console)

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0].model}, Redis over loopback\n`)
  console.log("| home | ms per call granted, sent and released | ms per hold of 300 keys | of that, CPU of the hub |")
  console.log("| --- | ---: | ---: | ---: |")
  await measureCosts("embedded", new EmbeddedHome())
  if (!HAS_REDIS) {
    console.log("\nThere is no redis-server on this machine: apt-get install redis-server")
    return
  }
  const server = new RedisServer()
  await server.start()
  const open = async (prefix: string) => {
    await server.say(`HSET ${prefix}mark epoch long began 0`)
    const home = new RedisHome({ url: server.url, prefix, secret: "secret" })
    await home.isThereWithin(5000)
    return home
  }
  const home = await open("costs:")
  await measureCosts("Redis", home)
  await home.close()
  await measureMemory(server, await open("memory:"))
  console.log("\n| hubs | calls | use of the quota, % of an ideal schedule | round trips per call |")
  console.log("| --- | ---: | ---: | ---: |")
  for (const hubs of [1, 2, 3]) {
    await measureUse(server, await Promise.all(Array.from({ length: hubs }, async () => open(`use${hubs}:`))))
  }
  await server.remove()
}

async function measureCosts(name: string, home: CoordinationHome): Promise<void> {
  const limit = home.of("process 1").limit("account", UNLIMITED)
  const leases = home.of("process 1").leases("people", UNLIMITED)
  const calls = IS_QUICK ? 500 : 5000
  const callMs = await millisecondsFor(calls, async () => {
    const permit = await limit.acquire({ party: "run" })
    permit.sent()
    permit.release("accepted")
  })
  const batches = Array.from({ length: IS_QUICK ? 30 : 200 }, (_, batch) =>
    Array.from({ length: KEYS }, (_each, key) => `person${batch}.${key}@example.com`))
  const cpu = process.cpuUsage()
  const holdMs = await millisecondsFor(batches.length, async (batch) => { await leases.hold(batches[batch]) })
  const { user, system } = process.cpuUsage(cpu)
  batches.forEach((keys) => leases.release(keys))
  const cpuMs = (user + system) / 1000 / batches.length
  console.log(`| ${name} | ${callMs.toFixed(3)} | ${holdMs.toFixed(2)} | ${cpuMs.toFixed(2)} |`)
}

async function measureMemory(server: RedisServer, home: RedisHome): Promise<void> {
  const leases = home.of("process 1").leases("people", UNLIMITED)
  await home.of("process 1").limit("account", LIMITED).acquire({ party: "run" })
  const used = async () => {
    const names = (await server.lines("KEYS memory:*")).filter((line) => line.startsWith("memory:"))
    let bytes = 0
    for (const name of names) {
      bytes += Number((await server.say(`MEMORY USAGE ${name} SAMPLES 0`)).slice(1))
    }
    return bytes
  }
  const without = await used()
  console.log(`\nA hub with one limit takes ${without} bytes in Redis.`)
  for (const count of [300, 3000, 30000]) {
    const keys = Array.from({ length: count }, (_, key) => `person${key}@example.com`)
    await leases.hold(keys)
    console.log(`${count} keys held take ${Math.round((await used() - without) / count)} bytes each.`)
    leases.release(keys)
    await leases.free(keys[count - 1])
  }
  await home.close()
}

/** Two processes a hub, each with two runs that always have a next call. */
async function measureUse(server: RedisServer, homes: RedisHome[]): Promise<void> {
  const windows = IS_QUICK ? 3 : 10
  const calls = windows * LIMITED.callsPerWindow
  const lastWindowMs = LIMITED.callsPerWindow / LIMITED.callsAtOnce * CALL_MS
  const idealMs = (windows - 1) * (LIMITED.windowMs + LIMITED.slackMs) + lastWindowMs
  let left = calls
  const before = await scriptsRun(server)
  const startedAt = performance.now()
  await Promise.all(homes.flatMap((home) => ["1", "1", "2", "2"].map(async (name, index) => {
    const limit = home.of(`process ${name}`).limit("account", LIMITED)
    while (left-- > 0) {
      const permit = await limit.acquire({ party: `run ${index}` })
      permit.sent()
      await new Promise((resolve) => setTimeout(resolve, CALL_MS))
      permit.release("accepted")
    }
  })))
  const use = 100 * idealMs / (performance.now() - startedAt)
  const trips = (await scriptsRun(server) - before) / calls
  console.log(`| ${homes.length} | ${calls} | ${use.toFixed(1)} | ${trips.toFixed(1)} |`)
  await Promise.all(homes.map(async (home) => home.close()))
}

async function scriptsRun(server: RedisServer): Promise<number> {
  const line = (await server.lines("INFO commandstats")).find((each) => each.startsWith("cmdstat_evalsha:"))
  return Number(/calls=(\d+)/.exec(line ?? "calls=0")?.[1])
}

async function millisecondsFor(count: number, act: (index: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  for (let index = 0; index < count; index++) {
    await act(index)
  }
  return (performance.now() - startedAt) / count
}

void main()
