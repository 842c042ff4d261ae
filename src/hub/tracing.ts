import type { ActionRequest } from "./action_request"

/** Facts about a span. Nothing secret, no address and nobody's data. */
export interface SpanAttributes { [name: string]: string | number | boolean }

/** A piece of work that takes time. */
export interface Span {
  /** Ends the span; `failure` says in a word or two why it came to nothing. */
  end(attributes?: SpanAttributes, failure?: string): void
}

/** The trace that a run belongs to. It does nothing unless somebody has installed an OpenTelemetry SDK. */
export interface Trace {
  /** Begins a span below the run's own. */
  begin(name: string, attributes?: SpanAttributes): Span
  /** The trace for another process, as headers; undefined if there is none. */
  readonly carrier?: { [header: string]: string }
}

/** Attaches the trace of a run to its request, as invisibly as its metrics. */
export function attachTrace(request: ActionRequest, trace: Trace): void {
  Object.defineProperty(request, "trace", { value: trace, enumerable: false, configurable: true, writable: true })
}

/** Returns the trace of a request; undefined if it did not come through this hub. */
export function traceOf(request: object): Trace | undefined {
  return (request as { trace?: Trace }).trace
}
