/**
 * The metrics that a hub may keep of what an action does. On a hub that offers nothing none are given. The shapes are
 * those of the hub's own interface, as far as this action uses it.
 */
export interface HubMetrics {
  count(name: string, labels: MetricLabels, amount?: number): void
  observe(name: string, labels: MetricLabels, value: number): void
  set(name: string, labels: MetricLabels, value: number, goodForMs?: number): void
  add(name: string, labels: MetricLabels, amount: number): void
}

/** Values of labels, by the label's name. None of them names a person, a list or an address. */
export interface MetricLabels { [label: string]: string }

/** What a hub has to know of a metric before its first value. */
export interface DeclaredMetric {
  name: string
  help: string
  type: "counter" | "gauge" | "histogram"
  labels?: { readonly [label: string]: readonly string[] | { readonly most: number } }
  buckets?: readonly number[]
}

/** The trace of a run, which a hub may keep. */
export interface HubTrace {
  begin(name: string, attributes: { [name: string]: string }): HubSpan
}

/** One piece of work in a trace. */
export interface HubSpan {
  end(attributes?: { [name: string]: string }, failure?: string): void
}

/** Returns the metrics of the hub that handed over a request; undefined if it keeps none. */
export function hubMetricsOf(request: object): HubMetrics | undefined {
  return (request as { metrics?: HubMetrics }).metrics
}

/** Returns the trace that a request belongs to; undefined if the hub keeps none. */
export function hubTraceOf(request: object): HubTrace | undefined {
  return (request as { trace?: HubTrace }).trace
}
