import { cpus } from "os"
import { MEMORY_FLAGS } from "../../src/xpc/process_start"
import { table } from "../runs/tables"
import { Candidate, Cost } from "./candidate"

const isQuick = process.argv.includes("--quick")
const ROUNDS = isQuick ? 1 : 3
const ROWS = isQuick ? 50000 : 200000
const FLATNESS_ROWS = isQuick ? [10000, 100000] : [10000, 100000, 1000000]

/** What Node does by itself, and one step away from the hub's flags in each direction. */
const OTHERS = [
  "",
  "--max-semi-space-size=2 --optimize-for-size",
  "--max-semi-space-size=2",
  "--max-semi-space-size=4",
  "--max-semi-space-size=2 --heap-growing-percent=30",
  "--max-semi-space-size=8 --heap-growing-percent=30",
  "--max-semi-space-size=4 --heap-growing-percent=20",
  "--max-semi-space-size=4 --heap-growing-percent=50",
  "--max-semi-space-size=8 --heap-growing-percent=100",
  "--max-semi-space-size=4 --heap-growing-percent=200",
]

/** Compares flags of the execute process by processor time and memory of whole Marketo runs; prints two tables. */
async function main() {
  const { length, [0]: { model } } = cpus()
  const day = new Date().toISOString().slice(0, 10)
  console.log(`${day}, Node ${process.version}, ${length} x ${model}, ${ROUNDS} rounds in turn\n`)
  const own = new Candidate([...MEMORY_FLAGS])
  const given = process.argv.slice(2).filter((argument) => argument !== "--quick")
  const candidates = [own].concat((given.length > 0 ? given : OTHERS)
    .map((text) => new Candidate(text.split(" ").filter((word) => word !== ""))))
  printCosts(await inTurn(candidates.map((candidate) => ({ candidate, rows: ROWS })), ROUNDS))
  console.log("")
  printCosts(await inTurn(FLATNESS_ROWS.map((rows) => ({ candidate: own, rows })), 1))
}

interface Measured {
  candidate: Candidate
  rows: number
  costs: Cost[]
}

/** Takes turns, since what else the machine does changes with time. */
async function inTurn(tasks: Omit<Measured, "costs">[], rounds: number): Promise<Measured[]> {
  const measured: Measured[] = tasks.map((task) => ({ ...task, costs: [] }))
  for (let round = 0; round < rounds; round++) {
    for (const { candidate, rows, costs } of measured) {
      costs.push(await candidate.send(rows))
    }
  }
  return measured
}

function printCosts(measured: Measured[]) {
  const heads = ["flags", "rows", "CPU s, least", "CPU s, median", "least for 100,000 rows", "peak MB, median",
    "peak MB, highest"]
  console.log(table(heads, measured.map(({ candidate, rows, costs }) => {
    const seconds = sorted(costs.map(({ cpuSeconds }) => cpuSeconds))
    const megabytes = sorted(costs.map(({ peakBytes }) => peakBytes / 1e6))
    return [
      candidate.name, rows.toLocaleString("en-US"), seconds[0].toFixed(1), median(seconds).toFixed(1),
      (seconds[0] / rows * 100000).toFixed(2), median(megabytes).toFixed(0),
      megabytes[megabytes.length - 1].toFixed(0),
    ]
  })))
}

function sorted(values: number[]): number[] {
  return [...values].sort((one, other) => one - other)
}

function median(ordered: number[]): number {
  return ordered[Math.floor(ordered.length / 2)]
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
