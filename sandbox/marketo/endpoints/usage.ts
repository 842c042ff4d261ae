import { Operation, World } from "../calls/api_reply"
import { LedgerCall } from "../ledger/ledger"

const DAY_MS = 86_400_000

export const USAGE_OPERATIONS: Operation[] = [
  usageOperation("dailyUsage", "/rest/v1/stats/usage.json", (world) => [usageOn(today(world), world)]),
  usageOperation("weeklyUsage", "/rest/v1/stats/usage/last7days.json",
    (world) => lastSevenDays(world).map((date) => usageOn(date, world))),
  usageOperation("dailyErrors", "/rest/v1/stats/errors.json", (world) => [errorsOn(today(world), world)]),
  usageOperation("weeklyErrors", "/rest/v1/stats/errors/last7days.json",
    (world) => lastSevenDays(world).map((date) => errorsOn(date, world))),
]

function usageOperation(name: string, path: string, result: (world: World) => object[]): Operation {
  return {
    name, method: "GET", path, family: "leadDatabase", latency: "read", permissions: [], body: "none",
    begin: (_call, world) => ({ commit: () => ({ result: result(world) }) }),
  }
}

/** Returns the counted calls of the day, in all and per API user. */
function usageOn(date: string, world: World): object {
  const calls = callsOn(date, world).filter((call) => call.counted)
  const users = countBy(calls, (call) => call.user)
  const others = date === today(world) ? world.otherCallsToday() : 0
  return {
    date,
    total: calls.length + others,
    users: [...users, ...(others > 0 ? [["other-integrations@example.com", others] as const] : [])]
      .map(([userId, count]) => ({ userId, count })),
  }
}

/** Returns the response-level errors of the day by code. */
function errorsOn(date: string, world: World): object {
  const errors = countBy(callsOn(date, world), (call) => call.errorCode)
  return {
    date, total: errors.reduce((sum, [, count]) => sum + count, 0),
    errors: errors.map(([errorCode, count]) => ({ errorCode, count })),
  }
}

function callsOn(date: string, { ledger }: World): LedgerCall[] {
  return ledger.calls.filter((call) => dateOf(call.startedAt) === date)
}

function today({ now }: World): string {
  return dateOf(now())
}

/** Returns the last seven days, today first. */
function lastSevenDays({ now }: World): string[] {
  return Array.from({ length: 7 }, (_, back) => dateOf(now() - back * DAY_MS))
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function countBy(calls: LedgerCall[], name: (call: LedgerCall) => string | undefined): [string, number][] {
  const counts = new Map<string, number>()
  for (const call of calls) {
    const key = name(call)
    if (key !== undefined) {
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...counts]
}
