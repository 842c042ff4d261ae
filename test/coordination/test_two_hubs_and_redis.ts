import { setTimeout as wait } from "timers/promises"
import { eventually } from "../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { TcpProxy } from "../support/tcp_proxy"
import { TwoHubs } from "./two_hubs"

describeWithRedis("Two hubs that send the same people create each of them once when Redis", function () {
  this.timeout(90_000)

  let redis: RedisServer
  let proxy: TcpProxy
  let both: TwoHubs

  beforeEach(async () => {
    redis = new RedisServer()
    await redis.start()
    proxy = new TcpProxy(redis.port)
    await proxy.start()
    both = await TwoHubs.start(redis, [`redis://127.0.0.1:${proxy.port}`, redis.url], 1)
  })
  afterEach(async () => {
    await both.stop()
    await proxy.stop()
    await redis.remove()
  })

  it("stands still for ten seconds", async () => {
    const sends = await both.sendFromBoth()
    redis.pause()
    await wait(10_000)
    redis.resume()
    await both.expectBothWhole(sends)
  })

  for (const withData of [true, false]) {
    it(`is restarted ${withData ? "with" : "without"} its data`, async () => {
      const sends = await both.sendFromBoth()
      await redis.restart({ withData })
      await both.expectBothWhole(sends)
    })
  }

  it("drops data since its memory is full", async () => {
    const sends = await both.sendFromBoth()
    const books = (await redis.lines(`KEYS ${both.prefix}leases:*`)).filter((line) => line.startsWith(both.prefix))
    await redis.say("CONFIG SET maxmemory-policy allkeys-random")
    await redis.say("DEBUG POPULATE 20000 ballast 100")
    await redis.say("CONFIG SET maxmemory 1500000")
    await eventually(async () => await redis.say(`EXISTS ${books.join(" ")}`) === ":0")
    await redis.say("CONFIG SET maxmemory 0")
    await both.expectBothWhole(sends)
  })

  it("is cut off from one of them again and again", async () => {
    const sends = await both.sendFromBoth()
    for (let times = 0; times < 10; times++) {
      proxy.cut()
      await wait(100)
    }
    await both.expectBothWhole(sends)
  })

  it("is out of reach of one of them for some seconds", async () => {
    const sends = await both.sendFromBoth()
    await proxy.stop()
    await wait(5000)
    await proxy.start()
    await both.expectBothWhole(sends)
  })
})
