import { expect } from "chai"
import { execFileSync } from "child_process"
import * as path from "path"
import { CoordinationHome } from "../../../src/hub/coordination/coordination_home"
import { homeFor } from "../../../src/hub/coordination/home_for"
import { HubUnderTest } from "../../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../../support/redis_server"

/** A port at which nobody listens. */
const NOWHERE = "redis://127.0.0.1:1"

describe("The home of coordination", function () {
  this.timeout(30000)

  let home: CoordinationHome
  afterEach(async () => home.close())

  it("is the hub's own process when no Redis is named", async () => {
    home = await homeFor({}, "secret")
    expect(await home.state()).to.deep.equal({ kind: "embedded", isReady: true, limits: {}, leases: {} })
  })

  it("is not ready while a Redis that is required is not there", async () => {
    home = await homeFor({ redis: { url: NOWHERE, prefix: "p:", isRequired: true } }, "secret", { startPatienceMs: 0 })
    expect(await home.state()).to.include({ kind: "redis", isReady: false })
  })

  it("is the hub's own process when a Redis that is not required is not there, and says what is lost", async () => {
    const redis = { url: NOWHERE, prefix: "p:", isRequired: false }
    home = await homeFor({ redis }, "secret", { startPatienceMs: 20 })
    const { kind, isReady, trouble } = await home.state()
    expect({ kind, isReady }).to.deep.equal({ kind: "embedded", isReady: true })
    expect(trouble).to.match(/^Redis was not there when this hub started.*exceed limits/)
  })

  it("loads nothing that speaks to Redis when no Redis is named", async () => {
    home = await homeFor({}, "secret")
    const project = path.resolve(__dirname, "..", "..", "..")
    const program = `
      require("ts-node/register/transpile-only")
      const { homeFor } = require("./src/hub/coordination/home_for")
      require("./src/server/server")
      homeFor({}, "secret").then(() => {
        const files = Object.keys(require.cache).filter((file) => /[@/]redis[/]/.test(file.slice(process.cwd().length)))
        process.stdout.write(files.join())
      })`
    expect(execFileSync(process.execPath, ["-e", program], { cwd: project, encoding: "utf8" })).to.equal("")
  })
})

describeWithRedis("GET /status of a hub with Redis", () => {
  const redis = new RedisServer()
  let hub: HubUnderTest

  before(async () => {
    hub = new HubUnderTest()
    await redis.start()
  })
  after(async () => {
    await hub.stop()
    await redis.remove()
  })

  it("answers 503 and says why while Redis is not there, and 200 again when it is", async () => {
    const coordination = await homeFor({ redis: { url: redis.url, prefix: "p:", isRequired: true } }, "secret")
    await redis.stop()
    await hub.start([], {}, { coordination })
    const status = async () => {
      const answer = await hub.get("/status")
      return { status: answer.status, ...JSON.parse(answer.body) as { ready: boolean, coordination: { kind: string } } }
    }
    const away = await status()
    expect(away).to.include({ status: 503, ready: false })
    expect(away.coordination).to.include({ kind: "redis", isReady: false }).and.have.property("trouble")
    await redis.start()
    let there = await status()
    while (there.status !== 200) {
      there = await status()
    }
    expect(there).to.include({ ready: true })
    expect(there.coordination).to.include({ kind: "redis", isReady: true })
    await hub.server.stop()
    expect(await coordination.state()).to.include({ isReady: false })
  })
})
