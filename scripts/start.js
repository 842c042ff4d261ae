"use strict"

// Starts the hub from compiled JavaScript, in this very process, so that signals and the exit code are the hub's own.

const buildWhenStale = require("./build_when_stale")

try {
  buildWhenStale()
} catch (failure) {
  console.error(failure.message)
  process.exit(1)
}
require("../lib/boot.js")
