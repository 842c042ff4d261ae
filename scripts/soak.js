"use strict"

/**
 * Runs the property tests of whole runs thousands of times: `npm run test:soak`, or `npm run test:soak -- 5000`.
 * Every run is driven through random rows, batch sizes, latencies and faults, and compared with the sandbox's ledger.
 */
const { spawnSync } = require("child_process")
const path = require("path")

const runs = process.argv[2] ?? "1500"
const result = spawnSync(
  process.execPath,
  [require.resolve("mocha/bin/mocha.js"), "--no-config", "-r", "ts-node/register/transpile-only",
    path.join("test", "delivery", "test_faults.ts")],
  { stdio: "inherit", cwd: path.resolve(__dirname, ".."), env: { ...process.env, SOAK_RUNS: runs } },
)
process.exitCode = result.status ?? 1
