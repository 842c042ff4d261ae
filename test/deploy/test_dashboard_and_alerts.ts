import { SyntaxNode } from "@lezer/common"
import { parser } from "@prometheus-io/lezer-promql"
import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"
import { Registry, collectDefaultMetrics } from "prom-client"
import { parse } from "yaml"
import { DECLARED_METRICS } from "../../src/actions/marketo/lib/metrics/marketo_metrics"
import { LabelBounds } from "../../src/hub"
import { HUB_METRICS } from "../../src/observability/hub_metrics"

const DEPLOY = path.join(__dirname, "..", "..", "deploy")

/** Labels that Prometheus itself adds, and its own metric of whether a hub answers. */
const TARGET_LABELS = ["job", "instance"]
const UP = "up"

interface Known {
  type: string
  labels: { readonly [label: string]: LabelBounds }
}

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string, description: string }
}

interface Panel {
  title: string
  targets?: { expr: string, legendFormat: string }[]
}

const rules = (parse(read("prometheus/action-hub.rules.yml")) as { groups: { rules: Rule[] }[] })
  .groups.flatMap((group) => group.rules)
const { panels } = JSON.parse(read("grafana/action-hub.json")) as { panels: Panel[] }

describe("deploy: alert rules and dashboard", () => {
  const known = new Map<string, Known>([[UP, { type: "gauge", labels: {} }]])

  before(async () => {
    for (const { name, type, labels = {} } of [...HUB_METRICS, ...DECLARED_METRICS]) {
      known.set(name, { type, labels: asScraped(labels) })
    }
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    for (const { name, type } of await registry.getMetricsAsJSON()) {
      known.set(name, { type: String(type), labels: {} })
    }
  })

  it("no rule takes the probes of a hub that stops for errors", () => {
    const counting = rules.map(({ expr }) => expr).filter((expr) => expr.includes("status=~\"5.."))
    expect(counting).to.have.length(1)
    expect(counting[0]).to.contain("route!~\"/readyz|/status\"")
  })

  for (const { alert, expr, labels, annotations } of rules) {
    it(`the rule ${alert} names what there is, and says what to do`, () => {
      const names = checkExpression(expr, known)
      expect(names).not.to.deep.equal([])
      expect(labels.severity).to.match(/^(warning|critical)$/)
      expect(annotations.description).to.match(/\.$/)
      const grouped = new Set(groupingLabels(expr).concat(names.includes(UP) ? TARGET_LABELS : []))
      for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        expect([...grouped], annotations.summary).to.include(label)
      }
    })
  }

  for (const { title, targets = [] } of panels) {
    for (const { expr, legendFormat } of targets) {
      it(`the panel "${title}" shows what there is: ${legendFormat}`, () => {
        checkExpression(expr.replace(/\$__rate_interval/g, "5m").replace(/"\$job"/g, "\"hub\""), known)
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
          expect(groupingLabels(expr).concat(TARGET_LABELS)).to.include(label)
        }
      })
    }
  }

  it("shows every metric of the hub and of Marketo", () => {
    const shown = panels.flatMap(({ targets = [] }) => targets).map(({ expr }) => expr).join(" ")
    for (const { name } of [...HUB_METRICS, ...DECLARED_METRICS]) {
      expect(shown).to.match(new RegExp(`\\b${name}(_bucket)?\\b`))
    }
  })

  for (const [what, expr] of [
    ["a metric that is not there", "sum(rate(actionhub_run_total[5m]))"],
    ["a label that is not there", "sum by (plan) (rate(actionhub_runs_total[5m]))"],
    ["a value that a label never has", "rate(actionhub_runs_total{outcome=\"sucess\"}[5m])"],
    ["a pattern that no value matches", "rate(actionhub_runs_total{outcome=~\"failed|dropped\"}[5m])"],
    ["a counter without its rate", "actionhub_runs_total > 5"],
    ["the rate of a gauge", "rate(actionhub_runs_in_flight[5m])"],
    ["a quantile without its rate", "histogram_quantile(0.9, actionhub_run_duration_seconds_bucket)"],
    ["a quantile without its buckets", "histogram_quantile(0.9, sum(rate(actionhub_run_duration_seconds_bucket[5m])))"],
    ["Marketo's instance by the name that Prometheus gives a target", "max by (instance) (marketo_quota_calls_used)"],
    ["no PromQL", "sum(rate(actionhub_runs_total[5m])"],
  ]) {
    it(`is tested for ${what}`, () => {
      expect(() => checkExpression(expr, known)).to.throw()
    })
  }
})

/** Prometheus renames a label of the hub that is a target's own. */
function asScraped(labels: Known["labels"]): Known["labels"] {
  return Object.fromEntries(Object.entries(labels).map(([label, bounds]) =>
    [TARGET_LABELS.includes(label) ? `exported_${label}` : label, bounds]))
}

/** Fails unless an expression is PromQL about known metrics, and treats each as its type wants. Returns their names. */
function checkExpression(expr: string, known: Map<string, Known>): string[] {
  const tree = parser.parse(expr)
  const text = (node: SyntaxNode) => expr.slice(node.from, node.to)
  const names: string[] = []
  tree.iterate({ enter: ({ type, node }) => {
    expect(type.isError, `an error in ${expr}`).to.equal(false)
    if (type.name === "VectorSelector") {
      names.push(checkSelector(node, text, known))
    }
    if (type.name === "FunctionCall" && node.firstChild?.firstChild?.name === "HistogramQuantile") {
      expect(text(node), "a quantile of buckets").to.match(/sum by \((\w+, )*le(, \w+)*\) \(rate\(\w+_bucket/)
    }
  } })
  return names
}

function checkSelector(selector: SyntaxNode, text: (node: SyntaxNode) => string, known: Map<string, Known>): string {
  const shown = text(selector.getChild("Identifier") ?? selector)
  const isBucket = shown.endsWith("_bucket")
  const name = shown.replace(/_bucket$/, "")
  const metric = known.get(name)
  if (metric === undefined) {
    throw new Error(`There is no metric ${name}`)
  }
  expect(isBucket, name).to.equal(metric.type === "histogram")
  const call = selector.parent?.name === "MatrixSelector" ? functionAround(selector) : undefined
  expect(call, name).to.equal(metric.type === "gauge" ? undefined : call === "Increase" ? "Increase" : "Rate")
  const labels = [...Object.keys(metric.labels), ...(isBucket ? ["le"] : [])]
  const isOwn = name !== UP && name.startsWith("marketo_quota_")
  for (const label of groupingsAround(selector, text)) {
    expect(labels.concat(isOwn ? ["job"] : TARGET_LABELS), name).to.include(label)
  }
  const matchers = selector.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? []
  matchers.forEach((matcher) => checkMatcher(text(matcher), metric))
  return name
}

function checkMatcher(matcher: string, { labels }: Known): void {
  const [, label, operator, value] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/s.exec(matcher) ?? []
  if (TARGET_LABELS.includes(label)) {
    return
  }
  expect(labels).to.have.property(label)
  const bounds = labels[label]
  if (!("most" in bounds)) {
    const isMet = (each: string) => operator.endsWith("~") ? new RegExp(`^(?:${value})$`).test(each) : each === value
    expect(bounds.some(isMet), matcher).to.equal(true)
    if (operator.endsWith("~") && /^[\w|]+$/.test(value)) {
      value.split("|").forEach((each) => expect(bounds, matcher).to.include(each))
    }
  }
}

function functionAround(node: SyntaxNode): string | undefined {
  for (let around = node.parent; around !== null; around = around.parent) {
    if (around.name === "FunctionCall") {
      return around.firstChild?.firstChild?.name
    }
  }
  return undefined
}

function groupingsAround(node: SyntaxNode, text: (node: SyntaxNode) => string): string[] {
  const labels: string[] = []
  for (let around = node.parent; around !== null; around = around.parent) {
    const grouping = around.name === "AggregateExpr" ? around.getChild("AggregateModifier") : null
    labels.push(...(grouping === null ? [] : labelsOf(text(grouping))))
  }
  return labels
}

function groupingLabels(expr: string): string[] {
  return [...expr.matchAll(/by \([^)]*\)/g)].flatMap(([grouping]) => labelsOf(grouping))
}

function labelsOf(grouping: string): string[] {
  return grouping.replace(/^by \(|\)$/g, "").split(",").map((label) => label.trim())
}

function read(file: string): string {
  return fs.readFileSync(path.join(DEPLOY, file), "utf8")
}
