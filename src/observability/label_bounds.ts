import type { LabelBounds, MetricDeclaration, MetricLabels } from "../hub/metrics"

/** The value that stands for all values beyond a label's bounds, and for a missing one. */
export const OTHER = "other"

/** The longest value of a label, in characters. */
const LONGEST_VALUE = 100

/** Keeps the labels of one metric within what was declared, so that no request makes the number of series grow. */
export class BoundedLabels {
  readonly names: string[]
  private readonly seen = new Map<string, Set<string>>()

  constructor(private readonly bounds: NonNullable<MetricDeclaration["labels"]> = {}) {
    this.names = Object.keys(bounds)
  }

  /** Returns the labels as they are shown: all that are declared, and no others. */
  of(labels: MetricLabels): MetricLabels {
    const bounded: MetricLabels = {}
    for (const name of this.names) {
      bounded[name] = this.value(name, this.bounds[name], labels[name])
    }
    return bounded
  }

  /** Returns all labels there may be, where the values of each are listed; nothing where some are not. */
  known(): MetricLabels[] {
    let all: MetricLabels[] = [{}]
    for (const [name, bounds] of Object.entries(this.bounds)) {
      const values = "most" in bounds ? [] : bounds
      all = all.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })))
    }
    return all
  }

  private value(name: string, bounds: LabelBounds, value: unknown): string {
    if (typeof value !== "string" || value.length > LONGEST_VALUE) {
      return OTHER
    }
    if (!("most" in bounds)) {
      return bounds.includes(value) ? value : OTHER
    }
    const seen = this.seen.get(name) ?? new Set<string>()
    this.seen.set(name, seen)
    if (seen.size < bounds.most) {
      seen.add(value)
    }
    return seen.has(value) ? value : OTHER
  }
}
