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

/** Sends of rows with one long text each, begun at once. */
export interface LargeRows {
  runs: number
  rowsEach: number
  textBytes: number
  /** Ceiling of the execute process's heap in MB; Node's own if absent. */
  memoryMb?: number
}

/** Sends them to a fresh hub. Returns the peak of the execute process's resident memory in bytes. */
export async function peakOfLargeRows({ runs, rowsEach, textBytes, memoryMb }: LargeRows): Promise<number> {
  const secret = randomBytes(32).toString("hex")
  process.env.ACTION_HUB_SECRET = secret
  const marketo = await MarketoSandbox.start({ speed: SPEED, keepValues: false, latency: { sync: 2000 } })
  const looker = await LookerSandbox.start()
  const hub = await HubProcess.start({
    ACTION_HUB_SECRET: secret, MARKETO_SANDBOX_SPEED: String(SPEED), MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host,
    ...(memoryMb === undefined ? {} : { ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: String(memoryMb) }),
  })
  try {
    const client = new HubClient({ url: hub.url, apiKey: fromNonce("bench") })
    await Promise.all(Array.from({ length: runs }, async (_none, run) => {
      const { body } = await client.execute("marketo", {
        params: { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret },
        format: "json_detail_lite_stream",
        downloadUrl: looker.publish({
          fields: { dimensions: [
            { name: "lead.email", tags: ["marketo:email"] }, { name: "lead.notes", tags: ["marketo:mktoPersonNotes"] },
          ] },
          rows: () => rowsOf(run, rowsEach, textBytes),
        }),
        formParams: { lookupField: "email", subaction: "none" },
      })
      if (!body.looker.success) {
        throw new Error(body.looker.message)
      }
    }))
    return Math.max(...processTree(hub.processId ?? 0).slice(1).map(({ peakBytes }) => peakBytes))
  } finally {
    await hub.stop()
    await looker.stop()
    await marketo.stop()
  }
}

function* rowsOf(run: number, count: number, textBytes: number): Iterable<ResultRow> {
  for (let index = 0; index < count; index++) {
    yield {
      "lead.email": { value: `p${run}.${index}@example.org` }, "lead.notes": { value: "y".repeat(textBytes) },
    }
  }
}
