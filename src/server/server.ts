import * as http from "http"
import * as express from "express"
import * as winston from "winston"

import { alertSettings } from "../alerts/alert_settings"
import type * as Hub from "../hub"
import type { CoordinationHome } from "../hub/coordination/coordination_home"
import { coordinationSettings } from "../hub/coordination/coordination_settings"
import { EmbeddedHome } from "../hub/coordination/embedded_home"
import { homeFor } from "../hub/coordination/home_for"
import { MINUTE_MS } from "../hub/durations"
import { isForkingEnabled } from "../hub/forking"
import { NO_METRICS } from "../hub/metrics"
import { readSettings } from "../hub/settings"
import { actions as registeredActions } from "../hub/sources"
import { metricsSettings } from "../observability/metrics_settings"
import { RunBook } from "../runs/run_book"
import { runsSettings } from "../runs/runs_settings"
import { LocalRuns } from "../runs/stores/local_runs"
import { loadEnvironment } from "../xpc/environment_file"
import { ExecuteProcessQueue } from "../xpc/execute_process_queue"
import { DEFAULT_TIME_LIMIT_MS, ExecutionSettings, executionSettings } from "../xpc/execution_settings"
import { ExtendedProcessQueue } from "../xpc/extended_process_queue"
import { configureLogging } from "../xpc/logging"
import { addRoutes } from "./add_routes"
import { bodyPatience } from "./body/body_patience"
import { failureForLog } from "./failure_log"
import { HubMetrics, hubMetricsFor, hubMetricsWithin, takeFigures } from "./hub_metrics"
import { serveMetrics } from "./metrics_server"
import type { HubPages } from "./hub_pages"
import { takeTurns } from "./pipelining"
import { PROBE_LIMIT_MS, readinessChecks } from "./probes/checks"
import { CoordinationWatch } from "./probes/coordination_watch"
import { Readiness } from "./probes/readiness"
import { ProjectFiles } from "./project_folder"
import type { RouteContext } from "./routes/context"
import { runBookOf } from "./run_book_of"
import { runBeingExecuted, RunsInFlight } from "./runs_in_flight"
import { serve } from "./serve"
import { ServerSettings, serverSettings, withoutTrailingSlash } from "./server_settings"
import { Shutdown, StoppableQueue } from "./shutdown"

/** The options of a server. Each has a default that suits a hub in production. */
export interface ServerOptions {
  /** Read from the environment if absent; throws a SettingsError if a variable is malformed. */
  settings?: ServerSettings
  /** Likewise. */
  execution?: ExecutionSettings
  executeQueue?: StoppableQueue
  extendedQueue?: StoppableQueue
  /** The home of the calls and leases that processes agree on; this process if absent. */
  coordination?: CoordinationHome
  /** The records of runs; kept in this process's memory, and without reports, if absent. */
  runBook?: RunBook
  /** As the environment says if absent. */
  metrics?: HubMetrics | "off"
  /** Pages for people besides the front page. */
  pages?: HubPages
}

/** The time that Node waits for the parts of a request, in ms. Sources: the manuals of AWS, Google Cloud and Azure. */
const HTTP_TIMEOUTS = {
  /** Looker streams a body while its query runs. This is an hour for the slowest query, and the same again. */
  requestTimeout: 120 * MINUTE_MS,
  /** Longer than load balancers keep an idle connection (usually 60 s), so that they are the ones to close it. */
  keepAliveTimeout: 75_000,
  /** Has to be longer than the time an idle connection is kept. */
  headersTimeout: 80_000,
}

/** The hub as an HTTP server, with one instance per port. */
export default class Server implements Hub.RouteBuilder {

  /**
   * Runs the hub as this process, configured by the environment and a `.env` file, until a signal ends it.
   * Throws if one of the three variables that every hub needs is missing, or another one is malformed.
   */
  static run(): void {
    loadEnvironment()
    for (const name of ["ACTION_HUB_BASE_URL", "ACTION_HUB_LABEL", "ACTION_HUB_SECRET"]) {
      if (!process.env[name]) {
        throw new Error(`No ${name} environment variable set.`)
      }
    }
    const settings = readSettings(serverSettings)
    configureLogging(runBeingExecuted)
    Server.listen(settings.port, settings.socketTimeoutMs)
  }

  /** Serves on the port until a signal ends it. A connection may be silent for `timeout` ms (0: any time). */
  static listen(port: number | string, timeout: number): void {
    const settings = { ...readSettings(serverSettings), port: Number(port), socketTimeoutMs: timeout }
    Server.parts().then(async (parts) => serve(new Server({ settings, ...parts }))).catch((failure: Error) => {
      winston.error(`The hub cannot listen on port ${port}: ${failure.message}`)
      process.exitCode = 1
    })
  }

  /** Returns what a server has beside its settings, as the environment says. */
  private static async parts(): Promise<Pick<ServerOptions, "coordination" | "runBook" | "metrics">> {
    const settings = readSettings((reader) => ({
      coordination: coordinationSettings(reader), runs: runsSettings(reader, false), alerts: alertSettings(reader),
      metrics: metricsSettings(reader),
    }))
    const metrics = hubMetricsFor(settings.metrics)
    const coordination = await homeFor(settings.coordination, process.env.ACTION_HUB_SECRET ?? "", {
      previousSecret: process.env.ACTION_HUB_SECRET_PREVIOUS,
    })
    return { coordination, runBook: await runBookOf(settings, metrics?.ofHub), metrics: metrics ?? "off" }
  }

  readonly app: express.Application = express()

  private readonly settings: ServerSettings
  private readonly execution: ExecutionSettings
  private readonly runs = new RunsInFlight()
  private readonly queues: { executeQueue: StoppableQueue, extendedQueue: StoppableQueue }
  private readonly coordination: CoordinationHome
  private readonly runBook: RunBook
  private readonly metrics: HubMetrics | undefined
  private readonly pages?: HubPages
  private http?: http.Server
  private metricsHttp?: http.Server
  private shutdown?: Shutdown

  constructor(options: ServerOptions = {}) {
    this.settings = options.settings ?? readSettings(serverSettings)
    this.execution = options.execution ?? readSettings(executionSettings)
    this.coordination = options.coordination ?? new EmbeddedHome()
    this.runBook = options.runBook ?? new RunBook(new LocalRuns())
    this.metrics = options.metrics === "off" ? undefined :
      options.metrics ?? hubMetricsWithin(readSettings(metricsSettings))
    this.pages = options.pages
    const queueOptions = {
      settings: this.execution, coordination: this.coordination, metrics: this.metrics?.home,
    }
    this.queues = {
      executeQueue: options.executeQueue ?? new ExecuteProcessQueue(queueOptions),
      extendedQueue: options.extendedQueue ?? new ExtendedProcessQueue(queueOptions),
    }
    const context = this.routeContext()
    this.metrics?.home.onReading(() => takeFigures(context))
    addRoutes(this.app, context)
  }

  actionUrl(action: Hub.Action): string {
    return this.addressOf(action, "execute")
  }

  formUrl(action: Hub.Action): string {
    return this.addressOf(action, "form")
  }

  tokenUrl(action: Hub.Action): string {
    return this.addressOf(action, "oauth_token")
  }

  /** Starts to listen and returns the HTTP server once it does. Rejects if the port is not available. */
  async start(): Promise<http.Server> {
    const listening = Object.assign(http.createServer(), HTTP_TIMEOUTS)
    takeTurns(listening, this.app)
    this.readIcons()
    listening.setTimeout(this.settings.socketTimeoutMs)
    await new Promise<void>((resolve, reject) => {
      listening.once("error", reject)
      listening.listen(this.settings.port, this.settings.host, resolve)
    })
    this.http = listening
    if (this.metrics?.settings.port !== undefined) {
      const { home, settings: { port, token } } = this.metrics
      this.metricsHttp = await serveMetrics(home, { port, token, host: this.settings.host })
    }
    return listening
  }

  /** Starts the processes that actions run in, so that the first run need not wait for them. */
  warmUp(): void {
    if (isForkingEnabled()) {
      this.queues.executeQueue.warmUp?.()
    }
  }

  /**
   * Stops gracefully: takes no new executions, lets runs end within the grace, tells the rest to stop and report, and
   * resolves when the port is free and no process is left. With a delay, all of that begins after it, and until then
   * the hub only says that it is not ready; `skipsDelay` is for a hub that should not go on. A second call cuts delay
   * and grace short.
   */
  async stop({ skipsDelay = false } = {}): Promise<void> {
    if (this.shutdown === undefined) {
      this.shutdown = new Shutdown({
        http: this.http,
        metricsHttp: this.metricsHttp,
        runs: this.runs,
        delayMs: skipsDelay ? 0 : this.settings.shutdownDelayMs ?? 0,
        graceMs: this.settings.shutdownGraceMs,
        stopGraceMs: this.execution.stopGraceMs,
        queues: Object.values(this.queues),
        coordination: this.coordination,
        runBook: this.runBook,
        pages: this.pages,
      })
    } else {
      this.shutdown.hurry()
    }
    return this.shutdown.finished
  }

  private routeContext(): RouteContext {
    const isReady = () => this.shutdown === undefined
    const coordinationWatch = new CoordinationWatch(this.coordination, PROBE_LIMIT_MS)
    return {
      ...this.queues, settings: this.settings, router: this, runs: this.runs,
      timeLimitMs: this.execution.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS,
      files: new ProjectFiles(),
      patience: bodyPatience(),
      isReady,
      takesRuns: () => this.shutdown?.takesRuns ?? true,
      coordination: this.coordination,
      coordinationWatch,
      readiness: new Readiness(readinessChecks({
        coordination: coordinationWatch, executeQueue: this.queues.executeQueue, isReady,
      })),
      runBook: this.runBook,
      metrics: this.metrics?.ofHub ?? NO_METRICS,
      shownMetrics: this.shownMetrics(),
      pages: this.pages,
    }
  }

  /** Returns the metrics for the hub's own port, unless they have another. */
  private shownMetrics(): RouteContext["shownMetrics"] {
    const { home, settings } = this.metrics ?? {}
    return home === undefined || settings?.port !== undefined ? undefined : { home, token: settings?.token }
  }

  /** Reads the icons in advance, so that no request has to open a file for them. */
  private readIcons(): void {
    for (const action of registeredActions) {
      try {
        action.getImageDataUri()
      } catch (thrown) {
        winston.warn(`The icon of ${action.name} cannot be read.`, failureForLog(thrown))
      }
    }
  }

  private addressOf(action: Hub.Action, what: string): string {
    const base = withoutTrailingSlash(process.env.ACTION_HUB_BASE_URL ?? "")
    return `${base}/actions/${encodeURIComponent(action.name)}/${what}`
  }

}
