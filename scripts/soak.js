"use strict"

const { spawnSync } = require("child_process")
const fs = require("fs")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Runs the costly property tests many times; npm test has a few cases of each. Above all, whole runs are
driven through random rows, batch sizes, latencies and faults, and each report is compared with the stand-in's ledger.
The hub is sent twenty times as many malformed requests.

  npm run test:soak              1500 runs, about an hour on two cores
  npm run test:soak -- RUNS      as many runs

  --help   this text
`

const { positionals: [runs = "1500"] } = readArguments({
  help: HELP,
  allowPositionals: true,
  check: (_values, positionals) => {
    if (positionals.length > 1 || positionals.some((text) => !/^[1-9]\d{0,6}$/.test(text))) {
      throw new Error(`"${positionals.join(" ")}" is not a number of runs: give a whole number from 1 to 9999999.`)
    }
  },
})

const project = path.resolve(__dirname, "..")
const { require: required, spec, jobs } = require("../.mocharc.js")
const files = spec.filter((file) => fs.readFileSync(path.join(project, file), "utf8").includes("process.env.SOAK_"))

const { status } = spawnSync(
  process.execPath,
  [require.resolve("mocha/bin/mocha.js"), "--no-config", ...required.flatMap((name) => ["--require", name]),
    "--parallel", "--jobs", String(jobs), ...files],
  {
    stdio: "inherit",
    cwd: project,
    env: { ...process.env, SOAK_RUNS: runs, SOAK_REQUESTS: String(Number(runs) * 20) },
  },
)
process.exitCode = status ?? 1
