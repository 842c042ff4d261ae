import { cpus } from "os"
import { Measured, measureFirstCall, measureFresh, measureStatus, measureWarm, Task } from "./measurements"
import { SubactionName } from "./subactions"
import { callsTable, machineTable, placesTable, quotaTable, timesTable } from "./tables"

interface Plan {
  /** Cold starts to measure, and sends after the first of them. */
  firstCalls: [colds: number, warms: number]
  quota: Task[]
  places: Task[]
  memory: Task[]
  status: Task
}

/** A send of one result. */
function send(rows: number, subaction: SubactionName, speed: number): Task {
  return { rowCounts: [rows], subaction, speed }
}

/** One send alone, and four at once, from one process, several, and two hubs. */
function places(rows: number, speed: number): Task[] {
  const rowCounts = [[rows], [rows / 4, rows / 4, rows / 4, rows / 4]]
  return rowCounts.flatMap((counts): Task[] => [[1, 1], [1, 2], [1, 4], [2, 2]].map(([hubs, processes]) =>
    ({ rowCounts: counts, subaction: "none", speed, place: { hubs, processes } })))
}

const FULL: Plan = {
  firstCalls: [5, 20],
  quota: [
    send(5000, "none", 2), send(5000, "addList", 2), send(5000, "removeList", 2), send(5000, "addCampaign", 2),
    send(50000, "none", 2), send(50000, "addList", 4), send(50000, "removeList", 8), send(50000, "addCampaign", 8),
    { rowCounts: [12500, 12500, 12500, 12500], subaction: "addList", speed: 4 },
  ],
  places: places(50000, 2),
  memory: [
    send(10000, "none", 20), send(100000, "none", 20), send(1000000, "none", 20),
    send(10000, "addList", 20), send(1000000, "addList", 40),
  ],
  status: send(500000, "none", 20),
}

const QUICK: Plan = {
  firstCalls: [2, 5],
  quota: [send(5000, "none", 4), send(5000, "addList", 4)],
  places: places(20000, 8),
  memory: [send(10000, "none", 20), send(100000, "none", 20)],
  status: send(50000, "none", 20),
}

/** Measures whole runs of the Marketo action in the compiled hub, and prints tables in markdown. */
async function main() {
  const plan = process.argv.includes("--quick") ? QUICK : FULL
  const begunAt = performance.now()
  const day = new Date().toISOString().slice(0, 10)
  console.log(`${day}, Node ${process.version}, ${cpus().length} x ${cpus()[0].model}`)

  const { cold, warm } = await measureFirstCall(...plan.firstCalls)
  const times: Record<string, number[]> = {
    "POST to the first Marketo call, first send after the hub's start": cold,
    "POST to the first Marketo call, later sends": warm,
  }
  const quota = await inTurn(plan.quota, measureWarm)
  section("Use of the quota", quotaTable(quota))
  section("Calls", callsTable(quota))

  section("Use of the quota, by hubs and processes", placesTable(await inTurn(plan.places, measureWarm)))

  const memory = await inTurn(plan.memory, measureFresh)
  const { statusMs, ...whileAsked } = await measureStatus(plan.status)
  times[`GET /status during a send of ${plan.status.rowCounts[0].toLocaleString("en-US")} rows`] = statusMs
  section("Memory and processor", machineTable([...memory, whileAsked]))
  section("Use of the quota, fresh hub and much faster time", quotaTable([...memory, whileAsked]))
  section("Calls, fresh hub", callsTable([...memory, whileAsked]))
  section("Answers", timesTable(times))
  console.log(`\nMeasured in ${((performance.now() - begunAt) / 1000).toFixed(0)} s.`)
}

async function inTurn(tasks: Task[], measure: (task: Task) => Promise<Measured>): Promise<Measured[]> {
  const measurements: Measured[] = []
  for (const task of tasks) {
    measurements.push(await measure(task))
  }
  return measurements
}

function section(title: string, text: string) {
  console.log(`\n#### ${title}\n\n${text}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
