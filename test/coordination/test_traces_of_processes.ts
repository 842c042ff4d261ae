import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { HubsUnderTest } from "./hubs_under_test"

interface WrittenSpan {
  name: string
  attributes: { [name: string]: unknown }
  status: number
  traceId: string
  spanId: string
  parent?: string
  process: number
}

const FAILED = 2

describe("The trace of a run, where an SDK is installed", function () {
  this.timeout(60_000)

  let hubs: HubsUnderTest
  let folder: string

  beforeEach(async () => {
    hubs = await HubsUnderTest.start()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "traced-hub-"))
  })
  afterEach(async () => {
    await hubs.stop()
    fs.rmSync(folder, { recursive: true })
  })

  it("has the download and every call of the execute process below the run of the hub's", async () => {
    const file = path.join(folder, "spans")
    const hub = await hubs.startHub({
      NODE_OPTIONS: `--require ${path.join(__dirname, "traced_hub.js")}`, TRACES_FILE: file,
    })
    hubs.marketo.faults.add({ match: { operation: "syncLeads" }, nth: 1, effect: { kind: "error", code: "608" } })
    const { success } = await hubs.send(hub, 0, 700, {
      subaction: "addList", campaignId: String(SEEDED.lists.empty),
    })
    expect(success).to.equal(true)
    await hub.stop()

    const text = fs.readFileSync(file, "utf8")
    const spans = text.trim().split("\n").map((line) => JSON.parse(line) as WrittenSpan)
    const [run] = spans.filter(({ name }) => name === "run")
    expect(run.attributes).to.deep.equal({ action: "marketo", outcome: "success" })
    const below = spans.filter((span) => span !== run)
    expect(new Set(below.map(({ parent }) => parent))).to.deep.equal(new Set([run.spanId]))
    expect(new Set(below.map(({ traceId }) => traceId))).to.deep.equal(new Set([run.traceId]))
    expect(below.every((span) => span.process !== run.process)).to.equal(true)

    const [download] = below.filter(({ name }) => name === "download")
    expect(Object.keys(download.attributes)).to.deep.equal(["bytes"])
    const calls = below.filter(({ name }) => name.startsWith("Marketo: "))
    const seen = hubs.marketo.ledger.calls.filter(({ operation }) => operation !== "identity")
    expect(calls.length).to.equal(seen.length)
    expect(calls.filter(({ status }) => status === FAILED).map(({ attributes }) => attributes)).to.deep.equal([
      { operation: "sync leads", code: "608" },
    ])
    expect(text).not.to.match(/https?:|example\.org|127\.0\.0\.1/)
  })
})
