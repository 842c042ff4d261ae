import {
  Context, context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, Tracer,
} from "@opentelemetry/api"

import type { Span, SpanAttributes, Trace } from "../hub/tracing"

const TRACER = "looker-action-hub"

/** A trace that goes on: its own span, and what is begun below it. */
export class RunTrace implements Trace {
  /** Begins the trace of a run, below the one that the request's headers name, if they do. */
  static begin(name: string, attributes: SpanAttributes, headers: object): { trace: RunTrace, span: Span } {
    const parent = propagation.extract(context.active(), headers)
    const span = tracer().startSpan(name, { kind: SpanKind.SERVER, attributes }, parent)
    return { trace: new RunTrace(trace.setSpan(parent, span)), span: endable(span) }
  }

  /** Goes on with a trace of another process. */
  static from(carrier: { [header: string]: string }): RunTrace {
    return new RunTrace(propagation.extract(ROOT_CONTEXT, carrier))
  }

  private constructor(private readonly context: Context) {}

  get carrier(): { [header: string]: string } | undefined {
    const carrier: { [header: string]: string } = {}
    propagation.inject(this.context, carrier)
    return Object.keys(carrier).length === 0 ? undefined : carrier
  }

  begin(name: string, attributes?: SpanAttributes): Span {
    return endable(tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }, this.context))
  }
}

function tracer(): Tracer {
  // Asked for each time, since an SDK may be installed after this module was loaded.
  return trace.getTracer(TRACER)
}

function endable(span: ReturnType<Tracer["startSpan"]>): Span {
  return {
    end: (attributes, failure) => {
      if (attributes !== undefined) {
        span.setAttributes(attributes)
      }
      if (failure !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      }
      span.end()
    },
  }
}
