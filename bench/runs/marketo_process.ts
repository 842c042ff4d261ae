import { MarketoSandbox } from "../../sandbox/marketo"
import { Started } from "./stand_ins"

/** What the stand-in for Marketo saw since it was last cleared. Times are ms since 1970. */
export interface Account {
  /** Calls that count, by Marketo's operation. */
  calls: Record<string, number>
  /** Refused calls by code. */
  refused: Record<string, number>
  highestInWindow: number
  highestAtOnce: number
  leadsWritten: number
  firstCallAt: number
  firstUpsertAt: number
  lastAnswerAt: number
}

/**
 * Stands in for Marketo in a process of its own; answers "account" and "clear". `argv[2]` is its speed, `argv[3]` the
 * seconds that an import of 50,000 rows takes.
 */
async function main() {
  const speed = Number(process.argv[2])
  const sandbox = await MarketoSandbox.start({
    latency: "marketo", speed, keepValues: false, ledgerDetail: "counts",
    bulkRowMs: Number(process.argv[3] ?? 0) * 1000 / 50000 / speed,
  })
  const { ledger } = sandbox
  const account = (): Account => ({
    calls: countOf(ledger.calls.filter(({ counted }) => counted).map(({ operation }) => operation)),
    refused: ledger.rejectedByCode(),
    highestInWindow: ledger.highestCallsInWindow(),
    highestAtOnce: ledger.highestConcurrency,
    leadsWritten: ledger.leadsCreated + ledger.leadsUpdated,
    firstCallAt: ledger.calls[0]?.startedAt ?? NaN,
    firstUpsertAt: (ledger.callsOf("syncLeads")[0] ?? ledger.callsOf("bulkImport")[0])?.startedAt ?? NaN,
    lastAnswerAt: Math.max(...ledger.calls.map(({ finishedAt }) => finishedAt ?? NaN)),
  })
  process.on("message", (question) => {
    if (question === "clear") {
      ledger.clear()
    }
    process.send?.(account())
  })
  process.once("disconnect", () => process.exit())
  process.send?.({
    address: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret,
  } satisfies Started)
}

function countOf(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

void main()
