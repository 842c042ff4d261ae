import { expect } from "chai"
import { CoordinationLostError, LimitRules, PeriodSpentError } from "../../src/hub/coordination/coordination"
import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { CoordinationClient } from "../../src/xpc/coordination_client"
import { CoordinationHost } from "../../src/xpc/coordination_host"

const RULES: LimitRules = {
  callsPerWindow: 100, windowMs: 1000, slackMs: 0, callsAtOnce: 1, aloneFrom: 1000, lingerMs: 5,
}

/** A client in a process, and the hub's end of its channel; messages are cloned, as a real channel does. */
function connect(home: EmbeddedHome, owner: string) {
  const client: CoordinationClient = new CoordinationClient((frames) =>
    structuredClone(frames).forEach((frame) => host.receive(frame)))
  const host = new CoordinationHost(home, owner, (answer) => client.receive(structuredClone(answer)))
  return { client, host }
}

describe("the channel of coordination", () => {
  let home: EmbeddedHome

  beforeEach(() => {
    home = new EmbeddedHome()
  })

  it("carries permits there and back", async () => {
    const { client } = connect(home, "one")
    const limit = client.limit("account", RULES)
    const permit = await limit.acquire({ party: "run" })
    expect(await limit.use()).to.include({ callsAtOnce: 1 })
    permit.sent()
    permit.release("accepted")
    permit.release("accepted")
    expect(await limit.use()).to.include({ callsAtOnce: 0, callsInWindow: 1 })
  })

  it("carries the name of the limit that a call waited for", async () => {
    const { client } = connect(home, "one")
    const atOnce = client.limit("account", RULES)
    const first = await atOnce.acquire({ party: "run" })
    const second = atOnce.acquire({ party: "run" })
    first.release("accepted")
    expect([first.waitedFor, (await second).waitedFor]).to.deep.equal([undefined, "atOnce"])

    const inWindow = client.limit("other account", { ...RULES, callsPerWindow: 1, windowMs: 30, callsAtOnce: 5 })
    const [one, two] = [inWindow.acquire({ party: "run" }), inWindow.acquire({ party: "run" })]
    ;(await one).sent()
    expect([(await one).waitedFor, (await two).waitedFor]).to.deep.equal([undefined, "window"])
  })

  it("carries leases, and the word that a key is free", async () => {
    const one = connect(home, "one").client.leases("people", { lingerMs: 5 })
    const two = connect(home, "two").client.leases("people", { lingerMs: 5 })
    expect(await one.hold(["a", "b"])).to.deep.equal([])
    expect(await two.hold(["b", "c"])).to.deep.equal(["b"])
    const free = two.free("b")
    one.release(["a", "b"])
    await free
    expect(await two.hold(["b"])).to.deep.equal([])
    expect(await two.unsettledMs()).to.equal(0)
  })

  it("gives back a permit that comes too late for whoever asked for it", async () => {
    const { client } = connect(home, "one")
    const limit = client.limit("account", RULES)
    const first = await limit.acquire({ party: "run" })
    const stop = new AbortController()
    const second = limit.acquire({ party: "run" }, stop.signal).catch((reason: Error) => reason.message)
    stop.abort(new Error("stopped"))
    expect(await second).to.equal("stopped")
    first.release("accepted")
    const third = await limit.acquire({ party: "run" })
    third.release("accepted")
    expect(await limit.use()).to.include({ callsAtOnce: 0, waiting: 0 })
  })

  it("sends the notices of one moment in one message, in order, and no later than the next question", async () => {
    const messages: string[][] = []
    const client: CoordinationClient = new CoordinationClient((frames) => {
      messages.push(frames.map((frame) => "notice" in frame ? frame.notice.kind : frame.question.ask))
      for (const frame of frames) {
        if ("question" in frame) {
          queueMicrotask(() => client.receive({ id: frame.id, answer: "granted" }))
        }
      }
    })
    const permit = await client.limit("account", RULES).acquire({ party: "run" })
    permit.sent()
    await new Promise((resolve) => setImmediate(resolve))
    permit.release("accepted")
    client.leases("people", { lingerMs: 5 }).release(["a"])
    await new Promise((resolve) => setImmediate(resolve))
    client.leases("people", { lingerMs: 5 }).release(["b"])
    await client.limit("account", RULES).acquire({ party: "run" })
    await new Promise((resolve) => setImmediate(resolve))
    expect(messages).to.deep.equal([
      ["acquire"], ["sent"], ["release", "releaseKeys"], ["releaseKeys", "acquire"],
    ])
  })

  it("says that the period is spent", async () => {
    const { client } = connect(home, "one")
    const limit = client.limit("account", { ...RULES, callsPerPeriod: 10 })
    limit.notePeriod(10, 60000)
    expect(await limit.acquire({ party: "run" }).catch((reason: Error) => reason)).to.be.instanceOf(PeriodSpentError)
  })

  it("says why nobody can be asked", async () => {
    const { client, host } = connect(home, "one")
    const limit = client.limit("account", RULES)
    await limit.acquire({ party: "run" })
    home.of = () => { throw new Error("not used") }
    const waiting = limit.acquire({ party: "run" }).catch((reason: Error) => reason)
    home.abandon("one")
    expect(await waiting).to.be.instanceOf(CoordinationLostError)
    host.close()
  })

  it("frees what a process held some time after its end", async () => {
    const dead = connect(home, "dead")
    await dead.client.leases("people", { lingerMs: 5 }).hold(["a"])
    await dead.client.limit("account", RULES).acquire({ party: "run" })
    dead.host.close()
    const alive = connect(home, "alive").client
    expect(await alive.leases("people", { lingerMs: 5 }).hold(["a"])).to.deep.equal(["a"])
    await alive.leases("people", { lingerMs: 5 }).free("a")
    const permit = await alive.limit("account", RULES).acquire({ party: "run" })
    permit.release("accepted")
  })
})
