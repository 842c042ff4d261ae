import { ResultRow } from "../../sandbox/looker/query_result"
import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { FreshHub, SPEED } from "../runs/fresh_hub"

/** Ten upserts. */
const ROWS = 3000

/** A run one of whose answers got lost. */
export interface RunWithLoss {
  /** From Looker's POST to the hub's answer, in seconds of Marketo's time. */
  seconds: number
  created: number
  updated: number
  createdOrUpdated: number
  duplicates: number
}

/**
 * Sends rows to a fresh hub, while the second upsert meets `effect`; `areKnown`: Marketo has the leads before.
 * Throws if a row is not accounted for as written.
 */
export async function sendWithLostAnswer(areKnown: boolean, effect: FaultEffect | undefined): Promise<RunWithLoss> {
  const fresh = await FreshHub.start({ syncMs: 1800, settings: { ACTION_HUB_EXECUTE_PROCESS_COUNT: "1" } })
  const { marketo: { faults, ledger } } = fresh
  const result = { fields: { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }, rows: people }
  try {
    // The first send also gets a token and the schema. Every run here has them.
    const first = areKnown ? result : { ...result, rows: () => [...people()].slice(0, 1) }
    await fresh.send(first)
    if (effect !== undefined) {
      faults.add({ match: { operation: "syncLeads" }, nth: 2, effect })
    }
    const begunAt = performance.now()
    const { success, message } = await fresh.send(result)
    const seconds = (performance.now() - begunAt) / 1000 * SPEED
    const [created, updated, createdOrUpdated] =
      [/([\d,]+) leads? created/, /([\d,]+) updated/, /([\d,]+) created or updated/].map((kind) => figure(message, kind))
    if (!success || created + updated + createdOrUpdated !== ROWS) {
      throw new Error(`${ROWS} rows were sent, and this was the answer: ${message}`)
    }
    return { seconds, created, updated, createdOrUpdated, duplicates: ledger.duplicates.length }
  } finally {
    await fresh.stop()
  }
}

function* people(): Iterable<ResultRow> {
  for (let index = 0; index < ROWS; index++) {
    yield { "lead.email": { value: `p${index}@example.org` } }
  }
}

function figure(message: string, kind: RegExp): number {
  return Number((kind.exec(message)?.[1] ?? "0").replace(/,/g, ""))
}
