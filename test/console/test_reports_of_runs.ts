import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import type { ReportState } from "../../src/console/watch/shapes"
import * as Hub from "../../src/hub"
import { newRunId } from "../../src/runs/records/run_id"
import { ReportSeal } from "../../src/runs/reports/report_seal"
import { RunBook } from "../../src/runs/run_book"
import { runBookFor } from "../../src/runs/run_book_for"
import { RunPage } from "../../src/runs/stores/run_store"
import { ScriptedAction } from "../server/hub_under_test"
import { ConsoleUnderTest } from "./console_under_test"

const MB = 1024 * 1024
const CANARY = "canary@example.com"

describe("The report of a run's rows, in the console", () => {
  const pages = new ConsoleUnderTest()
  let directory: string
  let runBook: RunBook
  let link: string

  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), "console-reports-")) })
  afterEach(async () => {
    await pages.stop()
    await runBook.close()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  /** Serves an action that leaves a line in its report, runs it once and returns the run's id. */
  async function run(seal?: ReportSeal): Promise<string> {
    runBook = await runBookFor({
      settings: { reports: { keptMs: 86_400_000, wantsAllRows: false, limitBytes: MB, totalBytes: MB } },
      place: { stateDirectory: directory }, folder: "hub", baseUrl: () => pages.url, seal,
    })
    await pages.start(undefined, [new ScriptedAction({
      async execute(request) {
        const { rowReport } = Hub.runAccountOf(request) ?? {}
        rowReport?.add({ row: 1, lookupValue: CANARY, outcome: "skipped" })
        link = rowReport?.link ?? ""
        return new Hub.ActionResponse()
      },
    })], { runBook })
    await pages.hub.post("/actions/scripted/execute")
    const { runs } = await (await pages.ask("/console-data/runs", { headers: await pages.cookie() })).json() as RunPage
    return runs[0].id
  }

  async function stateOf(id: string): Promise<ReportState> {
    const answer = await pages.ask(`/console-data/runs/${id}/report-state`, { headers: await pages.cookie() })
    return await answer.json() as ReportState
  }

  it("opens for people who have signed in, without its link", async () => {
    const id = await run(new ReportSeal("secret"))
    expect(await stateOf(id)).to.deep.equal({ canOpen: true })
    const answer = await pages.ask(`/console-data/runs/${id}/report`, { headers: await pages.cookie() })
    expect(answer.status).to.equal(200)
    expect(answer.headers.get("content-disposition")).to.contain(`rows-not-applied-${id}.csv`)
    expect(answer.headers.get("cache-control")).to.equal("no-store")
    expect(await answer.text()).to.contain(CANARY)
  })

  it("opens for nobody else, and for no other site", async () => {
    const id = await run(new ReportSeal("secret"))
    for (const part of ["report", "report-state"]) {
      expect((await pages.ask(`/console-data/runs/${id}/${part}`)).status).to.equal(401)
      const foreign = { ...await pages.cookie(), "Sec-Fetch-Site": "cross-site" }
      expect((await pages.ask(`/console-data/runs/${id}/${part}`, { headers: foreign })).status).to.equal(403)
      const token = { headers: pages.hub.lookerHeaders as Record<string, string> }
      expect((await pages.ask(`/console-data/runs/${id}/${part}`, token)).status, "Looker's token alone").to.equal(401)
    }
  })

  it("opens with its link alone where no keys are kept, and the page can say so", async () => {
    const id = await run()
    expect(await stateOf(id)).to.deep.equal({ canOpen: false })
    const answer = await pages.ask(`/console-data/runs/${id}/report`, { headers: await pages.cookie() })
    expect(answer.status).to.equal(404)
    expect(await answer.text()).to.contain("in the message in Looker").and.not.to.contain(CANARY)
    expect((await fetch(link)).status).to.equal(200)
  })

  it("is none for runs that there are not", async () => {
    await run(new ReportSeal("secret"))
    for (const id of [newRunId(), "..%2F..%2Fhub"]) {
      expect(await stateOf(id)).to.deep.equal({ canOpen: false })
      const answer = await pages.ask(`/console-data/runs/${id}/report`, { headers: await pages.cookie() })
      expect(answer.status).to.equal(404)
    }
  })

  it("leaves its key in no record, on no disk, and in no log", async () => {
    const id = await run(new ReportSeal("secret"))
    const key = link.split("/").pop() ?? "none"
    await (await pages.ask(`/console-data/runs/${id}/report`, { headers: await pages.cookie() })).text()
    const record = await (await pages.ask(`/console-data/runs/${id}`, { headers: await pages.cookie() })).text()
    const files = fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
    expect(files.map(({ name }) => path.extname(name)).sort()).to.deep.equal([".json", ".key", ".report"])
    for (const file of files) {
      const bytes = fs.readFileSync(path.join(file.parentPath, file.name))
      expect(bytes.includes(key) || bytes.includes(Buffer.from(key, "base64url")), file.name).to.equal(false)
      expect(bytes.includes(CANARY), file.name).to.equal(false)
    }
    expect(record).not.to.contain(key)
    expect(pages.hub.logText).not.to.contain(key)
  })
})
