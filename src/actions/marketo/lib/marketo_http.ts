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
  /** Milliseconds until the answer must begin, and of silence within it; all of it must come within twice that. */
  timeoutMs: number
  /**
   * True for a call that must not be lost because a connection which was open since an earlier call turns out to be
   * closed: whether such a call was executed cannot be told.
   */
  needsOwnConnection?: boolean
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

/**
 * Connections stay open between calls and runs: a call then costs no handshake. Those that nobody used for some
 * seconds are closed by us, before the other end does so just when a call goes out.
 */
const AGENT_OPTIONS = {
  keepAlive: true, keepAliveMsecs: 30000, maxSockets: 64, scheduling: "lifo" as const, timeout: 4000,
}

const sharedConnections = { plain: new http.Agent(AGENT_OPTIONS), secure: new https.Agent(AGENT_OPTIONS) }
const ownConnections = { plain: new http.Agent(), secure: new https.Agent() }

/** Hosts that closed a connection under a call; their connections are not used twice any more. */
const closingHosts = new Set<string>()

/**
 * Sends one request and tells what came of it; never rejects.
 * Redirects are not followed, since the token must reach no other host.
 */
export async function exchange(request: MarketoHttpRequest): Promise<MarketoReply> {
  const { host, protocol } = new URL(request.url)
  const connections = request.needsOwnConnection === true || closingHosts.has(host) ?
    ownConnections : sharedConnections
  let sending: http.ClientRequest | undefined
  let deadline: NodeJS.Timeout | undefined
  try {
    const exchanging = requestPromise({
      method: request.method,
      url: request.url,
      headers: { Accept: "application/json", ...request.headers },
      body: request.body,
      form: request.form,
      agent: protocol === "https:" ? connections.secure : connections.plain,
      gzip: true,
      timeout: request.timeoutMs,
      followRedirect: false,
      simple: false,
      resolveWithFullResponse: true,
    })
    void exchanging.on("request", (clientRequest: http.ClientRequest) => {
      sending = clientRequest
      if (request.onSent !== undefined) {
        clientRequest.once("finish", request.onSent)
      }
    })
    deadline = setTimeout(() => sending?.destroy(new DeadlineError()), 2 * request.timeoutMs)
    const response = await exchanging as http.IncomingMessage & { body: unknown }
    return readAnswer(response.statusCode ?? 0, response.body)
  } catch (failure) {
    const reply = describeFailure(failure, host)
    if (reply.kind === "lost" && sending?.reusedSocket === true && !isTimeout(reply.cause)) {
      closingHosts.add(host)
    }
    return reply
  } finally {
    clearTimeout(deadline)
  }
}

/** An answer that never comes to its end. */
class DeadlineError extends Error {
  readonly code = "ETIMEDOUT"
}

function isTimeout(cause: unknown): boolean {
  return ["ESOCKETTIMEDOUT", "ETIMEDOUT"].includes(String((cause as { code?: unknown }).code))
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
  return {
    kind: "lost",
    explanation: isTimeout(cause) ? `Marketo at ${host} did not answer in time.` :
      `The connection to Marketo at ${host} broke before the answer was complete.`,
    cause,
  }
}
