import { expect } from "chai"
import { DECLARED_METRICS } from "../../src/actions/marketo/lib/metrics/marketo_metrics"
import { HUB_METRICS } from "../../src/observability/hub_metrics"
import { readDocument } from "./documented_texts"

describe("docs/watching.md, metrics", () => {
  const rows = [...readDocument("docs/watching.md").matchAll(/^\| `((?:actionhub|marketo)_\w+)` \|([^|]*)\| (.*) \|$/gm)]
    .map(([, name, labels, text]) => ({ name, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label), text }))
  const declared = [...HUB_METRICS, ...DECLARED_METRICS]

  it("has a row for every metric, in the order of the code, with its labels", () => {
    expect(rows.map(({ name, labels }) => ({ name, labels }))).to.deep.equal(
      declared.map(({ name, labels = {} }) => ({ name, labels: Object.keys(labels) })))
  })

  it("names every value of the labels whose values few know", () => {
    for (const [name, label] of [
      ["actionhub_process_ends_total", "reason"], ["actionhub_alerts_total", "outcome"],
      ["marketo_quota_wait_seconds_total", "limit"], ["marketo_quota_limit", "limit"],
    ]) {
      const values = declared.find((each) => each.name === name)?.labels?.[label]
      expect(rows.find((row) => row.name === name)?.text).to.satisfy((text: string) =>
        Array.isArray(values) && values.every((value: string) => text.includes(`\`${value}\``)), name)
    }
  })
})
