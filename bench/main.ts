import { spawnSync } from "child_process"
import * as path from "path"

/** The benches, the one about whole runs first. Each takes `--quick` for a short look, or has no need of it. */
const BENCHES: Record<string, string> = {
  runs: "Runs of the Marketo action, whole",
  reader: "Reading query results",
  isolation: "Handing runs to the execute process",
}

const wanted = process.argv.slice(2)
const isQuick = wanted.includes("--quick")
const names = wanted.filter((argument) => argument !== "--quick")
const unknown = names.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no bench named ${unknown.join(", ")}: there are ${Object.keys(BENCHES).join(", ")}.`)
  process.exitCode = 1
} else {
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    console.log(`\n### ${BENCHES[name]}\n`)
    const script = path.join(__dirname, name, "main.ts")
    const options = [...process.execArgv, script, ...(isQuick ? ["--quick"] : [])]
    const { status } = spawnSync(process.execPath, options, { stdio: "inherit" })
    if (status !== 0) {
      process.exitCode = 1
    }
  }
}
