import { CallWatcher } from "../api/caller"
import { MarketoConnection } from "../api/connection"
import { ACCESS_DENIED, MarketoError } from "../errors"
import { HubMetrics, HubSpan, HubTrace } from "./hub_metrics"
import { shownCode, shownInstance } from "./marketo_metrics"

/** Enters the calls of a run or a form into the hub's metrics, and each as a span into its trace. */
export class CallMetrics implements CallWatcher {
  private readonly parkedAt = new Map<MarketoError, number>()
  private readonly instance: string

  constructor(
    connection: MarketoConnection, private readonly metrics: HubMetrics | undefined, private readonly trace?: HubTrace,
  ) {
    this.instance = shownInstance(connection.origin)
    const { quota, daily } = connection
    this.limit("rate", quota.callsPerWindow)
    this.limit("concurrency", quota.concurrentCalls)
    if (daily.allowance !== undefined) {
      this.limit("day", daily.allowance)
    }
  }

  callSent(): void {
    this.metrics?.count("marketo_instance_calls_total", { instance: this.instance })
    this.metrics?.add("marketo_quota_calls_used", { instance: this.instance }, 1)
  }

  callFailed(): void {
    // `callAnswered` says it, too.
  }

  callBegun(operation: string): HubSpan | undefined {
    return this.trace?.begin(`Marketo: ${operation}`, { operation })
  }

  callAnswered(operation: string, error: MarketoError | undefined, milliseconds: number): void {
    // A call that never left is none of Marketo's.
    if (error?.unsent === undefined) {
      this.metrics?.count("marketo_api_calls_total", { operation, code: codeOf(error) })
      this.metrics?.observe("marketo_api_call_duration_seconds", { operation }, milliseconds / 1000)
    }
    if (error?.code === ACCESS_DENIED) {
      this.metrics?.count("marketo_refusals_total", { reason: "permission" })
    }
  }

  credentialsRefused(): void {
    this.metrics?.count("marketo_refusals_total", { reason: "credentials" })
  }

  callParked(isParked: boolean, error: MarketoError): void {
    if (error.kind !== "throttled") {
      return
    }
    if (isParked) {
      this.parkedAt.set(error, performance.now())
    } else {
      this.waited("refused", performance.now() - (this.parkedAt.get(error) ?? performance.now()))
      this.parkedAt.delete(error)
    }
  }

  quotaWaited(milliseconds: number, limit = "turn"): void {
    this.waited(limit, milliseconds)
  }

  private waited(limit: string, milliseconds: number): void {
    this.metrics?.count("marketo_quota_wait_seconds_total", { limit }, milliseconds / 1000)
  }

  private limit(limit: string, calls: number): void {
    this.metrics?.set("marketo_quota_limit", { instance: this.instance, limit }, calls)
  }
}

/** Returns the word for what came of a call. */
export function codeOf(error: MarketoError | undefined): string {
  return error === undefined ? "success" : error.code !== undefined ? shownCode(error.code) :
    error.origin === "between" ? "not_marketo" : error.origin === "network" ? "no_answer" : "unknown"
}
