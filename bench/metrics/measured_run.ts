import { ResultRow } from "../../sandbox/looker/query_result"
import { FreshHub } from "../runs/fresh_hub"
import { processTree } from "../runs/process_figures"

/** The time between two readings of the metrics, in ms: more often than any Prometheus asks. */
const READ_EVERY_MS = 1000

/** The processor time of one run, and what was read meanwhile. */
export interface MeasuredRun {
  seconds: number
  executeCpuSeconds: number
  hubCpuSeconds: number
  readings: number
  bytesRead: number
}

/** Sends rows to a fresh hub, with metrics that are read all the time or without any. Throws if a row gets lost. */
export async function measuredRun(rows: number, hasMetrics: boolean): Promise<MeasuredRun> {
  const fresh = await FreshHub.start({
    syncMs: 300, settings: { ACTION_HUB_EXECUTE_PROCESS_COUNT: "1", ACTION_HUB_METRICS: String(hasMetrics) },
  })
  const { hub, marketo: { ledger } } = fresh
  const read = { readings: 0, bytesRead: 0 }
  const reader = setInterval(() => {
    void fetch(`${hub.url}/metrics`).then(async (answer) => answer.text()).then((text) => {
      read.readings++
      read.bytesRead += text.length
    })
  }, READ_EVERY_MS)
  try {
    const before = processTree(hub.processId ?? 0)
    const begunAt = performance.now()
    const { success, message } = await fresh.send({
      fields: { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }, rows: () => people(rows),
    })
    const seconds = (performance.now() - begunAt) / 1000
    if (!success || ledger.leadsCreated !== rows) {
      throw new Error(`${ledger.leadsCreated} of ${rows} leads were created: ${message}`)
    }
    const after = processTree(hub.processId ?? 0)
    const spent = (index: number) => after[index].cpuSeconds - before[index].cpuSeconds
    return { seconds, hubCpuSeconds: spent(0), executeCpuSeconds: spent(1), ...read }
  } finally {
    clearInterval(reader)
    await fresh.stop()
  }
}

function* people(count: number): Iterable<ResultRow> {
  for (let index = 0; index < count; index++) {
    yield { "lead.email": { value: `p${index}@example.org` } }
  }
}
