import type { MetricLabels, Metrics } from "../hub/metrics"
import type { MetricChange } from "./metric_changes"

/** The time between two messages, in ms. Each costs some tenths of a millisecond on either side. */
const SENT_EVERY_MS = 1000

/** Series and observations that make a message go out earlier, so that what waits stays small. */
const MOST_WAITING = 5000

/** The metrics of an execute process, which reach the hub's process together, about once a second. */
export class MetricsOutbox implements Metrics {
  private readonly waiting = new Map<string, MetricChange>()
  private size = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly send: (changes: MetricChange[]) => void) {}

  count(name: string, labels: MetricLabels = {}, amount = 1): void {
    this.sum("count", name, labels, amount)
  }

  observe(name: string, labels: MetricLabels, value: number): void {
    const change = this.change("observe", name, labels, () => ({ kind: "observe", name, labels, values: [] }))
    if (change.kind === "observe") {
      change.values.push(value)
      this.grow()
    }
  }

  set(name: string, labels: MetricLabels, value: number, goodForMs?: number): void {
    // What was added before does not count any more, and what is added later comes after it.
    this.waiting.delete(keyOf("add", name, labels))
    this.waiting.delete(keyOf("set", name, labels))
    this.change("set", name, labels, () => ({ kind: "set", name, labels, value, goodForMs }))
  }

  add(name: string, labels: MetricLabels, amount: number): void {
    this.sum("add", name, labels, amount)
  }

  /** Sends what waits; to be called before a run's answer. */
  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.waiting.size > 0) {
      const changes = [...this.waiting.values()]
      this.waiting.clear()
      this.size = 0
      this.send(changes)
    }
  }

  private sum(kind: "count" | "add", name: string, labels: MetricLabels, amount: number): void {
    const change = this.change(kind, name, labels, () => ({ kind, name, labels, amount: 0 }))
    if (change.kind === kind) {
      change.amount += amount
    }
  }

  private change(
    kind: MetricChange["kind"], name: string, labels: MetricLabels, make: () => MetricChange,
  ): MetricChange {
    const key = keyOf(kind, name, labels)
    let change = this.waiting.get(key)
    if (change === undefined) {
      change = make()
      this.waiting.set(key, change)
      this.timer ??= setTimeout(() => this.flush(), SENT_EVERY_MS).unref()
      this.grow()
    }
    return change
  }

  private grow(): void {
    if (++this.size > MOST_WAITING) {
      // After the change at hand, which is not complete yet.
      process.nextTick(() => this.flush())
    }
  }
}

function keyOf(kind: MetricChange["kind"], name: string, labels: MetricLabels): string {
  return JSON.stringify([kind, name, labels])
}
