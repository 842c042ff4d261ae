import { expect } from "chai"
import * as Hub from "../../../src/hub"
import { BodyMemory } from "../../../src/server/body/body_memory"
import { RefusedRequest } from "../../../src/server/refused_request"
import { deferred, HubUnderTest, ScriptedAction } from "../hub_under_test"

const MEGABYTE = 1024 * 1024

describe("BodyMemory", () => {
  it("refuses a body for which the others leave no room, until one of them has ended", () => {
    const memory = new BodyMemory(10 * MEGABYTE)
    const first = memory.share()
    const second = memory.share()
    first.add(8 * MEGABYTE)
    expect(() => second.add(3 * MEGABYTE)).to.throw(RefusedRequest, "ACTION_HUB_BODIES_LIMIT_MB")
      .with.property("status", 503)
    second.end()
    const third = memory.share()
    expect(() => third.add(3 * MEGABYTE)).to.throw(RefusedRequest)
    third.end()
    first.end()
    memory.share().add(10 * MEGABYTE)
  })

  it("lets ordinary requests in whatever there is", () => {
    const memory = new BodyMemory(MEGABYTE)
    memory.share().add(MEGABYTE)
    memory.share().add(MEGABYTE)
  })
})

describe("Large bodies at once", () => {
  const hub = new HubUnderTest()
  const begun = deferred<undefined>()
  const answer = deferred<Hub.ActionResponse>()
  const execute = async () => {
    begun.resolve(undefined)
    return answer.promise
  }

  before(async () => hub.start([new ScriptedAction({ execute })], { bodyLimitMb: 3, bodiesLimitMb: 5 }))
  after(async () => hub.stop())

  it("are refused with 503 when there is no room for one more, and taken again when there is", async () => {
    const push = (megabytes: number) => ({ type: "query", data: {}, attachment: {
      mimetype: "text/plain", extension: "txt", data: "x".repeat(megabytes * MEGABYTE - 1000),
    } })
    const first = hub.post("/actions/scripted/execute", push(3))
    await begun.promise
    const second = await hub.post("/actions/scripted/execute", push(3))
    expect(second.status).to.equal(503)
    expect(second.body).to.contain("Send again in some minutes.")
    expect((await hub.post("/actions/scripted", {})).status).to.equal(200)
    answer.resolve(new Hub.ActionResponse())
    expect((await first).status).to.equal(200)
    expect((await hub.post("/actions/scripted/execute", push(3))).status).to.equal(200)
  })
})
