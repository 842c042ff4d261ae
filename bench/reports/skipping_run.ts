import { ResultRow } from "../../sandbox/looker/query_result"
import { FreshHub } from "../runs/fresh_hub"
import { processTree } from "../runs/process_figures"

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
  const fresh = await FreshHub.start({ syncMs: 300, settings: { ACTION_HUB_REPORTS: String(hasReports) } })
  fresh.marketo.faults.add({
    match: { operation: "syncLeads" }, effect: { kind: "record", positions: SKIPPED_POSITIONS, code: "1003" },
  })
  try {
    const begunAt = performance.now()
    const { message } = await fresh.send({
      fields: { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }, rows: () => people(rows),
    }, { invalidValues: "skipRow" })
    const seconds = (performance.now() - begunAt) / 1000
    const [ofHub, ofExecution] = processTree(fresh.hub.processId ?? 0)
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
    await fresh.stop()
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
