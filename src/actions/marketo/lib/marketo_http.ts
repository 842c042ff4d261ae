import * as http from "http"
import * as https from "https"
import * as requestPromise from "request-promise-native"

/** One HTTP exchange with Marketo, before anything is known of codes and retries. */
export interface MarketoHttpRequest {
  method: "GET" | "POST" | "DELETE"
  url: string
  headers?: { [name: string]: string }
  /** JSON text. */
  body?: string
  /** Sent as application/x-www-form-urlencoded. */
  form?: { [name: string]: string }
  /** Milliseconds until the answer must begin, and of silence within it. */
  timeoutMs: number
  /** Told when the whole request has been handed to the network. */
  onSent?: () => void
}

/** What came of it. Only `notSent` proves that Marketo never saw the request. */
export type MarketoReply =
  { kind: "answer", status: number, body: { [member: string]: unknown } } |
  { kind: "unreadable", status: number } |
  { kind: "notSent", explanation: string, cause: unknown } |
  { kind: "lost", explanation: string, cause: unknown }

/** Failures that come before a connection stands, with what they mean to a person. */
const BEFORE_CONNECTION: { [code: string]: string | undefined } = {
  ECONNREFUSED: "nothing accepts connections there",
  ENOTFOUND: "its name is unknown; check the URL in the action's settings",
  EAI_AGAIN: "its name could not be looked up just now",
  EHOSTUNREACH: "no route leads there",
  ENETUNREACH: "the network is unreachable",
  EADDRNOTAVAIL: "the hub has no free network port left",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate belongs to another host",
}

const AGENT_OPTIONS = { keepAlive: true, keepAliveMsecs: 30000, maxSockets: 64, scheduling: "lifo" as const }

/** Connections stay open between calls and runs: a call then costs no handshake. */
const plainAgent = new http.Agent(AGENT_OPTIONS)
const secureAgent = new https.Agent(AGENT_OPTIONS)

/**
 * Sends one request and tells what came of it; never rejects.
 * Redirects are not followed, since the token must reach no other host.
 */
export async function exchange(request: MarketoHttpRequest): Promise<MarketoReply> {
  const isSecure = request.url.startsWith("https:")
  try {
    const exchanging = requestPromise({
      method: request.method,
      url: request.url,
      headers: { Accept: "application/json", ...request.headers },
      body: request.body,
      form: request.form,
      agent: isSecure ? secureAgent : plainAgent,
      gzip: true,
      timeout: request.timeoutMs,
      followRedirect: false,
      simple: false,
      resolveWithFullResponse: true,
    })
    if (request.onSent !== undefined) {
      const { onSent } = request
      void exchanging.on("request", (sending: http.ClientRequest) => sending.once("finish", onSent))
    }
    const response = await exchanging as http.IncomingMessage & { body: unknown }
    return readAnswer(response.statusCode ?? 0, response.body)
  } catch (failure) {
    return describeFailure(failure, new URL(request.url).host)
  }
}

function readAnswer(status: number, text: unknown): MarketoReply {
  if (typeof text === "string") {
    try {
      const body: unknown = JSON.parse(text)
      if (typeof body === "object" && body !== null && !Array.isArray(body)) {
        return { kind: "answer", status, body: body as { [member: string]: unknown } }
      }
    } catch {
      // An answer cut short or an error page: both are unreadable, as told below.
    }
  }
  return { kind: "unreadable", status }
}

function describeFailure(failure: unknown, host: string): MarketoReply {
  // request-promise wraps what request reports.
  const cause = (failure as { cause?: unknown }).cause ?? failure
  const { code, connect } = cause as { code?: unknown, connect?: unknown }
  const before = typeof code === "string" ? BEFORE_CONNECTION[code] : undefined
  if (before !== undefined || connect === true) {
    const reason = before ?? "it does not answer"
    return { kind: "notSent", explanation: `Marketo could not be reached at ${host}: ${reason}.`, cause }
  }
  const isTimeout = code === "ESOCKETTIMEDOUT" || code === "ETIMEDOUT"
  return {
    kind: "lost",
    explanation: isTimeout ? `Marketo at ${host} did not answer in time.` :
      `The connection to Marketo at ${host} broke before the answer was complete.`,
    cause,
  }
}
