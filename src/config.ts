import * as crypto from "crypto"

import { DEVELOPMENT_SETTINGS, actionSettingProblems, actionSettings } from "./actions/setting_checks"
import { AlertSettings, alertSettings } from "./alerts/alert_settings"
import { ConsoleSettings, consoleSettings } from "./console/console_settings"
import { WatchedReader } from "./console/settings_in_force"
import type { SettingInForce } from "./console/watch/shapes"
import { CoordinationSettings, coordinationSettings } from "./hub/coordination/coordination_settings"
import { SettingsReader, readSettings } from "./hub/settings"
import { ReaderSettings, StreamSettings, readerSettings, streamSettings } from "./hub/stream/stream_settings"
import { RunsSettings, runsSettings } from "./runs/runs_settings"
import { HubIdentity, ServerSettings, hubIdentity, serverSettings } from "./server/server_settings"
import { ExecutionSettings, executionSettings } from "./xpc/execution_settings"
import { LOG_FORMATS } from "./xpc/logging"

/** The hub's settings from the environment, checked. */
export interface Configuration {
  /** `development`: nothing was configured, and a person is there to see the defaults in use. */
  mode: "configured" | "development"
  hub: HubIdentity
  server: ServerSettings
  stream: StreamSettings
  reader: ReaderSettings
  execution: ExecutionSettings
  coordination: CoordinationSettings
  runs: RunsSettings
  /** Absent for a hub that alerts nobody. */
  alerts?: AlertSettings
  console: ConsoleSettings
  /** Actions that ask for a process of their own get one. Otherwise they run in the hub's. */
  isForkingEnabled: boolean
}

const HUB_VARIABLES = ["ACTION_HUB_BASE_URL", "ACTION_HUB_LABEL", "ACTION_HUB_SECRET"]

/** The address that a hub in development listens on. Nobody else can reach it. */
const DEVELOPMENT_HOST = "127.0.0.1"

/**
 * Reads and checks the whole configuration. Throws one SettingsError that names every variable that is missing or
 * malformed, and what to set.
 *
 * A hub without any configuration runs in development mode if a person sits at its terminal, or if
 * `ACTION_HUB_DEVELOPMENT` says so; never with `NODE_ENV=production`.
 */
export function hubConfiguration(
  environment: NodeJS.ProcessEnv = process.env, isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY),
): Configuration {
  return readSettings((reader) => configurationIn(reader, environment, isTerminal), environment)
}

/**
 * Returns the variables of a configuration that is in force, with their values where those cannot be secrets.
 * `environment`: with the checked values, see {@link publishConfiguration}.
 */
export function settingsInForce(
  { mode }: Configuration, environment: NodeJS.ProcessEnv = process.env,
): SettingInForce[] {
  const reader = new WatchedReader(environment)
  configurationIn(reader, environment, false)
  // A hub in development has made its own settings public by now, and looks like one that was configured.
  const isDevelopment = mode === "development"
  consoleSettings(reader, isDevelopment)
  runsSettings(reader, isDevelopment)
  reader.list("ACTION_WHITELIST")
  Object.entries(actionSettings(environment)).forEach(([name, value]) => reader.note(name, value))
  return reader.settings
}

function configurationIn(
  reader: SettingsReader, environment: NodeJS.ProcessEnv, isTerminal: boolean,
): Configuration {
  const isDevelopment = wantsDevelopment(reader, isTerminal)
  const server = serverSettings(reader)
  const configuration: Configuration = {
    mode: isDevelopment ? "development" : "configured",
    hub: isDevelopment ? developmentHub(server.port) : hubIdentity(reader),
    server: isDevelopment ? { ...server, host: server.host ?? DEVELOPMENT_HOST } : server,
    stream: streamSettings(reader),
    reader: readerSettings(reader),
    execution: executionSettings(reader),
    coordination: coordinationSettings(reader),
    runs: runsSettings(reader, isDevelopment),
    alerts: alertSettings(reader),
    console: consoleSettings(reader, isDevelopment),
    isForkingEnabled: reader.flag("ACTION_HUB_ENABLE_FORKING", true),
  }
  checkCipherKey(reader)
  // Read by the log itself, which is there before all settings are.
  reader.choice("ACTION_HUB_LOG_FORMAT", LOG_FORMATS, "text")
  reader.problems.push(...actionSettingProblems(environment))
  return configuration
}

/**
 * Writes the checked values back to the environment, for modules that read it themselves, here and in execute
 * processes.
 */
export function publishConfiguration(
  { mode, hub, isForkingEnabled }: Configuration, environment: NodeJS.ProcessEnv = process.env,
): void {
  environment.ACTION_HUB_BASE_URL = hub.baseUrl
  environment.ACTION_HUB_LABEL = hub.label
  environment.ACTION_HUB_SECRET = hub.secret
  // The one spelling that its readers take as off.
  environment.ACTION_HUB_ENABLE_FORKING = String(isForkingEnabled)
  for (const [name, value] of mode === "development" ? Object.entries(DEVELOPMENT_SETTINGS) : []) {
    environment[name] ??= value
  }
}

/** Returns the URL of a hub in development that listens on the port. */
export function developmentUrl(port: number): string {
  return `http://localhost:${port}`
}

function wantsDevelopment(reader: SettingsReader, isTerminal: boolean): boolean {
  const isUnconfigured = HUB_VARIABLES.every((name) => reader.text(name) === undefined)
  const isProduction = reader.text("NODE_ENV") === "production"
  const isWanted = reader.flag("ACTION_HUB_DEVELOPMENT", isTerminal && !isProduction)
  if (isWanted && isProduction) {
    reader.problems.push("ACTION_HUB_DEVELOPMENT is on, but NODE_ENV is production: unset one of the two")
  }
  return isUnconfigured && isWanted && !isProduction
}

/**
 * Checks the key. It may be missing, since only OAuth actions need it. It is a secret, so its value is not repeated.
 */
function checkCipherKey(reader: SettingsReader): void {
  const key = reader.text("CIPHER_MASTER")
  if (key !== undefined && !/^[0-9a-f]{64}$/i.test(key)) {
    reader.problems.push("CIPHER_MASTER is not a key of 32 bytes: set 64 hexadecimal digits, " +
      "such as the output of: openssl rand -hex 32")
  }
}

function developmentHub(port: number): HubIdentity {
  return {
    baseUrl: developmentUrl(port),
    label: "Action Hub (development)",
    secret: crypto.randomBytes(32).toString("hex"),
  }
}
