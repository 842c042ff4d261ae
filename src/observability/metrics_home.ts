import { collectDefaultMetrics, Registry } from "prom-client"
import * as winston from "winston"

import type { MetricDeclaration, Metrics } from "../hub/metrics"
import { Exposition, expositionOf } from "./exposition"
import { HUB_METRICS } from "./hub_metrics"
import type { MetricChange, MetricsReceiver } from "./metric_changes"
import { seriesFor, Series } from "./series"

/** What the names of the hub's own metrics begin with. */
const HUB_PREFIX = "actionhub_"

/** Prometheus's rule for names. */
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/

/**
 * The metrics of a whole hub, in its own process. Execute processes send what happens in them, so what they have sent
 * outlives them, and reading the metrics asks nobody.
 */
export class MetricsHome implements MetricsReceiver {
  private readonly registry = new Registry()
  private readonly series = new Map<string, Series>()
  private readonly collectors: (() => void)[] = []

  constructor() {
    this.addAll(HUB_METRICS)
  }

  /** Adds the usual figures of this process: its memory, processor time and event loop. To be called once a process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry })
  }

  /** Adds an action's metrics. Those that cannot be told from others are left out, with a warning in the log. */
  declare(declarations: readonly MetricDeclaration[]): void {
    this.addAll(declarations.filter((declaration) => {
      const { name, labels = {} } = declaration
      const known = this.series.get(name)
      const problem = name.startsWith(HUB_PREFIX) ? "its name is the hub's" :
        known !== undefined && known.declaration !== declaration ? "another one has its name" :
          ![name, ...Object.keys(labels)].every((each) => NAME.test(each)) ? "Prometheus does not take its names" :
            declaration.type === "counter" && !name.endsWith("_total") ? "a counter's name ends in _total" : undefined
      if (problem !== undefined) {
        winston.warn(`The metric ${name} is left out: ${problem}.`)
      }
      return problem === undefined && known === undefined
    }))
  }

  /** Calls `collect` before each reading, for figures that are looked up. */
  onReading(collect: () => void): void {
    this.collectors.push(collect)
  }

  /** Returns the metrics as one owner, such as this process, reports to them. */
  of(owner: string): Metrics {
    const take = (change: MetricChange) => this.receive(owner, [change])
    return {
      count: (name, labels = {}, amount = 1) => take({ kind: "count", name, labels, amount }),
      observe: (name, labels, value) => take({ kind: "observe", name, labels, values: [value] }),
      set: (name, labels, value, goodForMs) => take({ kind: "set", name, labels, value, goodForMs }),
      add: (name, labels, amount) => take({ kind: "add", name, labels, amount }),
    }
  }

  receive(owner: string, changes: MetricChange[]): void {
    for (const change of changes) {
      this.series.get(change.name)?.apply(owner, change)
    }
  }

  abandon(owner: string): void {
    this.series.forEach((series) => series.abandon(owner))
  }

  /** Returns all metrics in the format that a reader accepts, by its `Accept` header. */
  async read(accept: string | undefined): Promise<Exposition> {
    this.collectors.forEach((collect) => collect())
    this.series.forEach((series) => series.tidy())
    return expositionOf(this.registry, accept)
  }

  private addAll(declarations: readonly MetricDeclaration[]): void {
    for (const declaration of declarations) {
      this.series.set(declaration.name, seriesFor(declaration, this.registry))
    }
  }
}
