import { ResultRow } from "../../sandbox/looker/query_result"
import { FreshHub } from "../runs/fresh_hub"
import { processTree } from "../runs/process_figures"

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
  const fresh = await FreshHub.start({
    syncMs: 2000,
    settings: memoryMb === undefined ? {} : { ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: String(memoryMb) },
  })
  try {
    await Promise.all(Array.from({ length: runs }, async (_none, run) => {
      const { success, message } = await fresh.send({
        fields: { dimensions: [
          { name: "lead.email", tags: ["marketo:email"] }, { name: "lead.notes", tags: ["marketo:mktoPersonNotes"] },
        ] },
        rows: () => rowsOf(run, rowsEach, textBytes),
      })
      if (!success) {
        throw new Error(message)
      }
    }))
    return Math.max(...processTree(fresh.hub.processId ?? 0).slice(1).map(({ peakBytes }) => peakBytes))
  } finally {
    await fresh.stop()
  }
}

function* rowsOf(run: number, count: number, textBytes: number): Iterable<ResultRow> {
  for (let index = 0; index < count; index++) {
    yield {
      "lead.email": { value: `p${run}.${index}@example.org` }, "lead.notes": { value: "y".repeat(textBytes) },
    }
  }
}
