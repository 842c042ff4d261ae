import { Counter, Gauge, Histogram, Registry } from "prom-client"

import type { MetricDeclaration, MetricLabels } from "../hub/metrics"
import { BoundedLabels } from "./label_bounds"
import type { MetricChange } from "./metric_changes"

/** One declared metric and its values. Changes of another kind than the metric's are passed over. */
export interface Series {
  readonly declaration: MetricDeclaration
  apply(owner: string, change: MetricChange): void
  /** Takes away what an owner that is gone has added. */
  abandon(owner: string): void
  /** Forgets values that are not good any longer. */
  tidy(): void
}

/** Makes the series of a declared metric in a registry. */
export function seriesFor(declaration: MetricDeclaration, registry: Registry): Series {
  switch (declaration.type) {
    case "counter":
      return counterSeries(declaration, registry)
    case "histogram":
      return histogramSeries(declaration, registry)
    case "gauge":
      return new GaugeSeries(declaration, registry)
  }
}

function counterSeries(declaration: MetricDeclaration, registry: Registry): Series {
  const { name, help } = declaration
  const labels = new BoundedLabels(declaration.labels)
  const counter = new Counter({ name, help, labelNames: labels.names, registers: [registry] })
  // A series that begins with its first event hides that event from rates.
  labels.known().forEach((known) => counter.inc(known, 0))
  return lasting(declaration, (change) => {
    if (change.kind === "count" && change.amount >= 0) {
      counter.inc(labels.of(change.labels), change.amount)
    }
  })
}

function histogramSeries(declaration: MetricDeclaration, registry: Registry): Series {
  const { name, help, buckets } = declaration
  const labels = new BoundedLabels(declaration.labels)
  const histogram = new Histogram({
    name, help, labelNames: labels.names, registers: [registry],
    ...(buckets === undefined ? {} : { buckets: [...buckets] }),
  })
  return lasting(declaration, (change) => {
    if (change.kind === "observe") {
      const bounded = labels.of(change.labels)
      change.values.filter((value) => Number.isFinite(value)).forEach((value) => histogram.observe(bounded, value))
    }
  })
}

function lasting(declaration: MetricDeclaration, apply: (change: MetricChange) => void): Series {
  return { declaration, apply: (_owner, change) => apply(change), abandon: () => undefined, tidy: () => undefined }
}

interface GaugeValue {
  labels: MetricLabels
  /** In ms of `performance.now()`. */
  goodUntil: number
  /** The parts of a sum over processes, by owner. */
  parts: Map<string, number>
}

class GaugeSeries implements Series {
  private readonly labels: BoundedLabels
  private readonly gauge: Gauge
  private readonly values = new Map<string, GaugeValue>()

  constructor(readonly declaration: MetricDeclaration, registry: Registry) {
    const { name, help } = declaration
    this.labels = new BoundedLabels(declaration.labels)
    this.gauge = new Gauge({ name, help, labelNames: this.labels.names, registers: [registry] })
  }

  apply(owner: string, change: MetricChange): void {
    const labels = this.labels.of(change.labels)
    const key = JSON.stringify(labels)
    const known = this.values.get(key)
    if (change.kind === "set") {
      const { value, goodForMs = Infinity } = change
      this.values.set(key, { labels, goodUntil: performance.now() + goodForMs, parts: new Map() })
      this.gauge.set(labels, value)
    } else if (change.kind === "add" && this.declaration.isOfProcess === true) {
      const { parts } = known ?? this.begin(key, labels)
      parts.set(owner, (parts.get(owner) ?? 0) + change.amount)
      this.gauge.set(labels, sumOf(parts))
    } else if (change.kind === "add" && known !== undefined) {
      this.gauge.inc(labels, change.amount)
    }
  }

  abandon(owner: string): void {
    for (const { labels, parts } of this.values.values()) {
      if (parts.delete(owner)) {
        this.gauge.set(labels, sumOf(parts))
      }
    }
  }

  tidy(): void {
    const now = performance.now()
    for (const [key, { labels, goodUntil }] of this.values) {
      if (goodUntil <= now) {
        this.values.delete(key)
        this.gauge.remove(labels)
      }
    }
  }

  private begin(key: string, labels: MetricLabels): GaugeValue {
    const value: GaugeValue = { labels, goodUntil: Infinity, parts: new Map() }
    this.values.set(key, value)
    return value
  }
}

function sumOf(parts: Map<string, number>): number {
  return [...parts.values()].reduce((sum, part) => sum + part, 0)
}
