"use strict"

// Prints a new API key. Runs compiled JavaScript, so that it also works where there is no compiler.

const buildWhenStale = require("./build_when_stale")

try {
  buildWhenStale()
} catch (failure) {
  console.error(failure.message)
  process.exit(1)
}
process.exitCode = require("../lib/generate_api_key.js").printNewApiKey()
