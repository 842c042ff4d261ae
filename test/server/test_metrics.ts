import { expect } from "chai"
import * as fc from "fast-check"
import { AddressInfo, createServer } from "net"
import { MetricsHome } from "../../src/observability/metrics_home"
import { MetricsSettings } from "../../src/observability/metrics_settings"
import { hubMetricsWithin } from "../../src/server/hub_metrics"
import { serveMetrics } from "../../src/server/metrics_server"
import { readExposition, sumOf } from "../support/exposition"
import { HubUnderTest, ScriptedAction } from "./hub_under_test"

const TOKEN = "0123456789abcdef0123456789abcdef"

describe("GET /metrics", () => {
  const hub = new HubUnderTest()

  async function start(settings: MetricsSettings | undefined = {}): Promise<MetricsHome | undefined> {
    const metrics = hubMetricsWithin(settings)
    await hub.start([new ScriptedAction()], {}, { metrics: metrics ?? "off" })
    return metrics?.home
  }

  async function families() {
    return readExposition((await hub.get("/metrics")).body)
  }

  afterEach(async () => hub.stop())

  it("answers in Prometheus's format, uncached, without a key", async () => {
    await start()
    const { status, headers, body } = await hub.get("/metrics")
    expect(status).to.equal(200)
    expect(headers["content-type"]).to.equal("text/plain; version=0.0.4; charset=utf-8")
    expect(headers["cache-control"]).to.equal("no-store")
    expect(sumOf(readExposition(body), "actionhub_build_info")).to.equal(1)
  })

  it("has the runs of each action before the first one, so that it is an increase", async () => {
    await start()
    const { body } = await hub.get("/metrics")
    for (const outcome of ["success", "partial", "failure", "lost"]) {
      expect(body).to.contain(`actionhub_runs_total{action="scripted",outcome="${outcome}"} 0\n`)
    }
  })

  it("answers in OpenMetrics if that is wanted", async () => {
    await start()
    const { body } = await hub.get("/metrics", { accept: "application/openmetrics-text" })
    expect(sumOf(readExposition(body, "openmetrics"), "actionhub_build_info")).to.equal(1)
  })

  it("is not there when it is switched off", async () => {
    process.env.ACTION_HUB_METRICS = "false"
    try {
      await hub.start([new ScriptedAction()])
    } finally {
      delete process.env.ACTION_HUB_METRICS
    }
    expect((await hub.get("/metrics")).status).to.equal(404)
  })

  it("wants the token that is set, and takes no other", async () => {
    await start({ token: TOKEN })
    for (const authorization of [undefined, "Bearer", `Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN}x`, TOKEN]) {
      const { status, headers, body } = await hub.get("/metrics", authorization === undefined ? {} : { authorization })
      expect(status, authorization).to.equal(401)
      expect(headers["www-authenticate"]).to.equal("Bearer")
      expect(body).not.to.contain("actionhub_")
    }
  })

  it("lets who has the token pass", async () => {
    await start({ token: TOKEN })
    expect((await hub.get("/metrics", { authorization: `bearer ${TOKEN}` })).status).to.equal(200)
  })

  it("has a port of its own if one is set, and is then nowhere else", async () => {
    const port = await freePort()
    await start({ port })
    expect((await hub.get("/metrics")).status).to.equal(404)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(sumOf(readExposition(await answer.text()), "actionhub_http_requests_total", { status: "404" })).to.equal(1)
    expect((await fetch(`http://127.0.0.1:${port}/status`)).status).to.equal(404)
    await hub.server.stop()
    expect(await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => "closed")).to.equal("closed")
  })

  it("names the variable if the port is taken", async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve))
    const { port } = taken.address() as AddressInfo
    const failure = await serveMetrics(new MetricsHome(), { port, host: "127.0.0.1" }).catch((reason: Error) => reason)
    expect(failure).to.have.property("message").that.contains(`ACTION_HUB_METRICS_PORT ${port} is taken`)
    await new Promise((resolve) => taken.close(resolve))
    await start()
  })

  it("counts runs and requests as they were answered", async () => {
    await start()
    for (let run = 0; run < 3; run++) {
      await hub.post("/actions/scripted/execute")
    }
    await hub.post("/actions/scripted/execute", { type: "cell" })
    await hub.post("/actions/scripted/execute", {}, { authorization: "none" })
    const read = await families()
    expect(sumOf(read, "actionhub_runs_total", { action: "scripted", outcome: "success" })).to.equal(3)
    expect(sumOf(read, "actionhub_runs_total", { action: "scripted", outcome: "failure" })).to.equal(1)
    const route = "/actions/:actionId/execute"
    expect(sumOf(read, "actionhub_http_requests_total", { route, status: "200" })).to.equal(4)
    expect(sumOf(read, "actionhub_http_requests_total", { route, status: "403" })).to.equal(1)
    const durations = read.get("actionhub_run_duration_seconds")?.samples.find(({ name }) => name.endsWith("_count"))
    expect(durations?.value).to.equal(4)
  })

  it("grows by no request, whatever its path, method and action are", async () => {
    await start()
    const methods = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND")
    const part = fc.string({ minLength: 1, maxLength: 60 }).map((text) => encodeURIComponent(text))
    const path = fc.oneof(
      part.map((text) => `/${text}`), part.map((text) => `/actions/${text}/execute`),
      part.map((text) => `/runs/${text}`), fc.tuple(part, part).map(([run, key]) => `/reports/${run}/${key}`),
      fc.constantFrom("/%", "/actions/%ff/form", "/"))
    await fc.assert(fc.asyncProperty(methods, path, fc.boolean(), async (method, asked, hasKey) => {
      await hub.ask(method, asked, { headers: hasKey ? hub.lookerHeaders : {} })
    }), { numRuns: 300 })
    const read = await families()
    const samples = read.get("actionhub_http_requests_total")?.samples ?? []
    const routes = new Set(samples.map(({ labels }) => labels.route))
    expect([...routes].every((route) => route === "none" || route === "file" || /^\/[a-z_/:.A-Z]*$/.test(route)))
      .to.equal(true)
    expect(routes.size).to.be.at.most(16)
    expect(samples.length).to.be.at.most(60)
    expect(sumOf(read, "actionhub_runs_total")).to.equal(0)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
