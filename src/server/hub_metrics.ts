import { Metrics } from "../hub/metrics"
import { actions } from "../hub/sources"
import { RUN_ENDS } from "../observability/hub_metrics"
import { MetricsHome } from "../observability/metrics_home"
import type { MetricsSettings } from "../observability/metrics_settings"
import { HUB_PROCESS } from "./hub_process"
import type { RouteContext } from "./routes/context"

/** The metrics of this hub, and who may read them. */
export interface HubMetrics {
  settings: MetricsSettings
  home: MetricsHome
  /** The metrics as this process reports to them. */
  ofHub: Metrics
}

/** Returns the metrics of the hub that is this process, with the process's own figures; undefined if they are off. */
export function hubMetricsFor(settings: MetricsSettings | undefined): HubMetrics | undefined {
  const metrics = hubMetricsWithin(settings)
  metrics?.home.watchProcess()
  return metrics
}

/** Returns the same without the process's figures, for a hub beside others in one process. */
export function hubMetricsWithin(settings: MetricsSettings | undefined): HubMetrics | undefined {
  if (settings === undefined) {
    return undefined
  }
  const home = new MetricsHome()
  actions.forEach(({ metrics }) => home.declare(metrics ?? []))
  return { settings, home, ofHub: home.of(HUB_PROCESS) }
}

/**
 * Takes the figures that can only be looked up. Runs of each action are there from the beginning, as 0: who computes
 * an increase would overlook the first one otherwise.
 */
export function takeFigures({ metrics, files, runs, executeQueue, extendedQueue }: RouteContext): void {
  metrics.set("actionhub_build_info", { version: files.version, node: process.version }, 1)
  metrics.set("actionhub_runs_in_flight", {}, runs.executionCount)
  metrics.set("actionhub_runs_waiting", {}, executeQueue.queue.size + extendedQueue.queue.size)
  for (const { name } of actions) {
    RUN_ENDS.forEach((outcome) => metrics.count("actionhub_runs_total", { action: name, outcome }, 0))
  }
}
