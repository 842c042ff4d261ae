import { expect } from "chai"
import * as fs from "fs"
import * as http from "http"
import { AddressInfo } from "net"
import * as os from "os"
import * as path from "path"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { RunRecord } from "../../src/runs/records/run_record"
import { RunPage } from "../../src/runs/stores/run_store"
import { accountOf } from "../actions/marketo/support/account_of"
import { Answered, HubsUnderTest } from "../coordination/hubs_under_test"
import { eventually } from "../server/hub_under_test"
import { CANARY, makeTrouble, mixedPeople } from "./canary_rows"

const PLAN = { scheduled_plan_id: 42, title: "Weekly leads" }

describe("The account that a hub keeps of its runs", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let directory: string

  beforeEach(async () => {
    hubs = await HubsUnderTest.start({ latency: { sync: 300 } })
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "accounts-"))
  })
  afterEach(async () => {
    await hubs.stop()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  async function startHub(settings: Record<string, string> = {}): Promise<HubProcess> {
    return hubs.startHub({ ACTION_HUB_STATE_DIRECTORY: directory, ACTION_HUB_REPORTS: "true", ...settings })
  }

  async function latestRun(hub: HubProcess): Promise<RunRecord> {
    const { runs: [{ id }] } = await hubs.ask<RunPage>(hub, "/runs")
    return hubs.ask<RunRecord>(hub, `/runs/${id}`)
  }

  it("names every row that was not applied in the report that it links, and nobody anywhere else", async () => {
    const hub = await startHub({ ACTION_HUB_LOG_FORMAT: "json" })
    makeTrouble(hubs.marketo)
    const { message } = await hubs.sendRows(hub, mixedPeople, { form: { invalidValues: "skipRow" }, plan: PLAN })

    const { rows } = accountOf(message) as { rows: { skipped: number, received: number } }
    expect(rows.received).to.equal(4000)
    const [link] = /http\S+\/reports\/\S+/.exec(message) ?? [""]
    const response = await fetch(link)
    expect(response.headers.get("cache-control")).to.equal("no-store")
    expect(response.headers.get("x-robots-tag")).to.contain("noindex")
    const lines = (await response.text()).trim().split("\n").slice(1)
    expect(lines.length, "lines of the report").to.equal(rows.skipped)
    expect(new Set(lines.map((line) => line.split(",")[0])).size, "rows with a line").to.equal(rows.skipped)
    const without = lines.filter((line) => line.includes("No value for the lookup field"))
      .map((line) => line.split(",")[0])
    expect(without).to.deep.equal(Array.from({ length: 400 }, (_line, index) => String((index + 1) * 10)))

    const run = await latestRun(hub)
    expect(run).to.deep.include({ outcome: "partial", category: "rows", hasRowReport: true, action: "marketo" })
    expect(run.plan).to.deep.equal({ id: "42", title: "Weekly leads" })
    expect(run.reasons.length).to.be.at.least(5)
    expect(run.reasons.reduce((sum, { count }) => sum + count, 0)).to.equal(rows.skipped)

    const key = link.slice(link.lastIndexOf("/") + 1)
    for (const [place, text] of [["records", JSON.stringify(run)], ["disk", contentsOf(directory)], ["log", hub.log]]) {
      for (const secret of [CANARY, key, hubs.marketo.clientSecret]) {
        expect(text.includes(secret), `${secret} in ${place}`).to.equal(false)
      }
    }
    const logged = hub.log.split("\n").filter((line) => line.includes("Marketo: run")).map((line) =>
      JSON.parse(line) as object)
    expect(logged).not.to.deep.equal([])
    expect(hub.log).to.contain(`/reports/${run.id}/[key]`)
    logged.forEach((line) => expect(line).to.include({ run: run.id, plan: "42", instance: "looker-sandbox" }))
  })

  it("has the progress of a run while it lasts", async () => {
    const hub = await startHub()
    const sent = hubs.send(hub, 0, 20_000)
    let seen: RunRecord | undefined
    await eventually(async () => {
      seen = await latestRun(hub).catch(() => undefined)
      return (seen?.progress?.rowsApplied ?? 0) > 0
    })
    expect(seen).to.include({ outcome: "running" })
    expect(seen?.progress?.rowsRead).to.be.at.least(seen?.progress?.rowsApplied ?? Infinity)
    expect((await sent).success).to.equal(true)
    const run = await latestRun(hub)
    expect(run.outcome).to.equal("success")
    expect(run.progress).to.include({ rowsApplied: 20_000, hasReadAll: true, percent: 100 })
    expect(run.samples.length).to.be.greaterThan(1)
  })

  it("says how far a run was whose process was killed", async () => {
    const hub = await startHub()
    const sent = hubs.send(hub, 0, 40_000)
    await eventually(async () => ((await latestRun(hub).catch(() => undefined))?.progress?.rowsApplied ?? 0) > 0)
    process.kill(hubs.executeProcesses(hub)[0], "SIGKILL")
    expect((await sent).message).to.match(/[\d,]+ of the [\d,]+ rows (read so far|of the result) had been written/)
    expect(await latestRun(hub)).to.include({ outcome: "lost", category: "hub" })
  })

  it("links what there is of the report of a run whose process was killed", async () => {
    const hub = await startHub()
    const sent = hubs.sendRows(hub, function*() {
      for (let row = 1; row <= 40_000; row++) {
        yield { email: row % 4 === 0 ? null : `${CANARY}${row}@example.com`, firstName: "A" }
      }
    })
    await eventually(async () => ((await latestRun(hub).catch(() => undefined))?.progress?.rowsNotApplied ?? 0) > 1000)
    process.kill(hubs.executeProcesses(hub)[0], "SIGKILL")
    const [link] = /http\S+\/reports\/\S+$/.exec((await sent).message) ?? ["no link"]
    const lines = (await (await fetch(link)).text()).trim().split("\n")
    expect(lines.slice(0, 3).map((line) => line.split(",")[0])).to.deep.equal(["Row", "4", "8"])
    expect(lines[lines.length - 1]).to.contain("The report is incomplete")
    expect(hub.log).not.to.contain(link.slice(link.lastIndexOf("/") + 1))
  })

  it("survives the kill of the hub, and says how far its runs were", async () => {
    const first = await startHub()
    await hubs.send(first, 0, 10)
    const sent = hubs.send(first, 0, 40_000).catch(() => undefined)
    // Progress that the first hub knows of may not be saved yet.
    await eventually(() => /"rowsApplied":[1-9]\d{2}/.test(contentsOf(directory)))
    process.kill(first.processId ?? 0, "SIGKILL")
    await sent
    const second = await startHub()
    await eventually(async () => (await latestRun(second)).outcome === "lost")
    const { runs } = await hubs.ask<RunPage>(second, "/runs")
    expect(runs.map(({ outcome }) => outcome)).to.deep.equal(["lost", "success"])
    expect(runs[0].summary).to.match(/had been written/)
  })

  it("tells a receiver when a plan fails and works again, and does not wait for one that is slow", async () => {
    const events: { type: string, data: { text: string } }[] = []
    let isSlow = true
    const receiver = http.createServer((request, response) => {
      let body = ""
      request.setEncoding("utf8").on("data", (text: string) => { body += text }).on("end", () => {
        if (isSlow) {
          return
        }
        events.push(JSON.parse(body) as typeof events[number])
        response.end()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
    try {
      const { port } = receiver.address() as AddressInfo
      const hub = await startHub({ ACTION_HUB_ALERT_URL: `http://127.0.0.1:${port}/`, ACTION_HUB_ALERT_SECRET: "s" })
      const failing = function*() { yield { email: null, firstName: CANARY } }
      const send = async (people: Parameters<HubsUnderTest["sendRows"]>[1]): Promise<Answered> =>
        hubs.sendRows(hub, people, { plan: PLAN })
      expect((await send(failing)).success, "the first send, while the receiver does not answer").to.equal(false)
      isSlow = false
      receiver.closeAllConnections()
      const one = function*() { yield { email: `${CANARY}@example.com`, firstName: "A" } }
      expect((await send(one)).success).to.equal(true)
      await eventually(() => events.length === 2)
      expect(events.map(({ type }) => type)).to.deep.equal(["actionhub.run.failed", "actionhub.run.recovered"])
      expect(events[0].data.text).to.contain("\"Weekly leads\" (marketo): failed. The only row was not applied")
      expect(JSON.stringify(events)).not.to.contain(CANARY)
    } finally {
      receiver.closeAllConnections()
      receiver.close()
    }
  })
})

/** Returns the bytes of all files in a folder, as text. */
function contentsOf(folder: string): string {
  return fs.readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "latin1"))
    .join()
}
