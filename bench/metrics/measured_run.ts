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
  const secret = randomBytes(32).toString("hex")
  process.env.ACTION_HUB_SECRET = secret
  const marketo = await MarketoSandbox.start({ speed: SPEED, keepValues: false, latency: { sync: 300 } })
  const looker = await LookerSandbox.start()
  const hub = await HubProcess.start({
    ACTION_HUB_SECRET: secret, MARKETO_SANDBOX_SPEED: String(SPEED), MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host,
    ACTION_HUB_EXECUTE_PROCESS_COUNT: "1", ACTION_HUB_METRICS: String(hasMetrics),
  })
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
    const { body } = await new HubClient({ url: hub.url, apiKey: fromNonce("bench") }).execute("marketo", {
      params: { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret },
      format: "json_detail_lite_stream",
      downloadUrl: looker.publish({
        fields: { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }, rows: () => people(rows),
      }),
      formParams: { lookupField: "email", subaction: "none" },
    })
    const seconds = (performance.now() - begunAt) / 1000
    if (!body.looker.success || marketo.ledger.leadsCreated !== rows) {
      throw new Error(`${marketo.ledger.leadsCreated} of ${rows} leads were created: ${body.looker.message}`)
    }
    const after = processTree(hub.processId ?? 0)
    const spent = (index: number) => after[index].cpuSeconds - before[index].cpuSeconds
    return { seconds, hubCpuSeconds: spent(0), executeCpuSeconds: spent(1), ...read }
  } finally {
    clearInterval(reader)
    await hub.stop()
    await looker.stop()
    await marketo.stop()
  }
}

function* people(count: number): Iterable<ResultRow> {
  for (let index = 0; index < count; index++) {
    yield { "lead.email": { value: `p${index}@example.org` } }
  }
}
