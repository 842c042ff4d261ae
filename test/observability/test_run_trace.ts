import { context, propagation, trace } from "@opentelemetry/api"
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node"
import { expect } from "chai"
import { RunTrace } from "../../src/observability/run_trace"

const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

describe("RunTrace", () => {
  it("does nothing, and has nothing to pass on, while no SDK is installed", () => {
    const { trace: begun, span } = RunTrace.begin("run", { action: "a" }, { traceparent: TRACEPARENT })
    expect(begun.carrier).to.equal(undefined)
    begun.begin("download").end({ bytes: 1 }, "failed")
    span.end()
  })

  describe("with an SDK", () => {
    const exporter = new InMemorySpanExporter()

    before(() => new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register())
    afterEach(() => exporter.reset())
    after(() => {
      trace.disable()
      context.disable()
      propagation.disable()
    })

    it("goes on with the trace of a request, and passes its own on to another process", () => {
      const { trace: begun, span } = RunTrace.begin("run", { action: "a" }, { traceparent: TRACEPARENT })
      RunTrace.from({ ...begun.carrier }).begin("download").end({ bytes: 12 }, "timeout")
      span.end({ outcome: "failure" }, "failure")
      const [download, run] = exporter.getFinishedSpans()
      expect(run.spanContext().traceId).to.equal("0af7651916cd43dd8448eb211c80319c")
      expect(run.parentSpanContext?.spanId).to.equal("b7ad6b7169203331")
      expect(run.attributes).to.deep.equal({ action: "a", outcome: "failure" })
      expect(download.parentSpanContext?.spanId).to.equal(run.spanContext().spanId)
      expect(download.status).to.deep.equal({ code: 2, message: "timeout" })
      expect(download.attributes).to.deep.equal({ bytes: 12 })
    })
  })
})
