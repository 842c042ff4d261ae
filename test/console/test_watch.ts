import { expect } from "chai"
import { Sessions } from "../../src/console/sessions"
import { MOST_STREAMS } from "../../src/console/watch/live_watch"
import { HubView, QuotasView, RunningView, RunView } from "../../src/console/watch/shapes"
import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { RunBook } from "../../src/runs/run_book"
import { LocalRuns } from "../../src/runs/stores/local_runs"
import { eventually, ScriptedAction, SECRET } from "../server/hub_under_test"
import { ConsoleUnderTest } from "./console_under_test"
import { EventReader } from "./event_reader"

const RULES = {
  callsPerWindow: 50, windowMs: 20_000, slackMs: 300, callsAtOnce: 5, aloneFrom: 90, callsPerPeriod: 1000,
  lingerMs: 1000,
}
const LIMIT = { name: "scripted a.example.com", callsPerWindow: 50, windowMs: 20_000 }

/** A store whose reader can be out of reach. */
class DistantRuns extends LocalRuns {
  isAway = false

  override async find(query: Parameters<LocalRuns["find"]>[0]): ReturnType<LocalRuns["find"]> {
    if (this.isAway) {
      throw new Error("out of reach")
    }
    return super.find(query)
  }
}

describe("What the console asks for", () => {
  const pages = new ConsoleUnderTest()
  let store: DistantRuns
  let runBook: RunBook
  let coordination: EmbeddedHome
  let readers: EventReader[]

  beforeEach(async () => {
    store = new DistantRuns()
    runBook = new RunBook(store)
    coordination = new EmbeddedHome()
    readers = []
    await pages.start(undefined, [new ScriptedAction()], { runBook, coordination })
  })
  afterEach(async () => {
    await Promise.all(readers.map(async (reader) => reader.cancel()))
    await pages.stop()
    await runBook.close()
  })

  async function watch(query = "", headers?: Record<string, string>): Promise<EventReader> {
    const response = await pages.ask(`/console-data/events${query}`, { headers: headers ?? await pages.cookie() })
    expect(response.status).to.equal(200)
    expect(response.headers.get("content-type")).to.contain("text/event-stream")
    const reader = new EventReader(response)
    readers.push(reader)
    return reader
  }

  for (const path of ["runs", "runs/0mwxhhp62-38dv049l", "settings", "events", "nothing"]) {
    it(`is there for people who have signed in, and for no other site: ${path}`, async () => {
      expect((await pages.ask(`/console-data/${path}`)).status).to.equal(401)
      const foreign = { ...await pages.cookie(), "Sec-Fetch-Site": "cross-site" }
      expect((await pages.ask(`/console-data/${path}`, { headers: foreign })).status).to.equal(403)
    })
  }

  it("has the runs by outcome, without their samples, and one run with them", async () => {
    const headers = await pages.cookie()
    const run = runBook.begin({ action: "scripted", plan: { id: "1", title: "Daily" } })
    run.progress({ rowsRead: 2, rowsApplied: 1, rowsNotApplied: 0 })
    await runBook.end(runBook.begin({ action: "scripted" }), true)
    const page = await (await pages.ask("/console-data/runs?outcome=running", { headers })).json() as
      { runs: Record<string, unknown>[] }
    expect(page.runs.map(({ id, samples }) => [id, samples])).to.deep.equal([[run.id, undefined]])
    const whole = await (await pages.ask(`/console-data/runs/${run.id}`, { headers })).json() as RunView
    expect(whole.samples.length).to.equal(1)
    expect((await pages.ask("/console-data/runs?outcome=odd", { headers })).status).to.equal(400)
  })

  it("tells live how far runs are, who uses which account, and what the hub does", async () => {
    const reader = await watch()
    const run = runBook.begin({ action: "scripted" })
    const limit = coordination.of("a process").limit(LIMIT.name, RULES)
    const permit = await limit.acquire({ party: "a run" })
    permit.sent()
    permit.release("rateLimited")
    limit.notePeriod(400, 60_000)
    run.progress({ rowsRead: 2, rowsApplied: 1, rowsNotApplied: 0, callLimit: LIMIT, waitingFor: "its turn" })
    let runs: RunningView | undefined
    do {
      runs = await reader.next("runs") as RunningView | undefined
    } while (runs?.running[0]?.progress === undefined)
    expect(runs.running[0].progress).to.include({ rowsRead: 2, waitingFor: "its turn" })
    expect(runs.newest).to.deep.equal({ id: run.id, outcome: "running" })
    const quotas = await reader.next("quotas") as unknown as QuotasView
    expect(quotas.accounts[0].allowedPerWindow, "after giving way").to.be.lessThan(10)
    expect(quotas.isShared).to.equal(false)
    expect(quotas.accounts.map(({ vendor, account, callsInWindow, leftInPeriod, today, rules, users }) => ({
      vendor, account, callsInWindow, leftInPeriod, rules, users: users.map(({ id }) => id),
      today: [today.calls, today.everybody?.calls],
    })))
      .to.deep.equal([{
        vendor: "Scripted", account: "a.example.com", callsInWindow: 1, leftInPeriod: 600, today: [1, 400],
        rules: { callsPerWindow: 50, windowMs: 20_000, callsAtOnce: 5, callsPerPeriod: 1000 }, users: [run.id],
      }])
    await runBook.end(run, true)
    do {
      runs = await reader.next("runs") as RunningView | undefined
    } while (runs?.running.length !== 0)
    expect(runs.newest).to.deep.equal({ id: run.id, outcome: "success" })
  })

  it("counts the calls of the day of an account without any limit for them", async () => {
    const { callsPerPeriod, ...rules } = RULES
    const permit = await coordination.of("a process").limit(LIMIT.name, rules).acquire({ party: "a run" })
    permit.sent()
    const quotas = await (await watch()).next("quotas") as unknown as QuotasView
    expect(quotas.accounts[0].today.calls).to.equal(1)
    expect(quotas.accounts[0].rules.callsPerPeriod).to.equal(undefined)
    permit.release("accepted")
  })

  it("tells of the hub's process and queues", async () => {
    const hub = await (await watch()).next("hub") as unknown as HubView
    expect(hub).to.include({ processId: process.pid, node: process.version, isStopping: false, runsInFlight: 0 })
    expect(hub.memoryMb).to.be.greaterThan(10)
    expect(hub.queues.map(({ waiting, running, processes }) => ({ waiting, running, processes }))).to.deep.equal([
      { waiting: 0, running: 0, processes: [] }, { waiting: 0, running: 0, processes: [] },
    ])
    expect(hub.coordination).to.deep.equal({ kind: "embedded", isReady: true, leases: {} })
    expect(hub.streams).to.deep.equal({ open: 1, most: MOST_STREAMS })
  })

  it("follows one run to its end", async () => {
    const run = runBook.begin({ action: "scripted" })
    const reader = await watch(`?run=${run.id}`)
    expect((await reader.next("run") as RunView | undefined)?.outcome).to.equal("running")
    await runBook.end(run, false)
    expect((await reader.next("run") as RunView | undefined)?.outcome).to.equal("failure")
  })

  it("says when something cannot be read, and when it can again", async () => {
    const reader = await watch()
    expect(await reader.next("trouble")).to.deep.equal({ message: "" })
    store.isAway = true
    expect((await reader.next("trouble"))?.message).to.match(/Not everything can be read/)
    store.isAway = false
    expect(await reader.next("trouble")).to.deep.equal({ message: "" })
  })

  it("ends with the session", async () => {
    let set = ""
    const lastSecond = new Sessions(SECRET, () => Date.now() - 3_600_000 + 1500)
    lastSecond.begin({ header: () => undefined } as never,
      { append: (_name: string, value: string) => { set = value } } as never)
    const reader = await watch("", { cookie: set.split(";")[0] })
    expect(await reader.next("over")).to.deep.equal({ why: "session" })
    expect(await reader.next("anything")).to.equal(undefined)
  })

  it("is bounded, and has room again when a page is closed", async () => {
    const headers = await pages.cookie()
    for (let count = 0; count < MOST_STREAMS; count++) {
      await watch("", headers)
    }
    const refused = await pages.ask("/console-data/events", { headers })
    expect(refused.status).to.equal(503)
    expect(await refused.text()).to.contain("20 pages")
    await readers.pop()?.cancel()
    await eventually(async () => {
      const response = await pages.ask("/console-data/events", { headers })
      await response.body?.cancel()
      return response.status === 200
    })
  })

  it("does not hold up a hub that stops", async () => {
    const reader = await watch()
    await pages.hub.server.stop()
    expect(await reader.next("over")).to.deep.equal({ why: "stopping" })
    expect(await reader.next("anything")).to.equal(undefined)
  })
})
