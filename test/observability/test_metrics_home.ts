import { expect } from "chai"
import * as fc from "fast-check"
import { MetricDeclaration } from "../../src/hub"
import { MetricChange } from "../../src/observability/metric_changes"
import { MetricsHome } from "../../src/observability/metrics_home"
import { MetricsOutbox } from "../../src/observability/metrics_outbox"
import { readExposition, sumOf } from "../support/exposition"

const DECLARED: MetricDeclaration[] = [
  {
    name: "acme_calls_total", type: "counter", help: "Calls.",
    labels: { operation: ["read", "write"], account: { most: 3 } },
  },
  {
    name: "acme_call_seconds", type: "histogram", help: "Time.", labels: { operation: ["read", "write"] },
    buckets: [0.1, 1, 10],
  },
  { name: "acme_waiting", type: "gauge", help: "Waiting.", isOfProcess: true },
  { name: "acme_used", type: "gauge", help: "Used, \\ and\nmore." },
]

function home(): MetricsHome {
  const made = new MetricsHome()
  made.declare(DECLARED)
  return made
}

async function read(from: MetricsHome) {
  return readExposition((await from.read(undefined)).text)
}

describe("MetricsHome", () => {
  it("keeps what processes have counted when they are gone, and takes their part of a sum away", async () => {
    const metrics = home()
    metrics.of("process 1").count("acme_calls_total", { operation: "read", account: "a" }, 3)
    metrics.of("process 1").add("acme_waiting", {}, 40)
    metrics.of("process 2").add("acme_waiting", {}, 2)
    metrics.abandon("process 1")
    metrics.of("process 3").count("acme_calls_total", { operation: "read", account: "a" })
    const families = await read(metrics)
    expect(sumOf(families, "acme_calls_total")).to.equal(4)
    expect(sumOf(families, "acme_waiting")).to.equal(2)
  })

  it("adds to a gauge from any process once it is set, and forgets it when it is not good any more", async () => {
    const metrics = home()
    metrics.of("process 1").add("acme_used", {}, 5)
    expect((await read(metrics)).get("acme_used")?.samples).to.deep.equal([
      { name: "acme_used", labels: {}, value: 0 },
    ])
    metrics.of("process 1").set("acme_used", {}, 100)
    metrics.of("process 2").add("acme_used", {}, 5)
    expect(sumOf(await read(metrics), "acme_used")).to.equal(105)
    metrics.of("process 1").set("acme_used", {}, 7, 0)
    expect((await read(metrics)).get("acme_used")?.samples).to.deep.equal([])
  })

  it("has no more series than were declared, whatever labels come", async () => {
    const text = fc.string({ maxLength: 120 })
    const someLabels = fc.array(fc.record({ operation: text, account: text, person: text }))
    await fc.assert(fc.asyncProperty(someLabels, async (all) => {
      const metrics = home()
      all.forEach((labels) => metrics.of("hub").count("acme_calls_total", labels))
      all.forEach((labels) => metrics.of("hub").observe("acme_call_seconds", labels, 1))
      const families = await read(metrics)
      expect(sumOf(families, "acme_calls_total")).to.equal(all.length)
      expect(families.get("acme_calls_total")?.samples.length).to.be.at.most(3 * 4)
      families.get("acme_calls_total")?.samples.forEach(({ labels }) =>
        expect(Object.keys(labels)).to.deep.equal(["operation", "account"]))
    }))
  })

  it("passes over what is not declared, of another kind, or no number", async () => {
    const metrics = home()
    const before = (await metrics.read(undefined)).text
    metrics.of("hub").count("unknown_total")
    metrics.of("hub").count("acme_used")
    metrics.of("hub").count("acme_calls_total", {}, -1)
    metrics.of("hub").observe("acme_call_seconds", {}, NaN)
    expect((await metrics.read(undefined)).text).to.equal(before)
  })

  it("leaves out declarations that it cannot tell from others, and takes the same one twice", async () => {
    const metrics = home()
    metrics.declare([
      { name: "actionhub_runs_total", type: "counter", help: "Not ours." },
      { name: "acme_used", type: "gauge", help: "Another." },
      { name: "acme-used", type: "gauge", help: "Malformed." },
      { name: "acme_clicks", type: "counter", help: "Without its ending." },
      ...DECLARED,
    ])
    const families = await read(metrics)
    expect(families.get("acme_used")?.help).to.equal("Used, \\\\ and\\nmore.")
    expect([...families.keys()]).not.to.include.members(["acme-used", "acme_clicks"])
  })

  it("says the same in both formats", async () => {
    const metrics = home()
    metrics.of("hub").count("acme_calls_total", { operation: "read", account: "quote \" and \\ and \n" })
    metrics.of("hub").observe("acme_call_seconds", { operation: "read" }, 0.5)
    const plain = await read(metrics)
    const { contentType, text } = await metrics.read("application/openmetrics-text;version=1.0.0")
    expect(contentType).to.equal("application/openmetrics-text; version=1.0.0; charset=utf-8")
    const open = readExposition(text, "openmetrics")
    const samples = (families: typeof open) => [...families.values()].flatMap((family) => family.samples)
    expect(samples(open)).to.deep.equal(samples(plain))
    expect(samples(open).some(({ labels }) => labels.account === "quote \" and \\ and \n")).to.equal(true)
    expect(open.get("acme_calls")?.type).to.equal("counter")
    expect(await read(metrics), "after the other format").to.deep.equal(plain)
  })

  for (const [accept, type] of [
    [undefined, "text/plain"],
    ["*/*", "text/plain"],
    ["text/html", "text/plain"],
    ["application/openmetrics-text; version=1.0.0", "application/openmetrics-text"],
    ["application/openmetrics-text;version=0.0.1", "text/plain"],
    ["application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.5", "text/plain"],
    // What Prometheus 3 sends.
    ["application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;" +
      "version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2," +
      "*/*;q=0.1",
    "application/openmetrics-text"],
  ]) {
    it(`answers ${accept ?? "a reader that names no format"} with ${type}`, async () => {
      expect((await home().read(accept)).contentType).to.match(new RegExp(`^${type}; version=`))
    })
  }
})

describe("MetricsOutbox", () => {
  type Step = { kind: "count" | "observe" | "set" | "add", value: number, metric: number } | { kind: "flush" }
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      kind: fc.constantFrom("count" as const, "observe" as const, "set" as const, "add" as const),
      value: fc.integer({ min: 0, max: 50 }), metric: fc.nat({ max: 3 }),
    }),
    fc.record({ kind: fc.constant("flush" as const) }))

  it("brings to the home what direct reports would, whenever it sends", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step), async (steps) => {
      const [direct, sent] = [home(), home()]
      const outbox = new MetricsOutbox((changes) => sent.receive("process", structuredClone(changes)))
      for (const each of steps) {
        if (each.kind === "flush") {
          outbox.flush()
          continue
        }
        const { kind, value, metric } = each
        for (const metrics of [direct.of("process"), outbox]) {
          metrics[kind](DECLARED[metric].name, { operation: "read" }, value)
        }
      }
      outbox.flush()
      expect(await read(sent)).to.deep.equal(await read(direct))
    }))
  })

  it("sends one message for what comes together, by itself", async () => {
    const messages: MetricChange[][] = []
    // The outbox's own timer keeps no process alive.
    const alive = setInterval(() => undefined, 1000)
    await new Promise<void>((resolve) => {
      const outbox = new MetricsOutbox((changes) => {
        messages.push(changes)
        resolve()
      })
      for (let call = 0; call < 1000; call++) {
        outbox.count("acme_calls_total", { operation: "read" })
      }
    })
    clearInterval(alive)
    expect(messages).to.deep.equal([[
      { kind: "count", name: "acme_calls_total", labels: { operation: "read" }, amount: 1000 },
    ]])
  })
})
