"use strict"

/** An SDK as an administrator would install it, loaded by every process of the hub. Spans go to a file. */
const fs = require("fs")
const { NodeTracerProvider, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-node")

const exporter = {
  export(spans, done) {
    const lines = spans.map((span) => {
      const { name, attributes, status, parentSpanContext } = span
      const { traceId, spanId } = span.spanContext()
      return JSON.stringify({
        name, attributes, status: status.code, traceId, spanId, parent: parentSpanContext?.spanId, process: process.pid,
      })
    })
    fs.appendFileSync(process.env.TRACES_FILE, lines.map((line) => `${line}\n`).join(""))
    done({ code: 0 })
  },
  async shutdown() { /* everything is written at once */ },
}

new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
