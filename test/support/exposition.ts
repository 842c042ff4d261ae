/** A sample of a metric. */
export interface Sample {
  /** With the suffix that samples of histograms and counters have. */
  name: string
  labels: { [label: string]: string }
  value: number
}

/** A metric as it is exposed. */
export interface Family {
  name: string
  type: string
  help: string
  samples: Sample[]
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*"
const LABEL = `([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"`
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? ([^ ]+)$`)
const NUMBER = /^(?:[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|nan)$/i

/** The suffixes of the samples of each type, in Prometheus's own format. */
const SUFFIXES: { [type: string]: string[] } = {
  counter: [""], gauge: [""], histogram: ["_bucket", "_sum", "_count"], summary: ["", "_sum", "_count"],
}

/**
 * Reads Prometheus's text format (version 0.0.4), or OpenMetrics 1.0.0, as strictly as the two are described at
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and
 * https://prometheus.io/docs/specs/om/open_metrics_spec/ for what this hub may write: each family once, with its help
 * and type, its samples together, no series twice, and histograms that add up. Throws an Error that names the line.
 */
export function readExposition(text: string, format: "prometheus" | "openmetrics" = "prometheus"): Map<string, Family> {
  const isOpen = format === "openmetrics"
  const families = new Map<string, Family>()
  const lines = text.split("\n")
  if (lines.pop() !== "" || isOpen && lines.pop() !== "# EOF") {
    throw new Error("The text has no proper end")
  }
  let family: Family | undefined
  for (const line of lines) {
    const [, kind, name, rest] = /^# (HELP|TYPE) ([^ ]+) (.*)$/.exec(line) ?? []
    if (kind === "HELP") {
      if (families.has(name) || !new RegExp(`^${NAME}$`).test(name)) {
        throw new Error(`A family cannot begin here: ${line}`)
      }
      family = { name, type: "", help: rest, samples: [] }
      families.set(name, family)
    } else if (kind === "TYPE") {
      if (family === undefined || family.name !== name || family.type !== "" || !(rest in SUFFIXES)) {
        throw new Error(`A type without its family: ${line}`)
      }
      family.type = rest
    } else if (line !== "" || isOpen) {
      addSample(line, family, isOpen)
    }
  }
  families.forEach(checkFamily)
  return families
}

function addSample(line: string, family: Family | undefined, isOpen: boolean): void {
  const match = SAMPLE.exec(line)
  const value = match?.[match.length - 1] ?? ""
  if (match === null || !NUMBER.test(value)) {
    throw new Error(`This is no sample: ${line}`)
  }
  const suffixes = isOpen && family?.type === "counter" ? ["_total"] : SUFFIXES[family?.type ?? ""] ?? []
  if (family === undefined || !suffixes.some((suffix) => match[1] === family.name + suffix)) {
    throw new Error(`A sample outside of its family: ${line}`)
  }
  const labels: Sample["labels"] = {}
  for (const [, label, text] of (match[2] ?? "").matchAll(new RegExp(LABEL, "g"))) {
    if (label in labels) {
      throw new Error(`A label twice: ${line}`)
    }
    labels[label] = text.replace(/\\(.)/g, (_all, escaped: string) => escaped === "n" ? "\n" : escaped)
  }
  family.samples.push({ name: match[1], labels, value: Number(value.replace("Inf", "Infinity")) })
}

function checkFamily({ name, type, samples }: Family): void {
  const keys = samples.map((sample) => seriesKey(sample.name, sample.labels))
  if (type === "" || new Set(keys).size !== keys.length) {
    throw new Error(`${name} has no type, or a series twice`)
  }
  if (type === "counter" && samples.some(({ value }) => !(value >= 0))) {
    throw new Error(`${name} is a counter below zero`)
  }
  if (type === "histogram") {
    for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_count`)) {
      checkBuckets(name, samples.filter((sample) => sample.name === `${name}_bucket` &&
        Object.keys(labels).every((label) => sample.labels[label] === labels[label])), value)
    }
  }
}

function checkBuckets(name: string, buckets: Sample[], count: number): void {
  const bounds = buckets.map(({ labels }) => Number(labels.le.replace("Inf", "Infinity")))
  const isAscending = buckets.every(({ value }, index) =>
    index === 0 || value >= buckets[index - 1].value && bounds[index] > bounds[index - 1])
  if (!isAscending || bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count) {
    throw new Error(`The buckets of ${name} do not add up`)
  }
}

function seriesKey(name: string, labels: Sample["labels"]): string {
  return JSON.stringify([name, Object.entries(labels).sort()])
}

/** Returns the sum of a counter's or gauge's samples with these labels; 0 for none. */
export function sumOf(families: Map<string, Family>, name: string, labels: Sample["labels"] = {}): number {
  return (families.get(name)?.samples ?? []).filter((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0)
}
