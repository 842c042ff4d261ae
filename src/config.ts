import * as crypto from "crypto"

import { ACTION_VARIABLES, DEVELOPMENT_SETTINGS, actionSettingProblems, actionSettings } from "./actions/setting_checks"
import { AlertSettings, alertSettings } from "./alerts/alert_settings"
import { ConsoleSettings, consoleSettings } from "./console/console_settings"
import { WatchedReader } from "./console/settings_in_force"
import type { SettingInForce } from "./console/watch/shapes"
import { CoordinationSettings, coordinationSettings } from "./hub/coordination/coordination_settings"
import { FILE_ENDING } from "./hub/known_variables"
import { SettingsError, SettingsReader } from "./hub/settings"
import { ReaderSettings, StreamSettings, readerSettings, streamSettings } from "./hub/stream/stream_settings"
import { withFilesRead } from "./hub/variable_files"
import { MetricsSettings, metricsSettings } from "./observability/metrics_settings"
import { RunsSettings, runsSettings } from "./runs/runs_settings"
import { HubIdentity, ServerSettings, hubIdentity, serverSettings } from "./server/server_settings"
import { directoryProblem } from "./settings/directories"
import { checkProxies } from "./settings/proxies"
import { checkCipherKey, checkSecrets } from "./settings/secrets"
import { checkSwitches } from "./settings/switches"
import { unknownVariableProblems } from "./settings/unknown_variables"
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
  /** Absent for a hub without metrics. */
  metrics?: MetricsSettings
  console: ConsoleSettings
  /** Actions that ask for a process of their own get one. Otherwise they run in the hub's. */
  isForkingEnabled: boolean
  /** The values of variables that were given as `NAME_FILE`, by name. */
  fromFiles: { [variable: string]: string }
}

const IDENTITY = ["ACTION_HUB_BASE_URL", "ACTION_HUB_LABEL", "ACTION_HUB_SECRET"]

/** The address that a hub in development listens on. Nobody else can reach it. */
const DEVELOPMENT_HOST = "127.0.0.1"

/**
 * Reads and checks the whole configuration. Throws one SettingsError that names every variable that is missing,
 * malformed, misspelt, or of no effect, and what to set.
 *
 * A hub without any configuration runs in development mode if a person sits at its terminal, or if
 * `ACTION_HUB_DEVELOPMENT` says so; never with `NODE_ENV=production`.
 */
export function hubConfiguration(
  given: NodeJS.ProcessEnv = process.env, isTerminal = Boolean(process.stdin.isTTY && process.stdout.isTTY),
): Configuration {
  const { environment, filled, problems } = withFilesRead(given, ACTION_VARIABLES)
  const reader = new SettingsReader(environment)
  const configuration = configurationIn(reader, environment, isTerminal)
  const all = new Set([...problems, ...reader.problems.map((problem) => withFile(problem, filled, given))])
  if (all.size > 0) {
    throw new SettingsError([...all])
  }
  return { ...configuration, fromFiles: Object.fromEntries(filled.map((name) => [name, environment[name] ?? ""])) }
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
): Omit<Configuration, "fromFiles"> {
  const isDevelopment = wantsDevelopment(reader, isTerminal)
  const server = serverSettings(reader)
  const configuration: Omit<Configuration, "fromFiles"> = {
    mode: isDevelopment ? "development" : "configured",
    hub: isDevelopment ? developmentHub(server.port) : hubIdentity(reader),
    server: isDevelopment ? { ...server, host: server.host ?? DEVELOPMENT_HOST } : server,
    stream: streamSettings(reader),
    reader: readerSettings(reader),
    execution: executionSettings(reader),
    coordination: coordinationSettings(reader),
    runs: runsSettings(reader, isDevelopment),
    alerts: alertSettings(reader),
    metrics: metricsSettings(reader),
    console: consoleSettings(reader, isDevelopment),
    isForkingEnabled: reader.flag("ACTION_HUB_ENABLE_FORKING", true),
  }
  checkSecrets(reader, configuration.hub)
  checkCipherKey(reader)
  checkPorts(reader, configuration)
  checkSwitches(reader, environment)
  checkProxies(reader)
  checkDirectories(reader, configuration)
  // Read by the log itself, which is there before all settings are.
  reader.choice("ACTION_HUB_LOG_FORMAT", LOG_FORMATS, "text")
  reader.problems.push(...actionSettingProblems(environment))
  reader.problems.push(...unknownVariableProblems(environment, ACTION_VARIABLES))
  return configuration
}

function checkPorts(reader: SettingsReader, { server, metrics }: Pick<Configuration, "server" | "metrics">): void {
  if (metrics?.port !== undefined && metrics.port !== 0 && metrics.port === server.port) {
    reader.problems.push(`ACTION_HUB_METRICS_PORT is ${metrics.port}, which is the hub's own PORT: set another one`)
  }
}

/**
 * Writes the checked values back to the environment, for modules that read it themselves, here and in execute
 * processes.
 */
export function publishConfiguration(
  { mode, hub, isForkingEnabled, fromFiles }: Configuration, environment: NodeJS.ProcessEnv = process.env,
): void {
  for (const [name, value] of Object.entries(fromFiles)) {
    environment[name] = value
    delete environment[`${name}${FILE_ENDING}`]
  }
  environment.ACTION_HUB_BASE_URL = hub.baseUrl
  environment.ACTION_HUB_LABEL = hub.label
  environment.ACTION_HUB_SECRET = hub.secret
  if (hub.previousSecret !== undefined) {
    environment.ACTION_HUB_SECRET_PREVIOUS = hub.previousSecret
  }
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
  const isUnconfigured = IDENTITY.flatMap((name) => [name, `${name}${FILE_ENDING}`])
    .every((name) => reader.text(name) === undefined)
  const isProduction = reader.text("NODE_ENV") === "production"
  const isWanted = reader.flag("ACTION_HUB_DEVELOPMENT", isTerminal && !isProduction)
  if (isWanted && isProduction) {
    reader.problems.push("ACTION_HUB_DEVELOPMENT is on, but NODE_ENV is production: unset one of the two")
  }
  return isUnconfigured && isWanted && !isProduction
}

/** Checks the directories that were set, and the one for the hub's state also if it was not, since it is needed. */
function checkDirectories(
  reader: SettingsReader, { coordination, stream: { spool } }: Pick<Configuration, "coordination" | "stream">,
): void {
  const used: [variable: string, directory: string | undefined, isUsed: boolean][] = [
    ["ACTION_HUB_STATE_DIRECTORY", coordination.stateDirectory, coordination.redis === undefined],
    ["ACTION_HUB_SPOOL_DIRECTORY", spool.directory, false],
  ]
  for (const [variable, directory, isNeeded] of used) {
    const isSet = reader.text(variable) !== undefined
    const problem = directory === undefined || !isSet && !isNeeded ? undefined : directoryProblem(variable, directory)
    if (problem !== undefined) {
      reader.problems.push(problem)
    }
  }
}

/** A value that stands in a file is looked for there. */
function withFile(problem: string, filled: string[], given: NodeJS.ProcessEnv): string {
  const name = filled.find((each) => problem.startsWith(`${each} `))
  if (name === undefined) {
    return problem
  }
  const fileVariable = `${name}${FILE_ENDING}`
  return `${name}, from the file ${given[fileVariable]?.trim()} of ${fileVariable},${problem.slice(name.length)}`
}

function developmentHub(port: number): HubIdentity {
  return {
    baseUrl: developmentUrl(port),
    label: "Action Hub (development)",
    secret: crypto.randomBytes(32).toString("hex"),
  }
}
