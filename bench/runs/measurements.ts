import { setTimeout as wait } from "timers/promises"
import { MARKETO_LATENCY } from "../../sandbox/marketo/setup/options"
import { BenchHub, ONE_PROCESS, Place, Sent } from "./bench_hub"
import { Allowance, fewestCalls, idealMilliseconds } from "./ideal_schedule"
import { SubactionName, SUBACTIONS } from "./subactions"

/** What the hub allows itself unless it is told otherwise: half of what Marketo gives an instance. */
const ALLOWANCE: Allowance = { callsPerWindow: 50, windowMs: 20000, callsAtOnce: 5 }

/** The sandbox's names of upserts and follow-ups; all other calls are checks. */
const WORK = ["syncLeads", "addToList", "removeFromList", "requestCampaign"]

const STATUS_EVERY_MS = 10

/** Sends to measure: so many rows each, all at once. */
export interface Task {
  speed: number
  subaction: SubactionName
  rowCounts: number[]
  /** One hub with one execute process if absent. */
  place?: Place
}

/** A measured task. All seconds are in Marketo's own time. */
export interface Measured extends Task {
  seconds: number
  sendingSeconds: number
  idealSeconds: number
  workCalls: number
  checks: number
  fewestCalls: number
  sent: Sent
}

/** Sends with a hub that has been used before, in a window in which no call was made. */
export async function measureWarm(task: Task): Promise<Measured> {
  return withHub(task.speed, async (hub) => {
    await hub.send(task.rowCounts.map(() => 300), task.subaction)
    await hub.rest()
    return measuredOf(task, await hub.send(task.rowCounts, task.subaction))
  }, task.place)
}

/** Sends with a hub that has just been started, so that memory and processor time are those of this task alone. */
export async function measureFresh(task: Task): Promise<Measured> {
  return withHub(task.speed, async (hub) => measuredOf(task, await hub.send(task.rowCounts, task.subaction)))
}

/** Milliseconds to the first call that Marketo sees: of the first send after the hub's start, and of later ones. */
export async function measureFirstCall(colds: number, warms: number): Promise<{ cold: number[], warm: number[] }> {
  const cold: number[] = []
  const warm: number[] = []
  for (let round = 0; round < colds; round++) {
    await withHub(1, async (hub) => {
      cold.push((await hub.send([100], "none")).firstCallMs)
      for (let later = 0; round === 0 && later < warms; later++) {
        warm.push((await hub.send([100], "none")).firstCallMs)
      }
    })
  }
  return { cold, warm }
}

/** Sends, and asks the hub all the while how it is: ms until each answer to GET /status was complete. */
export async function measureStatus(task: Task): Promise<Measured & { statusMs: number[] }> {
  return withHub(task.speed, async (hub) => {
    await hub.send([300], task.subaction)
    const statusMs: number[] = []
    let isSending = true
    const asking = (async () => {
      while (isSending) {
        const askedAt = performance.now()
        await (await fetch(hub.statusUrl)).text()
        statusMs.push(performance.now() - askedAt)
        await wait(STATUS_EVERY_MS)
      }
    })()
    const sent = await hub.send(task.rowCounts, task.subaction).finally(() => { isSending = false })
    await asking
    return { ...measuredOf(task, sent), statusMs }
  })
}

async function withHub<T>(speed: number, use: (hub: BenchHub) => Promise<T>, place: Place = ONE_PROCESS): Promise<T> {
  const hub = await BenchHub.start(speed, place)
  try {
    return await use(hub)
  } finally {
    await hub.stop()
  }
}

function measuredOf(task: Task, sent: Sent): Measured {
  const { followUp } = SUBACTIONS[task.subaction]
  const calls = Object.entries(sent.account.calls)
  const sum = (isCounted: (operation: string) => boolean) =>
    calls.reduce((total, [operation, count]) => total + (isCounted(operation) ? count : 0), 0)
  const checks = sum((operation) => !WORK.includes(operation))
  return {
    ...task,
    seconds: sent.seconds * task.speed,
    sendingSeconds: sent.sendingSeconds * task.speed,
    idealSeconds: idealMilliseconds(task.rowCounts, followUp, checks, MARKETO_LATENCY, ALLOWANCE) / 1000,
    workCalls: sum((operation) => WORK.includes(operation)),
    checks,
    fewestCalls: fewestCalls(task.rowCounts, followUp),
    sent,
  }
}
