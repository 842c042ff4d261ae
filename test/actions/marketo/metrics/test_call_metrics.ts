import * as chai from "chai"
import { MarketoCaller } from "../../../../src/actions/marketo/lib/api/caller"
import { MarketoConnection } from "../../../../src/actions/marketo/lib/api/connection"
import { OPERATIONS } from "../../../../src/actions/marketo/lib/api/operations"
import { CallMetrics, codeOf } from "../../../../src/actions/marketo/lib/metrics/call_metrics"
import { shownInstance } from "../../../../src/actions/marketo/lib/metrics/marketo_metrics"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { connectionTo, rejectionOf, WatcherLog } from "../support/connect"
import { failure, FakeMarketo, success } from "../support/fake_marketo"
import { MetricsLog } from "../support/metrics_log"

const expect = chai.expect

describe("metrics of calls", () => {
  let marketo: FakeMarketo
  let connection: MarketoConnection
  let metrics: MetricsLog

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    connection = connectionTo(marketo.origin)
    metrics = new MetricsLog()
  })

  afterEach(async () => { await marketo.stop() })

  function caller(to = connection): MarketoCaller {
    return new MarketoCaller(to, new RunControl(), new WatcherLog()).watchedBy(new CallMetrics(to, metrics))
  }

  it("count each attempt by Marketo's code, and time it", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, failure("606"), failure("608"), success([]))
    await caller().send({ operation: OPERATIONS.getUsage })
    const operation = "read usage"
    for (const code of ["606", "608", "success"]) {
      expect(metrics.sumOf("marketo_api_calls_total", { operation, code }), code).to.equal(1)
    }
    expect(metrics.observed("marketo_api_call_duration_seconds")).to.have.length(3)
  })

  it("add up the time that calls wait after a refusal for lack of room", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, failure("606"), failure("608"), success([]))
    await caller().send({ operation: OPERATIONS.getUsage })
    expect(metrics.counted("marketo_quota_wait_seconds_total", { limit: "refused" })).to.have.length(1)
  })

  it("name the limit that a call waited for", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, success([]))
    const { quota } = connection
    const narrow = { ...connection, quota: Object.assign(Object.create(quota) as typeof quota, {
      acquire: async () => ({ waitedFor: "rate" as const, sent: () => undefined, release: () => undefined }),
    }) }
    await caller(narrow).send({ operation: OPERATIONS.getUsage })
    expect(metrics.counted("marketo_quota_wait_seconds_total", { limit: "rate" })).to.have.length(1)
  })

  it("count refused permissions", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, failure("603"), success([]))
    await rejectionOf(caller().send({ operation: OPERATIONS.getUsage }))
    await caller().send({ operation: OPERATIONS.getUsage })
    expect(metrics.counted("marketo_refusals_total")).to.deep.equal([1])
    expect(metrics.sumOf("marketo_refusals_total", { reason: "permission" })).to.equal(1)
  })

  it("count refused credentials once, however many calls wait for a token", async () => {
    marketo.answerIdentity({ status: 401, json: { error: "invalid_client" } })
    const calls = [1, 2, 3].map(async () => rejectionOf(caller().send({ operation: OPERATIONS.getUsage })))
    expect((await Promise.all(calls)).map(({ kind }) => kind)).to.deep.equal(["auth", "auth", "auth"])
    expect(metrics.counted("marketo_refusals_total")).to.deep.equal([1])
    expect(metrics.sumOf("marketo_refusals_total", { reason: "credentials" })).to.equal(1)
  })

  it("take the ordinary end of a token for no refusal", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, failure("602"), success([]))
    await caller().send({ operation: OPERATIONS.getUsage })
    expect(metrics.counted("marketo_refusals_total")).to.deep.equal([])
  })

  it("leave out calls that never left", async () => {
    const nowhere = connectionTo("http://127.0.0.1:1", { patienceMs: 1 })
    await rejectionOf(caller(nowhere).send({ operation: OPERATIONS.getUsage }))
    expect(metrics.sumOf("marketo_api_calls_total")).to.equal(0)
  })

  it("say the limits of the instance", () => {
    caller()
    expect(metrics.gauges).to.deep.equal([
      { name: "marketo_quota_limit", labels: { instance: "other", limit: "rate" }, value: 1000 },
      { name: "marketo_quota_limit", labels: { instance: "other", limit: "concurrency" }, value: 5 },
    ])
  })

  it("do without a hub that keeps any", async () => {
    marketo.answer("GET", OPERATIONS.getUsage.path, success([]))
    const without = new MarketoCaller(connection, new RunControl(), new WatcherLog())
      .watchedBy(new CallMetrics(connection, undefined))
    expect((await without.send({ operation: OPERATIONS.getUsage })).success).to.equal(true)
  })

  it("name an instance by its Munchkin ID alone", () => {
    expect(shownInstance("https://123-abc-456.mktorest.com")).to.equal("123-ABC-456")
    for (const origin of ["https://proxy.example.com", "http://127.0.0.1:80", "https://123-abc-456.mktorest.com.x"]) {
      expect(shownInstance(origin)).to.equal("other")
    }
  })

  it("know success, answers of others, and no answer", async () => {
    expect(codeOf(undefined)).to.equal("success")
    marketo.answer("POST", OPERATIONS.syncLeads.path, { status: 502, text: "<html>" })
    const error = await rejectionOf(caller().send({ operation: OPERATIONS.syncLeads }))
    expect(codeOf(error)).to.equal("not_marketo")
  })
})
