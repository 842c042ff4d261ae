import type { MetricLabels } from "../hub/metrics"

/** Something that happened to a metric in one process. */
export type MetricChange = { name: string, labels: MetricLabels } & (
  | { kind: "count", amount: number }
  | { kind: "observe", values: number[] }
  | { kind: "set", value: number, goodForMs?: number }
  | { kind: "add", amount: number })

/** Takes the changes of processes; see `MetricsHome`. */
export interface MetricsReceiver {
  receive(owner: string, changes: MetricChange[]): void
  /** Takes away what a process that is gone has added to sums over processes. */
  abandon(owner: string): void
}
