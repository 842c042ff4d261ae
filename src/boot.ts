import * as crypto from "crypto"
import * as os from "os"
import * as winston from "winston"

import { Configuration, developmentUrl, hubConfiguration, publishConfiguration, settingsInForce } from "./config"
import { announceDevelopmentHub } from "./development_hub"
import { SettingsError, SettingsReader } from "./hub/settings"
import { runBeingExecuted } from "./server/runs_in_flight"
import { unknownActionsWarning } from "./settings/unknown_actions"
import { loadEnvironmentFile } from "./xpc/environment_file"
import { configureLogging } from "./xpc/logging"

/** Starts the hub as this process. A failure to start is explained in full, and ends the process with exit code 1. */
async function boot(): Promise<void> {
  loadEnvironmentFile()
  const configuration = hubConfiguration()
  publishConfiguration(configuration)
  configureLogging(runBeingExecuted)
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
  const { hubMetricsFor } = await import("./server/hub_metrics")

  const { consolePages } = await import("./console/add_console")

  const coordination = await homeFor(configuration.coordination, configuration.hub.secret, configuration.hub)
  const metrics = hubMetricsFor(configuration.metrics)
  const runBook = await runBookOf(
    configuration, metrics?.ofHub, configuration.mode === "development" ? "development" : undefined)
  const { port } = await serve(new Server({
    settings: configuration.server, execution: configuration.execution, coordination, runBook,
    metrics: metrics ?? "off",
    pages: consolePages(configuration.console, configuration.hub.secret, () => settingsInForce(configuration)),
  }))
  if (configuration.mode === "development") {
    process.env.ACTION_HUB_BASE_URL = developmentUrl(port)
    await announceDevelopment(configuration)
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
  if (hub.previousSecret !== undefined) {
    winston.info("Tokens made with ACTION_HUB_SECRET_PREVIOUS are accepted, too. Unset it once Looker has new ones.")
  }
  if (process.env.ACTION_HUB_RAVEN_DSN) {
    winston.warn("ACTION_HUB_RAVEN_DSN is ignored, since the library behind it is no longer maintained. " +
      "Errors are in this log: have your log collector forward lines of level error to Sentry.")
  }
}

/** Warns of misspelt names in the whitelist. Their actions would be missing without a message. */
async function warnOfUnknownActions(): Promise<void> {
  const { actions } = await import("./hub")
  const { registrySettings } = await import("./hub/sources")
  const { whitelist } = registrySettings(new SettingsReader(process.env))
  const warning = unknownActionsWarning(whitelist, actions.map(({ name }) => name))
  if (warning !== undefined) {
    winston.warn(warning)
  }
}

/** Writes to the terminal only. A token does not belong in a log, even if it is good for this run only. */
async function announceDevelopment({ hub: { secret }, coordination }: Configuration): Promise<void> {
  const url = process.env.ACTION_HUB_BASE_URL ?? ""
  try {
    announceDevelopmentHub(coordination.stateDirectory ?? os.tmpdir(), { url, secret, processId: process.pid })
  } catch (failure) {
    winston.warn("npm run generate-api-key will not find this hub: the file for it cannot be written.",
      { code: (failure as NodeJS.ErrnoException).code })
  }
  const { fromNonce } = await import("./server/api_key")
  const lines = [
    "",
    "  DEVELOPMENT MODE: nothing is configured, so this hub runs for this machine only.",
    "  Its secret and the token below are good for this run only.",
    "",
    `  Action Hub URL:       ${url}`,
    `  Authorization token:  ${fromNonce(crypto.randomBytes(32).toString("hex"))}`,
    "",
    "  Paste both into Looker under Admin > Platform > Actions > Add Action Hub.",
    "  For another token: npm run generate-api-key",
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
  const { code, port, address, hostname } = failure as NodeJS.ErrnoException & { [detail: string]: unknown }
  if (code === "EADDRINUSE") {
    return `Port ${String(port)} is taken by another program: set PORT to a free one.`
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `ACTION_HUB_HOST is "${String(address ?? hostname)}", which is no address of this machine: ` +
      "unset it to listen on all of them."
  }
  return failure instanceof SettingsError ? failure.message : failure.stack ?? failure.message
}
