import type { MetricDeclaration } from "../hub/metrics"

/** Seconds that answers take, from a page to an hour of a run. */
const ANSWER_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1800, 3600]
const RUN_SECONDS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 2700, 3600, 7200]

/** The most routes and statuses; the hub has some fifteen of either. */
const MOST_ROUTES = 40
const MOST_STATUSES = 40
const MOST_ACTIONS = 200

/** The ways in which an execute process ends. */
export const PROCESS_ENDS = [
  "shutdown", "uncaught_error", "stuck_run", "unresponsive", "not_started", "out_of_memory", "killed", "exited",
] as const
export type ProcessEnd = typeof PROCESS_ENDS[number]

/** How runs end, as in their records. */
export const RUN_ENDS = ["success", "partial", "failure", "lost"] as const

/** The metrics of the hub itself. Actions declare their own. */
export const HUB_METRICS: readonly MetricDeclaration[] = [
  {
    name: "actionhub_build_info", type: "gauge", labels: { version: { most: 1 }, node: { most: 1 } },
    help: "Always 1; the labels are the versions of the hub and of Node.",
  },
  {
    name: "actionhub_http_requests_total", type: "counter",
    labels: { route: { most: MOST_ROUTES }, status: { most: MOST_STATUSES } },
    help: "Requests that were answered, by the pattern of their route. Status none: the sender was gone before.",
  },
  {
    name: "actionhub_http_request_duration_seconds", type: "histogram", labels: { route: { most: MOST_ROUTES } },
    buckets: ANSWER_SECONDS, help: "Time from a request's headers to the end of its answer.",
  },
  {
    name: "actionhub_runs_total", type: "counter",
    labels: { action: { most: MOST_ACTIONS }, outcome: RUN_ENDS },
    help: "Runs that have ended, by outcome as in the records of runs.",
  },
  {
    name: "actionhub_run_duration_seconds", type: "histogram", labels: { action: { most: MOST_ACTIONS } },
    buckets: RUN_SECONDS, help: "Time from a run's acceptance to its answer, waiting for a place included.",
  },
  {
    name: "actionhub_runs_in_flight", type: "gauge",
    help: "Runs that were accepted and are not answered yet, including those that wait for a place.",
  },
  { name: "actionhub_runs_waiting", type: "gauge", help: "Runs that wait for a place in an execute process." },
  {
    name: "actionhub_download_bytes_total", type: "counter",
    help: "Bytes of query results downloaded from Looker, after decompression.",
  },
  {
    name: "actionhub_spool_bytes", type: "gauge", isOfProcess: true,
    help: "Bytes of downloads that wait for their actions, in memory and in temporary files.",
  },
  {
    name: "actionhub_process_ends_total", type: "counter", labels: { reason: PROCESS_ENDS },
    help: "Execute processes that have ended.",
  },
  {
    name: "actionhub_alerts_total", type: "counter", labels: { outcome: ["delivered", "failed", "dropped"] },
    help: "Alerts by what became of them.",
  },
]
