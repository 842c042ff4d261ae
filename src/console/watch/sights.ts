import * as os from "os"

import * as Hub from "../../hub"
import type { HomeState } from "../../hub/coordination/coordination_home"
import { MINUTE_MS } from "../../hub/durations"
import type { RouteContext } from "../../server/routes/context"
import type { StoppableQueue } from "../../server/shutdown"
import { memoryOf } from "./process_memory"
import type { HubView, ListedRun, QueueView, QuotasView, RunningView } from "./shapes"

/** The most runs under way that a page shows. */
const MOST_RUNNING = 100
/** The most accounts that a page shows; those in use come first. */
const MOST_ACCOUNTS = 50
const BYTES_PER_MB = 1024 * 1024

/** An extended action may take twice the time limit, and a stopped one some minutes more to report. */
const LONGEST_IN_LIMITS = 2
const BEYOND_LIMIT_MS = 30 * MINUTE_MS

/** Returns the runs under way, of all hubs that keep their records in one place. Rejects if that is out of reach. */
export async function seeRunning({ runBook, timeLimitMs }: RouteContext): Promise<RunningView> {
  // Older ones need not be searched for: a hub that is gone has had its runs ended by then.
  const from = Date.now() - LONGEST_IN_LIMITS * timeLimitMs - BEYOND_LIMIT_MS
  const [{ runs }, { runs: [newest] }] = await Promise.all([
    runBook.find({ limit: MOST_RUNNING, outcome: "running", from }), runBook.find({ limit: 1 }),
  ])
  return {
    running: runs.map(({ samples, ...run }) => run),
    ...(newest === undefined ? {} : { newest: { id: newest.id, outcome: newest.outcome } }),
  }
}

/** Returns the use of every limit, and the runs that use it. */
export async function seeQuotas({ kind, limits }: HomeState, running: ListedRun[]): Promise<QuotasView> {
  const actions = await Hub.allActions()
  const accounts = Object.entries(limits).map(([name, limit]) => {
    const [first, ...rest] = name.split(" ")
    const vendor = actions.find((action) => action.name === first)?.label
    return {
      ...limit, name, vendor, account: vendor === undefined || rest.length === 0 ? name : rest.join(" "),
      users: running.filter(({ progress }) => progress?.callLimit?.name === name),
    }
  })
  const busyness = ({ users, waiting, callsInWindow }: typeof accounts[number]) =>
    users.length * 1_000_000 + waiting * 1000 + callsInWindow
  return {
    isShared: kind === "redis",
    accounts: accounts.sort((one, other) => busyness(other) - busyness(one)).slice(0, MOST_ACCOUNTS),
  }
}

/** Returns what there is to know of this hub's process, its queues and its coordination. */
export async function seeHub(
  context: RouteContext, { limits, ...coordination }: HomeState, streams: HubView["streams"],
): Promise<HubView> {
  return {
    version: context.files.version,
    node: process.version,
    host: os.hostname(),
    processId: process.pid,
    startedAt: new Date(performance.timeOrigin).toISOString(),
    memoryMb: Math.round(process.memoryUsage.rss() / BYTES_PER_MB),
    isStopping: !context.isReady(),
    runsInFlight: context.runs.executionCount,
    queues: [
      await seeQueue("Runs", context.executeQueue),
      await seeQueue("Runs of extended actions", context.extendedQueue),
    ],
    coordination,
    streams,
  }
}

async function seeQueue(name: string, stoppable: StoppableQueue): Promise<QueueView> {
  const { queue } = stoppable
  const processes = (stoppable.processStates?.() ?? []).map(async (process) => ({
    ...process, memoryMb: process.id === undefined ? undefined : await memoryOf(process.id),
  }))
  return {
    name, waiting: queue.size, running: queue.pending, room: Number.isFinite(queue.concurrency) ? queue.concurrency : 0,
    processes: await Promise.all(processes),
  }
}
