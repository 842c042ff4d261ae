import { HubMetrics, MetricLabels } from "../../../../src/actions/marketo/lib/metrics/hub_metrics"

interface Entry {
  name: string
  labels: MetricLabels
  value: number
}

/** Metrics that remember what they were told. */
export class MetricsLog implements HubMetrics {
  readonly gauges: Entry[] = []
  private readonly counts: Entry[] = []
  private readonly observations: Entry[] = []

  count(name: string, labels: MetricLabels, amount = 1): void {
    this.counts.push({ name, labels, value: amount })
  }

  observe(name: string, labels: MetricLabels, value: number): void {
    this.observations.push({ name, labels, value })
  }

  set(name: string, labels: MetricLabels, value: number): void {
    this.gauges.push({ name, labels, value })
  }

  add(): void {
    // What it adds to is looked at by the tests of the hub.
  }

  counted(name: string, labels: MetricLabels = {}): number[] {
    return this.counts.filter((entry) => entry.name === name &&
      Object.keys(labels).every((label) => entry.labels[label] === labels[label])).map(({ value }) => value)
  }

  sumOf(name: string, labels: MetricLabels = {}): number {
    return this.counted(name, labels).reduce((sum, value) => sum + value, 0)
  }

  observed(name: string): number[] {
    return this.observations.filter((entry) => entry.name === name).map(({ value }) => value)
  }
}
