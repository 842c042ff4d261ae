"use strict"

const { spawnSync } = require("child_process")
const path = require("path")
const readArguments = require("./arguments")

const HELP = `Runs the property tests of whole runs many times. Every run is driven through random rows, batch sizes,
latencies and faults, and its report is compared with the stand-in's ledger. Then the hub is sent twenty times as many
malformed requests.

  npm run test:soak              1500 runs, some minutes
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

const { status } = spawnSync(
  process.execPath,
  [require.resolve("mocha/bin/mocha.js"), "--no-config", "-r", "ts-node/register/transpile-only",
    path.join("test", "delivery", "test_faults.ts"), path.join("test", "server", "test_malformed_requests.ts")],
  {
    stdio: "inherit",
    cwd: path.resolve(__dirname, ".."),
    env: { ...process.env, SOAK_RUNS: runs, SOAK_REQUESTS: String(Number(runs) * 20) },
  },
)
process.exitCode = status ?? 1
