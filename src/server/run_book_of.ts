import { Alerter } from "../alerts/alerter"
import type { AlertSettings } from "../alerts/alert_settings"
import type { CoordinationSettings } from "../hub/coordination/coordination_settings"
import type { Metrics } from "../hub/metrics"
import type { RunBook } from "../runs/run_book"
import { hubFolder, runBookFor } from "../runs/run_book_for"
import type { RunsSettings } from "../runs/runs_settings"
import { withoutTrailingSlash } from "./server_settings"

/** The settings that the book of runs depends on. */
interface RunBookSettings {
  runs: RunsSettings
  alerts?: AlertSettings
  coordination: CoordinationSettings
}

/**
 * Returns the book of runs for a hub with these settings, which alerts somebody if they say so. `folder`: its name in
 * the directory for the hub's state; made of the hub's secret if absent.
 * Alerts are counted by `metrics`. Rejects with the operating system's error if the directory cannot be used.
 */
export async function runBookOf(
  { runs, alerts, coordination }: RunBookSettings, metrics?: Metrics,
  folder = hubFolder(process.env.ACTION_HUB_SECRET ?? ""),
): Promise<RunBook> {
  return runBookFor({
    settings: runs, place: coordination, folder, baseUrl: hubUrl,
    listenerFor: (store) => alerts === undefined ? undefined : new Alerter(alerts, store, hubUrl, metrics),
  })
}

/** The address is known only once a hub in development listens. */
function hubUrl(): string {
  return withoutTrailingSlash(process.env.ACTION_HUB_BASE_URL ?? "")
}
