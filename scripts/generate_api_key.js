"use strict"

// Prints a new API key. Runs compiled JavaScript, so that it also works where there is no compiler.

const readArguments = require("./arguments")
const buildWhenStale = require("./build_when_stale")

const HELP = `Prints a new API key (a token) for Looker.

  npm run generate-api-key

The key is made with the hub's secret, ACTION_HUB_SECRET or the file that ACTION_HUB_SECRET_FILE names, from the
environment or from a .env file here. Where neither is set, it is made for the hub that you run in development mode on
this machine. Any number of keys may be in use; all of them end when the secret changes.

  --help   this text
`

readArguments({ help: HELP })
try {
  buildWhenStale()
} catch (failure) {
  console.error(failure.message)
  process.exit(1)
}
process.exitCode = require("../lib/generate_api_key.js").printNewApiKey()
