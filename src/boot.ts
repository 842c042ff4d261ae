import * as crypto from "crypto"
import * as winston from "winston"

import { Configuration, developmentUrl, hubConfiguration, publishConfiguration, settingsInForce } from "./config"
import { SettingsError, SettingsReader } from "./hub/settings"
import { runBeingExecuted } from "./server/runs_in_flight"
import { loadEnvironmentFile } from "./xpc/environment_file"
import { configureLogging } from "./xpc/logging"

/** Starts the hub as this process. A failure to start is explained in full, and ends the process with exit code 1. */
async function boot(): Promise<void> {
  loadEnvironmentFile()
  configureLogging(runBeingExecuted)
  const configuration = hubConfiguration()
  publishConfiguration(configuration)
  warnOfSettings(configuration)

  // Actions and modules read the environment when they are loaded, so all of it has to be there before.
  await import("./actions")
  const { registerDebugAction } = await import("./actions/debug/debug")
  registerDebugAction()
  await warnOfUnknownActions()
  const { default: Server } = await import("./server/server")
  const { serve } = await import("./server/serve")
  const { homeFor } = await import("./hub/coordination/home_for")

  const { runBookOf } = await import("./server/run_book_of")

  const coordination = await homeFor(configuration.coordination, configuration.hub.secret)
  const runBook = await runBookOf(configuration, configuration.mode === "development" ? "development" : undefined)
  const { consolePages } = await import("./console/add_console")
  const { port } = await serve(new Server({
    settings: configuration.server, execution: configuration.execution, coordination, runBook,
    pages: consolePages(configuration.console, configuration.hub.secret, settingsInForce(configuration)),
  }))
  if (configuration.mode === "development") {
    process.env.ACTION_HUB_BASE_URL = developmentUrl(port)
    await announceDevelopment()
  } else if ((await coordination.state()).isReady) {
    winston.info(`${configuration.hub.label} is ready for Looker at ${configuration.hub.baseUrl}.`)
  } else {
    winston.warn(`${configuration.hub.label} waits for Redis before it is ready for Looker; /status says so.`)
  }
}

/** Warns of settings that are valid but may not have the intended effect. */
function warnOfSettings({ mode, hub }: Configuration): void {
  if (mode === "configured" && hub.baseUrl.startsWith("http:")) {
    winston.warn("ACTION_HUB_BASE_URL is not https: Looker itself talks only to hubs behind https.")
  }
  if (process.env.ACTION_HUB_RAVEN_DSN) {
    winston.warn("ACTION_HUB_RAVEN_DSN is ignored, since the library behind it is no longer maintained. " +
      "Errors are in this log: have your log collector forward lines of level error to Sentry.")
  }
}

/** Warns of misspelt names in the whitelist. Their actions would be missing without a message. */
async function warnOfUnknownActions(): Promise<void> {
  const { actions } = await import("./hub")
  const known = actions.map(({ name }) => name)
  const unknown = new SettingsReader(process.env).list("ACTION_WHITELIST").filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    winston.warn(`ACTION_WHITELIST names actions that this hub does not have: ${unknown.join(", ")}. ` +
      `It has ${known.join(", ")}.`)
  }
}

/** Writes to the terminal only. A token does not belong in a log, even if it is good for this run only. */
async function announceDevelopment(): Promise<void> {
  const { fromNonce } = await import("./server/api_key")
  const lines = [
    "",
    "  DEVELOPMENT MODE: nothing is configured, so this hub runs for this machine only.",
    "  Its secret and the token below are good for this run only.",
    "",
    `  Action Hub URL:       ${process.env.ACTION_HUB_BASE_URL}`,
    `  Authorization token:  ${fromNonce(crypto.randomBytes(32).toString("hex"))}`,
    "",
    "  Paste both into Looker under Admin > Platform > Actions > Add Action Hub.",
    "  For a hub that lasts, copy .env.example to .env and fill it in.",
    "",
  ]
  process.stdout.write(lines.map((line) => `${line}\n`).join(""))
}

boot().catch((failure: unknown) => {
  process.stderr.write(`The hub did not start.\n${reasonFor(failure)}\n`)
  process.exit(1)
})

/**
 * Returns a sentence for a problem that a person can solve. Any other error is our own bug, and its stack is needed.
 */
function reasonFor(failure: unknown): string {
  if (!(failure instanceof Error)) {
    return String(failure)
  }
  const { code, port } = failure as { code?: unknown, port?: unknown }
  if (code === "EADDRINUSE") {
    return `Port ${String(port)} is taken by another program: set PORT to a free one.`
  }
  return failure instanceof SettingsError ? failure.message : failure.stack ?? failure.message
}
