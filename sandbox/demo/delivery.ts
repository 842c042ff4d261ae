import { ExecuteAnswer, TextInputs } from "../looker/hub_wire"
import { leadQueryResult } from "../looker/lead_rows"
import { QueryResult } from "../looker/query_result"
import { LedgerCall } from "../marketo/ledger/ledger"
import { Scenario } from "./scenario"
import { Stage } from "./stage"
import { count, Terminal } from "./terminal"

export const ACTION = "marketo"
export const FORMAT = "json_detail_lite_stream"
const PROGRESS_EVERY_MS = 100

/** The Marketo sandbox's own record of the run: the truth to which the hub's message is compared. */
export interface MarketoAccount {
  leadsCreated: number
  leadsUpdated: number
  /** Records that Marketo skipped, by its code. */
  skippedByCode: Record<string, number>
  /** Calls that count against the daily quota. */
  countedCalls: number
  /** The same calls by Marketo's operation. */
  callsByOperation: Record<string, number>
  membersBefore: number
  membersAfter: number
}

/** One delivery as Looker plays it, and the Marketo sandbox's record of it. */
export interface Delivery {
  answer: ExecuteAnswer
  /** Rows that the hub has taken from the one-time URL. */
  rowsRead: number
  seconds: number
  marketo: MarketoAccount
}

export interface DeliveryInputs {
  rowCount: number
  params: TextInputs
  formParams: TextInputs
}

/** Sends a query result to the Marketo action, and shows meanwhile what has arrived in the Marketo sandbox. */
export async function deliver(
  terminal: Terminal,
  { marketo, looker, client }: Stage,
  scenario: Scenario,
  { rowCount, params, formParams }: DeliveryInputs,
): Promise<Delivery> {
  const { ledger } = marketo
  const { members } = scenario.list
  const membersBefore = members.size
  const callsBefore = ledger.calls.length
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000
  const showProgress = (): void => {
    const written = ledger.leadsCreated + ledger.leadsUpdated
    const calls = ledger.calls.length - callsBefore
    terminal.progress(`${bar(written / rowCount)} ${count(written)} of ${count(rowCount)} leads written, ` +
      `${count(members.size)} members, ${count(calls)} calls, ${seconds().toFixed(1)} s`)
  }

  let rowsRead = 0
  const result = leadQueryResult({ rowCount })
  const counted: QueryResult = {
    ...result,
    *rows() {
      for (const row of result.rows()) {
        rowsRead++
        yield row
      }
    },
  }
  const timer = setInterval(showProgress, PROGRESS_EVERY_MS)
  try {
    const downloadUrl = looker.publish(counted, { format: FORMAT })
    const { body } = await client.execute(ACTION, { params, formParams, format: FORMAT, downloadUrl })
    const elapsed = seconds()
    showProgress()
    const calls = ledger.calls.slice(callsBefore).filter((call) => call.counted)
    return {
      answer: body,
      rowsRead,
      seconds: elapsed,
      marketo: {
        leadsCreated: ledger.leadsCreated,
        leadsUpdated: ledger.leadsUpdated,
        skippedByCode: skippedByCode(ledger.callsOf("syncLeads")),
        countedCalls: calls.length,
        callsByOperation: countByOperation(calls),
        membersBefore,
        membersAfter: members.size,
      },
    }
  } finally {
    clearInterval(timer)
    terminal.endProgress()
  }
}

/** Adds up the skipped records of these calls. */
function skippedByCode(calls: LedgerCall[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { recordErrors } of calls) {
    for (const [code, records] of Object.entries(recordErrors)) {
      sums[code] = (sums[code] ?? 0) + records
    }
  }
  return sums
}

function countByOperation(calls: LedgerCall[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { operation } of calls) {
    counts[operation] = (counts[operation] ?? 0) + 1
  }
  return counts
}

function bar(share: number): string {
  const width = 12
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return `[${"#".repeat(full)}${".".repeat(width - full)}]`
}
