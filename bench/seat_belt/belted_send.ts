import { sampleFields, samplePerson, sampleRow } from "../../sandbox/looker/lead_rows"
import { QueryResult } from "../../sandbox/looker/query_result"
import { MARKETO_LATENCY } from "../../sandbox/marketo/setup/options"
import { FreshHub } from "../runs/fresh_hub"
import { processTree } from "../runs/process_figures"

/** Sends with and without a seat belt. */
export type BeltName = "off" | "full" | "sparse"

/** The form's limit, and whether a column is empty in more rows than it allows. */
export const BELTS: Record<BeltName, { title: string, mostCleared: string, isSparse: boolean }> = {
  off: { title: "off", mostCleared: "100", isSparse: false },
  full: { title: "on, full columns", mostCleared: "30", isSparse: false },
  sparse: { title: "on, a column empty in a third", mostCleared: "30", isSparse: true },
}

/** The cost of one send. Milliseconds and seconds are the machine's, while Marketo's time runs thirty times as fast. */
export interface BeltedSend {
  firstUpsertMs: number
  seconds: number
  cpuSeconds: number
  peakBytes: number
  lookUps: number
  calls: number
}

/** Rows of a send before the one that is measured, so that the hub has started and knows the instance. */
const ROWS_BEFORE = 300

/** Sends the sample query to a hub of its own. Throws if a row gets lost. */
export async function beltedSend(rows: number, name: BeltName): Promise<BeltedSend> {
  const { mostCleared, isSparse } = BELTS[name]
  const fresh = await FreshHub.start({
    syncMs: MARKETO_LATENCY.sync, readMs: MARKETO_LATENCY.read, settings: { ACTION_HUB_EXECUTE_PROCESS_COUNT: "1" },
  })
  const { hub, marketo: { ledger } } = fresh
  try {
    await fresh.send(people(rows, ROWS_BEFORE, false), { mostCleared })
    ledger.clear()
    const before = processTree(hub.processId ?? 0)
    const begunAt = Date.now()
    const { success, message } = await fresh.send(people(0, rows, isSparse), { mostCleared })
    const seconds = (Date.now() - begunAt) / 1000
    const written = ledger.leadsCreated + ledger.leadsUpdated
    if (!success || written !== rows) {
      throw new Error(`${written} of ${rows} leads were written: ${message}`)
    }
    const [, execute] = processTree(hub.processId ?? 0)
    return {
      firstUpsertMs: ledger.callsOf("syncLeads")[0].startedAt - begunAt, seconds,
      cpuSeconds: execute.cpuSeconds - before[1].cpuSeconds, peakBytes: execute.peakBytes,
      lookUps: ledger.callsOf("filterLeads").length, calls: ledger.calls.length,
    }
  } finally {
    await fresh.stop()
  }
}

/** The sample query, of which a third of the phone numbers are empty, or none. */
function people(from: number, count: number, isSparse: boolean): QueryResult {
  return {
    fields: sampleFields(),
    *rows() {
      for (let index = from; index < from + count; index++) {
        const person = samplePerson(index)
        yield sampleRow(isSparse ? person : { ...person, phone: person.phone ?? "+1 555 0100" })
      }
    },
  }
}
