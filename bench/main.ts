import { spawnSync } from "child_process"
import * as path from "path"
import { parseArgs } from "util"

/** The benches, by name. Each takes `--quick` for a short look, or has no need of it. */
const BENCHES: Record<string, string> = {
  runs: "Runs of the Marketo action, whole",
  ways: "Calls per million rows, by each way of sending",
  reader: "Reading query results",
  flags: "Flags of the execute process, by processor time and memory",
  isolation: "Handing runs to the execute process",
  coordination: "Agreeing on calls and keys, in one process and in Redis",
  reports: "Reports of rows, by processor time and memory",
  metrics: "Metrics, by processor time",
  recovery: "How long a run takes longer when an answer is lost",
  seat_belt: "The seat belt of runs of the Marketo action",
  load: "What others notice of pushes, bombs and floods",
}

const HELP = `Measures the hub on this machine and prints tables in markdown. A whole bench takes minutes. Run it on a
quiet machine.

  npm run bench -- NAME ... [--quick]
  npm run bench -- --all [--quick]

${Object.keys(BENCHES).map((name) => `  ${name.padEnd(12)}  ${BENCHES[name]}`).join("\n")}

  --quick   smaller results and fewer rounds
  --all     every bench, one after the other
  --help    this text
`

function main(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { quick: { type: "boolean" }, all: { type: "boolean" }, help: { type: "boolean" } },
    allowPositionals: true,
  })
  if (values.help === true) {
    console.log(HELP)
    return
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name))
  if (unknown.length > 0) {
    throw new Error(`There is no bench named ${unknown.join(", ")}.`)
  }
  const names = values.all === true ? Object.keys(BENCHES) : positionals
  if (names.length === 0) {
    throw new Error("Name a bench, or give --all.")
  }
  for (const name of names) {
    run(name, values.quick === true)
  }
}

function run(name: string, isQuick: boolean) {
  console.log(`\n### ${BENCHES[name]}\n`)
  const script = path.join(__dirname, name, "main.ts")
  const { status } = spawnSync(
    process.execPath, [...process.execArgv, script, ...(isQuick ? ["--quick"] : [])], { stdio: "inherit" })
  if (status !== 0) {
    process.exitCode = 1
  }
}

try {
  main(process.argv.slice(2))
} catch (failure) {
  console.error(`${(failure as Error).message}\n\n${HELP}`)
  process.exitCode = 2
}
