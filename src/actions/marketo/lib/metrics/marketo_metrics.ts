import { OPERATIONS } from "../api/operations"
import { VALUE_PROBLEM_KINDS } from "../columns/value_types/value_problem"
import { ERROR_CODES } from "../errors"
import { QUOTA_WAITS } from "../quota/quota"
import { DeclaredMetric } from "./hub_metrics"

/** Instances that have series of their own; more than one hub is likely to serve. */
const MOST_INSTANCES = 20

/** Seconds that Marketo takes: tenths for most calls, up to its limit of 90 for an upsert. */
const CALL_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 70, 100]

/** Codes of calls besides Marketo's own. */
const OTHER_CODES = ["success", "no_answer", "not_marketo", "unknown"]

const CHANGE_KINDS = [
  "requestCampaign", "addToList", "removeFromList", "mirrorList", "addToProgram", "removeFromProgram",
  "writeProgramFields",
]

/** What this action counts and measures, for a hub that keeps metrics. */
export const DECLARED_METRICS: readonly DeclaredMetric[] = [
  {
    name: "marketo_rows_total", type: "counter",
    labels: {
      outcome: ["created", "updated", "createdOrUpdated", "found", "merged", "skipped", "failed", "notSent"],
    },
    help: "Rows by what became of them, as in the report of a run. Dry runs are left out.",
  },
  {
    name: "marketo_membership_changes_total", type: "counter",
    labels: { kind: CHANGE_KINDS, outcome: ["changed", "already", "skipped", "failed", "removed"] },
    help: "Leads by what became of their membership. Outcome removed: taken out of a mirrored list.",
  },
  {
    name: "marketo_api_calls_total", type: "counter",
    labels: {
      operation: Object.values(OPERATIONS).map((operation) => operation.name), code: { most: codes().length },
    },
    help: "Calls that were sent to Marketo, repetitions and those of forms included, by Marketo's code.",
  },
  {
    name: "marketo_api_call_duration_seconds", type: "histogram",
    labels: { operation: Object.values(OPERATIONS).map((operation) => operation.name) },
    buckets: CALL_SECONDS, help: "Time from the beginning of a call to its answer, without the wait for the quota.",
  },
  {
    name: "marketo_refusals_total", type: "counter", labels: { reason: ["credentials", "permission"] },
    help: "Times that Marketo refused the credentials, or a call for which the API user lacks a permission.",
  },
  {
    name: "marketo_quota_wait_seconds_total", type: "counter", labels: { limit: QUOTA_WAITS },
    help: "Time that calls waited for the quota, added up over calls that waited together.",
  },
  {
    name: "marketo_quota_calls_used", type: "gauge", labels: { instance: { most: MOST_INSTANCES } },
    help: "Calls that all integrations of an instance have used today: Marketo's own count when it was last read, " +
      "and the calls of this hub since. Absent until it is read, and from the end of the day.",
  },
  {
    name: "marketo_instance_calls_total", type: "counter", labels: { instance: { most: MOST_INSTANCES } },
    help: "Calls of this hub that were sent to an instance, those of forms included.",
  },
  {
    name: "marketo_quota_limit", type: "gauge",
    labels: { instance: { most: MOST_INSTANCES }, limit: ["rate", "concurrency", "day"] },
    help: "Calls that this hub may make to an instance in 20 seconds and at once, and those that all integrations " +
      "may make in a day before it stops. There is none for the day unless the administrator has set one.",
  },
  {
    name: "marketo_values_left_out_total", type: "counter", labels: { reason: VALUE_PROBLEM_KINDS },
    help: "Values that were left out since their fields do not take them. Their rows were sent.",
  },
]

/** Returns the code of an answer as it is shown: Marketo's own if it is known. */
export function shownCode(code: string): string {
  return codes().includes(code) ? code : "unknown"
}

function codes(): string[] {
  return [...Object.keys(ERROR_CODES), ...OTHER_CODES]
}

/** Returns an instance's name for a label: its Munchkin ID, and "other" for stand-ins and proxies. */
export function shownInstance(origin: string): string {
  const [, munchkinId] = /^https:\/\/(\d{3}-[a-z]{3}-\d{3})\.mktorest\.com$/i.exec(origin) ?? []
  return munchkinId === undefined ? "other" : munchkinId.toUpperCase()
}
