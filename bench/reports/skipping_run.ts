import { randomBytes } from "crypto"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { HubClient } from "../../sandbox/looker/hub_client"
import { LookerSandbox } from "../../sandbox/looker/looker_sandbox"
import { ResultRow } from "../../sandbox/looker/query_result"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { fromNonce } from "../../src/server/api_key"
import { processTree } from "../runs/process_figures"

/** The factor by which Marketo's time runs faster. */
const SPEED = 30
/** The records of each upsert that Marketo skips. */
const SKIPPED_POSITIONS = Array.from({ length: 40 }, (_position, index) => index * 7)

/** The figures of one run in which three rows of ten are skipped. */
export interface SkippingRun {
  seconds: number
  executePeakBytes: number
  executeCpuSeconds: number
  hubPeakBytes: number
  rowsSkipped: number
  linesInReport: number
}

/** Sends rows to a fresh hub, with reports of rows or without. Throws if the report lacks a skipped row. */
export async function runThatSkips(rows: number, hasReports: boolean): Promise<SkippingRun> {
  const secret = randomBytes(32).toString("hex")
  process.env.ACTION_HUB_SECRET = secret
  const marketo = await MarketoSandbox.start({ speed: SPEED, keepValues: false, latency: { sync: 300 } })
  const looker = await LookerSandbox.start()
  marketo.faults.add({
    match: { operation: "syncLeads" }, effect: { kind: "record", positions: SKIPPED_POSITIONS, code: "1003" },
  })
  const hub = await HubProcess.start({
    ACTION_HUB_SECRET: secret, MARKETO_SANDBOX_SPEED: String(SPEED), MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host,
    ACTION_HUB_REPORTS: String(hasReports),
  })
  try {
    const begunAt = performance.now()
    const { body } = await new HubClient({ url: hub.url, apiKey: fromNonce("bench") }).execute("marketo", {
      params: { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret },
      format: "json_detail_lite_stream",
      downloadUrl: looker.publish({
        fields: { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }, rows: () => people(rows),
      }),
      formParams: { lookupField: "email", subaction: "none", invalidValues: "skipRow" },
    })
    const seconds = (performance.now() - begunAt) / 1000
    const [ofHub, ofExecution] = processTree(hub.processId ?? 0)
    const message = body.looker.message ?? ""
    const account = JSON.parse(message.slice(message.lastIndexOf("\n"))) as { rows: { skipped: number } }
    const linesInReport = await linesOf(message)
    if (hasReports && linesInReport !== account.rows.skipped) {
      throw new Error(`${account.rows.skipped} rows were skipped, and the report has ${linesInReport}.`)
    }
    return {
      seconds, executePeakBytes: ofExecution.peakBytes, executeCpuSeconds: ofExecution.cpuSeconds,
      hubPeakBytes: ofHub.peakBytes, rowsSkipped: account.rows.skipped, linesInReport,
    }
  } finally {
    await hub.stop()
    await looker.stop()
    await marketo.stop()
  }
}

/** One row of ten has no lookup value, one has none that can be used. */
function* people(count: number): Iterable<ResultRow> {
  for (let row = 1; row <= count; row++) {
    yield { "lead.email": { value: row % 10 === 0 ? null : row % 10 === 1 ? `p${row} at` : `p${row}@example.org` } }
  }
}

async function linesOf(message: string): Promise<number> {
  const [link] = /https?:\S+\/reports\/\S+/.exec(message) ?? []
  return link === undefined ? 0 : (await (await fetch(link)).text()).trimEnd().split("\n").length - 1
}
