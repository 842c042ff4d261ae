"use strict"

const fs = require("fs")
const os = require("os")
const path = require("path")

/** Files whose tests take long come first: at the end, one of them would keep a core busy and leave the others idle. */
const LONG = [
  "coordination/test_two_hubs_and_redis.ts", "coordination/test_dead_processes.ts", "coordination/test_two_hubs.ts",
  "coordination/test_probes_watched.ts", "coordination/test_log_readers.ts",
  "xpc/test_process_queues.ts", "delivery/test_lost_answers.ts", "delivery/test_refusals.ts", "server/test_process.ts",
  "deploy/test_proxies.ts",
  "scripts/test_command_lines.ts", "deploy/test_production_tree.ts", "server/test_push_bodies.ts",
  "hub/coordination/redis/test_redis_data_loss.ts",
  "hub/coordination/redis/test_redis_away.ts", "delivery/test_accounts.ts", "delivery/test_faults.ts",
].map((file) => path.join("test", file))

const files = fs.readdirSync(path.join(__dirname, "test"), { recursive: true })
  .filter((file) => /^test_.*\.ts$/.test(path.basename(file)))
  .map((file) => path.join("test", file))
  .sort()

module.exports = {
  require: [
    "ts-node/register/transpile-only",
    "test/support/compiled_hub.ts", "test/support/left_out.ts", "test/support/open_handles.ts",
    "test/support/property_failures.ts",
    "test/support/quiet_logs.ts",
  ],
  spec: [...new Set([...LONG, ...files])],
  timeout: 30000,
  parallel: true,
  // Tests wait a third of their time.
  jobs: Math.ceil(1.5 * os.availableParallelism()),
  // Tests of time and of processes may be late on a machine that others use, too; a fault fails every time.
  retries: process.env.CI === undefined ? 0 : 2,
}
