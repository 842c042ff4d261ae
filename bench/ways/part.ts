import { cpus } from "os"
import { BenchHub, ONE_PROCESS, Sent } from "../runs/bench_hub"
import { SubactionName } from "../runs/subactions"
import { table } from "../runs/tables"

/** A send by one of the ways, at a pace of Marketo's imports. */
interface Task {
  rows: number
  subaction: SubactionName
  sendBy: "calls" | "files"
  /** Seconds that Marketo takes to import 50,000 rows. */
  importSeconds: number
  speed: number
}

function tasks(rows: number): Task[] {
  const task = (subaction: SubactionName, sendBy: Task["sendBy"], importSeconds = 0): Task =>
    ({ rows, subaction, sendBy, importSeconds, speed: 40 })
  return [
    
    ...[60, 300].flatMap((seconds) => [task("none", "files", seconds), task("addList", "files", seconds)]),
  ]
}

const HEADS = ["way", "sub-action", "s for 50,000 rows of a file", "calls", "files", "questions", "other calls",
  "minutes", "hub, peak MB", "execute process, peak MB", "execute process, CPU s"]

function lineOf({ subaction, sendBy, importSeconds, speed }: Task, { account: { calls }, seconds, processes }: Sent) {
  const sum = Object.values(calls).reduce((total, count) => total + count, 0)
  const [hub, ...others] = processes
  const files = calls.bulkImport ?? 0
  const questions = (calls.bulkImportStatus ?? 0) + (calls.bulkImportFailures ?? 0)
  return [
    sendBy, `\`${subaction}\``, sendBy === "calls" ? "" : String(importSeconds), String(sum), String(files),
    String(questions), String(sum - files - questions), (seconds * speed / 60).toFixed(1), megabytes(hub.peakBytes),
    megabytes(Math.max(...others.map(({ peakBytes }) => peakBytes))),
    others.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0).toFixed(1),
  ]
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

/** Sends a million rows by each way, with fresh hubs, and prints how many calls that takes. */
async function main(isQuick: boolean) {
  const rows = isQuick ? 100_000 : 1_000_000
  console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} x ` +
    `${cpus()[0].model}; ${rows.toLocaleString("en-US")} rows\n`)
  const lines: string[][] = []
  for (const task of tasks(rows)) {
    const { speed, subaction, sendBy, importSeconds } = task
    // A run may take as long as it takes.
    const settings = { ACTION_HUB_EXECUTE_TIMEOUT_SECONDS: "100000" }
    const hub = await BenchHub.start(speed, ONE_PROCESS, settings, undefined, importSeconds)
    try {
      lines.push(lineOf(task, await hub.send([rows], subaction, { sendBy, emptyCells: "leave" })))
    } finally {
      await hub.stop()
    }
  }
  console.log(table(HEADS, lines))
}

main(process.argv.includes("--quick")).catch((failure: unknown) => {
  console.error(failure)
  process.exitCode = 1
})
