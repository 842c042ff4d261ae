import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import * as Hub from "../../src/hub"
import { newRunId } from "../../src/runs/records/run_id"
import { newReportKey } from "../../src/runs/reports/report_cipher"
import { RunBook } from "../../src/runs/run_book"
import { runBookFor } from "../../src/runs/run_book_for"
import { RunPage } from "../../src/runs/stores/run_store"
import { loggedPath } from "../../src/server/logged_path"
import { Answer, HubUnderTest, ScriptedAction } from "./hub_under_test"

const MB = 1024 * 1024

describe("Runs and their reports", () => {
  let hub: HubUnderTest
  let directory: string
  let runBook: RunBook

  beforeEach(async () => {
    hub = new HubUnderTest()
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "run-routes-"))
    runBook = await runBookFor({
      settings: { reports: { keptMs: 86_400_000, wantsAllRows: false, limitBytes: MB, totalBytes: MB } },
      place: { stateDirectory: directory }, folder: "hub", baseUrl: () => `http://127.0.0.1:${hub.port}`,
    })
  })
  afterEach(async () => {
    await hub.stop()
    await runBook.close()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  async function serve(execute: (request: Hub.ActionRequest) => Promise<Hub.ActionResponse>): Promise<void> {
    const sender = { name: "sender", label: "Sender", required: false, sensitive: false, user_attribute_name: "email" }
    await hub.start([new ScriptedAction({ execute, params: [sender] })], {}, { runBook })
  }

  async function get(address: string, headers = {}): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${hub.port}${address}`, { headers })
    return {
      status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text(),
    }
  }

  async function runs(query = ""): Promise<RunPage> {
    const { body } = await get(`/runs${query}`, hub.lookerHeaders)
    return JSON.parse(body) as RunPage
  }

  /** Runs an action that writes a line into its report, and returns the address that it told. */
  async function reportAddress(): Promise<string> {
    let link = ""
    await serve(async (request) => {
      const { rowReport } = Hub.runAccountOf(request) ?? {}
      rowReport?.add({ row: 1, lookupValue: "=canary@example.com", outcome: "skipped" })
      link = rowReport?.link ?? ""
      return new Hub.ActionResponse()
    })
    await hub.post("/actions/scripted/execute")
    return new URL(link).pathname
  }

  it("need a token, and take no other", async () => {
    await serve(async () => new Hub.ActionResponse())
    for (const address of ["/runs", `/runs/${newRunId()}`]) {
      expect((await get(address)).status, address).to.equal(403)
    }
  })

  it("are listed with what the request says of plan, instance and sender", async () => {
    await serve(async () => new Hub.ActionResponse({ success: false }))
    await hub.post("/actions/scripted/execute", {
      type: "query", data: { sender: "ann@example.com" }, scheduled_plan: { scheduled_plan_id: 42, title: "Weekly" },
    })
    const { runs: [run] } = await runs()
    expect(run).to.deep.include({
      action: "scripted", outcome: "failure", plan: { id: "42", title: "Weekly" }, instance: "instance-1",
      sender: "ann@example.com", webhookId: "webhook-1",
    })
    const { body } = await get(`/runs/${run.id}`, hub.lookerHeaders)
    expect(JSON.parse(body)).to.deep.include({ id: run.id, samples: [] })
    expect(hub.logText).to.contain(run.id)
  })

  it("say which parameter cannot be read, and that there is no such run", async () => {
    await serve(async () => new Hub.ActionResponse())
    for (const [query, name] of [
      ["limit=0", "limit"], ["limit=many", "limit"], ["outcome=good", "outcome"], ["before=x", "before"],
      ["from=yesterday", "from"], ["to=2026-99-99", "to"], ["since=1", "since"], ["plan=1&plan=2", "plan"],
    ]) {
      const { status, body } = await get(`/runs?${query}`, hub.lookerHeaders)
      expect(status, query).to.equal(400)
      expect(body, query).to.contain(name)
    }
    for (const id of [newRunId(), "..%2f..%2fetc"]) {
      expect((await get(`/runs/${id}`, hub.lookerHeaders)).status).to.equal(404)
    }
  })

  it("are refused and recorded if a setting is missing, with the reason in the log", async () => {
    await hub.start([new ScriptedAction({
      params: [{ name: "url", label: "URL", required: true, sensitive: false }],
    })], {}, { runBook })
    await hub.post("/actions/scripted/execute")
    const { runs: [run] } = await runs()
    expect(run).to.include({ outcome: "failure", category: "settings" })
    expect(hub.logText).to.match(/"reason": ?"settings"/)
  })

  it("are CSV files for whoever has the link, and nothing for caches, search engines or formulas", async () => {
    const { status, headers, body } = await get(await reportAddress())
    expect(status).to.equal(200)
    expect(headers).to.include({
      "content-type": "text/csv; charset=utf-8", "cache-control": "no-store", "x-robots-tag": "noindex, nofollow",
    })
    expect(headers["content-disposition"]).to.match(/^attachment; filename="?rows-not-applied-.*\.csv"?$/)
    expect(body).to.contain("1,'=canary@example.com,skipped")
  })

  it("say in words that a link is incomplete, wrong or out of date", async () => {
    const address = await reportAddress()
    const old = newRunId(Date.now() - 2 * 86_400_000)
    for (const [wrong, status, words] of [
      [address.slice(0, -1), 404, "may be incomplete"],
      [address.replace(/[^/]+$/, newReportKey()), 404, "may be incomplete"],
      [`/reports/${newRunId()}/${newReportKey()}`, 404, "may be incomplete"],
      [`/reports/${old}/${newReportKey()}`, 410, "kept for 1 day"],
    ] as const) {
      const answer = await get(wrong)
      expect(answer.status, wrong).to.equal(status)
      expect(answer.headers["content-type"], wrong).to.equal("text/plain; charset=utf-8")
      expect(answer.body).to.contain(words)
    }
  })

  it("say in one line what Looker calls a plan, whatever that is", async () => {
    await serve(async () => new Hub.ActionResponse())
    await hub.post("/actions/scripted/execute", {
      type: "query", scheduled_plan: { scheduled_plan_id: "7\nforged: id", title: "Weekly\r\nforged: \u202Eline" },
    })
    const { runs: [{ plan }] } = await runs()
    expect(plan).to.deep.equal({ id: "7 forged: id", title: "Weekly forged:  line" })
    expect(hub.logText).not.to.match(/^forged/m)
  })

  it("leave no key in the log, however the link is written", async () => {
    const address = await reportAddress()
    const [, , id, key] = address.split("/")
    const others = [`/Reports/${id}/${key}`, `/reports/${key}`, `//reports//${id}//${key}`, `${address}/x`]
    for (const written of [address, ...others]) {
      await get(written)
    }
    expect(hub.logText).to.contain("/reports/")
    expect(hub.logText).not.to.contain(key)
    expect(loggedPath(address)).to.equal(`/reports/${id}/[key]`)
    for (const other of [
      `/%72eports/${id}/${key}`, `/hub/reports/${id}/${key}`, `/reports/${id}%2F${key}`, `/${key}`, `/%/${key}`,
    ]) {
      expect(loggedPath(other), other).to.contain("[key]").and.not.to.contain(key)
    }
    expect(loggedPath("/a%0Ab/c%20d")).to.equal("/a%0Ab/c%20d")
  })
})
