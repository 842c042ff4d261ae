"use strict"

// Checks the hub's settings and what it has to reach. Runs compiled JavaScript, so that it works in production, too.

const readArguments = require("./arguments")
const buildWhenStale = require("./build_when_stale")

const HELP = `Checks whether a hub would work with the settings here, and prints a line for each finding.

  npm run check

Checked are every setting, as at the hub's start; Marketo, if MARKETO_URL, MARKETO_CLIENT_ID and MARKETO_CLIENT_SECRET
are set; Redis and the receiver of alerts, if they are; and whether this hub answers at ACTION_HUB_BASE_URL. Settings
come from the environment, or from a .env file here. Nothing is changed anywhere, and no alert is sent.

  --test-alert   sends the receiver an alert that says it is a test
  --help         this text

Exit code: 0 if nothing failed (warnings and what could not be checked do not count), 1 if something did, 2 if an
argument is wrong.
`

const { values } = readArguments({ help: HELP, options: { "test-alert": { type: "boolean", default: false } } })
try {
  buildWhenStale()
} catch (failure) {
  console.error(failure.message)
  process.exit(1)
}
require("../lib/check/main.js").runCheck({ wantsTestAlert: values["test-alert"] }).then((exitCode) => {
  // Something that was not answered in time may still be under way.
  process.stdout.write("", () => process.exit(exitCode))
}, (failure) => {
  console.error(failure)
  process.exitCode = 1
})
