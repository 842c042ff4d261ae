import type { ActionRequest } from "./action_request"

/** Values of labels, by the label's name. */
export interface MetricLabels { [label: string]: string }

/**
 * The values that a label may have: a list of them, or the most there may be. Any other value, or a further one, is
 * counted as `other`. A label never holds a person, a list, a plan or an address.
 */
export type LabelBounds = readonly string[] | { readonly most: number }

/** A metric, with everything that the hub has to know of it before its first value. */
export interface MetricDeclaration {
  /** By Prometheus's conventions: a unit in its name (`_seconds`, `_bytes`), and `_total` at the end of a counter's. */
  name: string
  /** A sentence for people. */
  help: string
  type: "counter" | "gauge" | "histogram"
  labels?: { readonly [label: string]: LabelBounds }
  /** Upper bounds of a histogram's buckets, ascending. */
  buckets?: readonly number[]
  /** The gauge is a sum over processes. The part of a process that is gone is taken away. */
  isOfProcess?: boolean
}

/**
 * Takes what happens, for the metrics of the whole hub, whichever process it happens in. Nothing here waits, and
 * nothing throws: names that are not declared are passed over.
 */
export interface Metrics {
  /** Adds to a counter. */
  count(name: string, labels?: MetricLabels, amount?: number): void
  /** Adds an observation to a histogram. */
  observe(name: string, labels: MetricLabels, value: number): void
  /** Sets a gauge. The value is forgotten after `goodForMs`, if that is given. */
  set(name: string, labels: MetricLabels, value: number, goodForMs?: number): void
  /**
   * Adds to a gauge, or takes from it. A gauge that is not a sum over processes has to be set before; otherwise nothing
   * is known that could be added to.
   */
  add(name: string, labels: MetricLabels, amount: number): void
}

/** Takes nothing: for a hub without metrics. */
export const NO_METRICS: Metrics = {
  count: () => undefined, observe: () => undefined, set: () => undefined, add: () => undefined,
}

/**
 * Attaches the metrics that a request's action may report to. They are invisible to `JSON.stringify` and to
 * comparisons, since they belong to one process.
 */
export function attachMetrics(request: ActionRequest, metrics: Metrics): void {
  Object.defineProperty(request, "metrics", { value: metrics, enumerable: false, configurable: true, writable: true })
}

/** Returns the metrics of a request; undefined if it did not come through a hub with metrics. */
export function metricsOf(request: object): Metrics | undefined {
  return (request as { metrics?: Metrics }).metrics
}
