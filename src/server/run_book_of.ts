import { Alerter } from "../alerts/alerter"
import type { AlertSettings } from "../alerts/alert_settings"
import type { CoordinationSettings } from "../hub/coordination/coordination_settings"
import type { Metrics } from "../hub/metrics"
import type { RunBook } from "../runs/run_book"
import { hubFolder, runBookFor } from "../runs/run_book_for"
import { ReportSeal } from "../runs/reports/report_seal"
import type { RunsSettings } from "../runs/runs_settings"
import { withoutTrailingSlash } from "./server_settings"

/** The settings that the book of runs depends on. */
interface RunBookSettings {
  runs: RunsSettings
  alerts?: AlertSettings
  coordination: CoordinationSettings
  /** Whether people may open reports without their links, in a page of the hub. */
  console?: { opensReports: boolean }
}

/**
 * Returns the book of runs for a hub with these settings, which alerts somebody if they say so. `folder`: its name in
 * the directory for the hub's state; made of the hub's secret if absent, and taken over from the previous secret.
 * Alerts are counted by `metrics`.
 */
export async function runBookOf(
  { runs, alerts, coordination, console: pages }: RunBookSettings, metrics?: Metrics, folder?: string,
): Promise<RunBook> {
  const { ACTION_HUB_SECRET: secret, ACTION_HUB_SECRET_PREVIOUS: previous } = process.env
  return runBookFor({
    settings: runs, place: coordination, baseUrl: hubUrl,
    folder: folder ?? hubFolder(secret ?? ""),
    formerFolder: folder === undefined && previous ? hubFolder(previous) : undefined,
    seal: pages?.opensReports === true ? new ReportSeal(secret ?? "", previous) : undefined,
    listenerFor: (store) => alerts === undefined ? undefined : new Alerter(alerts, store, hubUrl, metrics),
  })
}

/** The address is known only once a hub in development listens. */
function hubUrl(): string {
  return withoutTrailingSlash(process.env.ACTION_HUB_BASE_URL ?? "")
}
