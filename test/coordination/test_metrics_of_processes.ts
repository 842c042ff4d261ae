import { expect } from "chai"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { OPERATIONS } from "../../src/actions/marketo/lib/api/operations"
import { Family, readExposition, sumOf } from "../support/exposition"
import { eventually } from "../server/hub_under_test"
import { HubsUnderTest, rowsOf } from "./hubs_under_test"

const TOKEN = "the token of the tests 0123456789".replace(/ /g, "-")

describe("The metrics of a hub with two execute processes", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let hub: HubProcess

  beforeEach(async () => {
    hubs = await HubsUnderTest.start()
    hub = await hubs.startHub({ ACTION_HUB_EXECUTE_PROCESS_COUNT: "2", ACTION_HUB_METRICS_TOKEN: TOKEN })
  })
  afterEach(async () => hubs.stop())

  async function text(): Promise<string> {
    const response = await fetch(`${hub.url}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } })
    expect(response.status).to.equal(200)
    return response.text()
  }

  async function read(): Promise<Map<string, Family>> {
    return readExposition(await text())
  }

  /** Fails unless the metrics have every call that Marketo has seen, by operation and code. */
  function expectTheLedgersCalls(families: Map<string, Family>): void {
    const calls = hubs.marketo.ledger.calls.filter(({ operation }) => operation !== "identity")
    const endpoints = new Map(Object.values(OPERATIONS).map(({ method, path }) => [`${method} ${pathOf(path)}`, path]))
    for (const [endpoint, path] of endpoints) {
      const shape = new RegExp(`^${pathOf(path).replace("{id}", "\\d+")}$`)
      const seen = calls.filter((call) => endpoint.startsWith(`${call.method} `) && shape.test(call.path))
      const names = Object.values(OPERATIONS)
        .filter((operation) => `${operation.method} ${pathOf(operation.path)}` === endpoint).map(({ name }) => name)
      const counted = (labels: { [label: string]: string }) => names.reduce((sum, operation) =>
        sum + sumOf(families, "marketo_api_calls_total", { operation, ...labels }), 0)
      expect(counted({}), endpoint).to.equal(seen.length)
      for (const code of new Set(seen.map(({ errorCode }) => errorCode))) {
        expect(counted({ code: code ?? "success" }), `${endpoint}, ${code}`)
          .to.equal(seen.filter(({ errorCode }) => errorCode === code).length)
      }
    }
    expect(sumOf(families, "marketo_api_calls_total"), "all calls").to.equal(calls.length)
  }

  it("are what Marketo's ledger and the answers say, as soon as the runs are answered", async () => {
    hubs.marketo.faults.add({
      match: { operation: "syncLeads" }, nth: 2, effect: { kind: "error", code: "608" },
    })
    const list = { subaction: "addList", campaignId: String(SEEDED.lists.empty) }
    const answers = await Promise.all([
      hubs.send(hub, 0, 2000, list), hubs.send(hub, 2000, 3500), hubs.sendRows(hub, function*() {
        yield { email: null, firstName: "Nobody" }
        yield { email: "somebody@example.org", firstName: "Some" }
      }),
    ])
    const families = await read()
    expectTheLedgersCalls(families)
    const rows = answers.map(rowsOf)
    for (const outcome of ["created", "updated", "skipped", "failed", "notSent", "merged", "createdOrUpdated"]) {
      expect(sumOf(families, "marketo_rows_total", { outcome }), outcome)
        .to.equal(rows.reduce((sum, each) => sum + (each[outcome] ?? 0), 0))
    }
    expect(sumOf(families, "marketo_rows_total")).to.equal(3502)
    expect(sumOf(families, "marketo_membership_changes_total", { kind: "addToList", outcome: "changed" }))
      .to.equal(2000)
    expect(sumOf(families, "actionhub_runs_total", { action: "marketo", outcome: "success" })).to.equal(2)
    expect(sumOf(families, "actionhub_runs_total", { action: "marketo", outcome: "partial" })).to.equal(1)
    expect(sumOf(families, "actionhub_runs_in_flight")).to.equal(0)
    expect(sumOf(families, "actionhub_spool_bytes")).to.equal(0)
    expect(sumOf(families, "actionhub_download_bytes_total")).to.be.above(3502 * 30)
    expect(sumOf(families, "marketo_quota_limit", { instance: "other", limit: "rate" })).to.equal(50)
  })

  it("keep what a process has counted that is killed, and say that it was", async () => {
    hubs.marketo.knobs.latency.sync = 20_000
    const killed = hubs.send(hub, 0, 1500)
    await eventually(async () => sumOf(await read(), "marketo_api_calls_total") >= 1)
    const before = sumOf(await read(), "marketo_api_calls_total")
    const ids = hubs.executeProcesses(hub)
    ids.forEach((id) => process.kill(id, "SIGKILL"))
    expect((await killed).success).to.equal(false)
    const ends = (families: Map<string, Family>, reason: string) =>
      sumOf(families, "actionhub_process_ends_total", { reason })
    // The run's process is gone by now. The other one may take a moment longer, and may have loaded no action yet.
    await eventually(async () => {
      const families = await read()
      return ends(families, "killed") + ends(families, "not_started") === ids.length
    })
    const families = await read()
    expect(ends(families, "killed")).to.be.at.least(1)
    expect(sumOf(families, "marketo_api_calls_total")).to.be.at.least(before)
    expect(sumOf(families, "actionhub_runs_total", { outcome: "lost" })).to.equal(1)
    expect(sumOf(families, "actionhub_spool_bytes")).to.equal(0)
    hubs.marketo.knobs.latency.sync = 10
    const all = hubs.send(hub, 1500, 1800)
    expect((await all).success).to.equal(true)
    expect(sumOf(await read(), "marketo_rows_total", { outcome: "created" })).to.be.at.least(300)
  })

  it("hold no value of a row, no secret, no address and no name of a list", async () => {
    await hubs.sendRows(hub, function*() {
      for (let index = 0; index < 400; index++) {
        yield { email: `canary${index}@canary.example`, firstName: `Canary${index}` }
      }
      yield { email: "canary without an address", firstName: "Canary" }
    }, {
      form: { subaction: "addList", campaignId: "", listName: "Canary List" },
      plan: { title: "Canary Plan", url: "https://canary.example/plan" },
    })
    await fetch(`${hub.url}/canary/canary@canary.example?canary=1`)
    const shown = await text()
    expect(sumOf(readExposition(shown), "actionhub_runs_total")).to.equal(1)
    expect(shown).not.to.match(/canary/i)
    const { clientId, clientSecret, url } = hubs.marketo
    for (const secret of [clientId, clientSecret, new URL(url).host, TOKEN, hub.secret, hub.url]) {
      expect(shown).not.to.contain(secret)
    }
  })
})

function pathOf(pathAndQuery: string): string {
  return pathAndQuery.split("?")[0]
}
