import * as sinon from "sinon"
import * as winston from "winston"
import { RedisHome, RedisHomeOptions } from "../../../../src/hub/coordination/redis/redis_home"
import { RedisServer } from "../../../support/redis_server"

/** Long enough for a machine that is busy with other tests, short enough for these. */
export const TIMES = {
  timeoutMs: 1000, patienceMs: 10000, firstRetryMs: 5, longestRetryMs: 50, heartbeatMs: 50,
}

/** Hubs' homes on one Redis, each test's under a prefix of its own. */
export class HomesUnderTest {
  prefix = ""
  private static count = 0
  private readonly homes: RedisHome[] = []

  constructor(readonly server: RedisServer) {}

  /** Begins with a Redis that has been there for long, unless it is to be new. */
  async begin({ isNew }: { isNew: boolean } = { isNew: false }): Promise<void> {
    this.prefix = `test${++HomesUnderTest.count}:`
    if (!isNew) {
      await this.server.say(`HSET ${this.prefix}mark epoch long began 0`)
    }
  }

  /** A hub's home, which is there already unless it is not to be waited for. */
  async open(
    options: Partial<RedisHomeOptions> & { isThere?: boolean } = {},
  ): Promise<RedisHome> {
    const { isThere, times, ...others } = options
    const home = new RedisHome({
      url: this.server.url, prefix: this.prefix, secret: "secret", ...others, times: { ...TIMES, ...times },
    })
    this.homes.push(home)
    if (isThere !== false && !await home.isThereWithin(10000)) {
      throw new Error("Redis is not there.")
    }
    return home
  }

  async close(): Promise<void> {
    await Promise.all(this.homes.splice(0).map(async (home) => home.close()))
  }
}

/**
 * Gives each test of the suite at hand a Redis of its own, which it may disturb, and hubs' homes on it. Returns what is
 * logged meanwhile.
 */
export function withRedisForEach(use: (server: RedisServer, homes: HomesUnderTest) => void): LogUnderTest {
  const log = new LogUnderTest()
  let server: RedisServer
  let homes: HomesUnderTest
  beforeEach(async () => {
    log.take()
    server = new RedisServer()
    await server.start()
    homes = new HomesUnderTest(server)
    await homes.begin()
    use(server, homes)
  })
  afterEach(async () => {
    log.giveBack()
    await homes.close()
    await server.remove()
  })
  return log
}

/** Gives the suite at hand one Redis, and each of its tests the homes of two hubs on it. */
export function withTwoHomes(
  use: (one: RedisHome, two: RedisHome) => void,
): { server: RedisServer, homes: HomesUnderTest } {
  const server = new RedisServer()
  const homes = new HomesUnderTest(server)
  before(async () => server.start())
  after(async () => server.remove())
  beforeEach(async () => {
    await homes.begin()
    use(await homes.open(), await homes.open())
  })
  afterEach(async () => homes.close())
  return { server, homes }
}

/** What is logged, by level, while it is taken. */
export class LogUnderTest {
  lines: { [level in "error" | "warn" | "info"]: string[] } = { error: [], warn: [], info: [] }
  private readonly sandbox = sinon.createSandbox()

  take(): void {
    this.lines = { error: [], warn: [], info: [] }
    for (const level of ["error", "warn", "info"] as const) {
      this.sandbox.stub(winston, level).callsFake((text: string) => {
        this.lines[level].push(text)
        return winston.default
      })
    }
  }

  giveBack(): void {
    this.sandbox.restore()
  }
}

/** Resolves once the condition holds; throws when that takes some ten seconds, so that nothing waits for ever. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const startedAt = Date.now(); !await holds();) {
    if (Date.now() - startedAt > 10000) {
      throw new Error(`It never came true: ${holds.toString()}`)
    }
    await pause(5)
  }
}

/** Lets time go by: for what takes time, not for what may have happened by then. */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The most moments in any window of that length (ms). */
export function mostInWindow(moments: number[], windowMs: number): number {
  const sorted = [...moments].sort((one, other) => one - other)
  return sorted.reduce((most, moment, index) => {
    let first = index
    while (first > 0 && moment - sorted[first - 1] <= windowMs) {
      first--
    }
    return Math.max(most, index - first + 1)
  }, 0)
}
