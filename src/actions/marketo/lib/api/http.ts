import * as http from "http"
import * as https from "https"
import * as requestPromise from "request-promise-native"
import { Readable } from "stream"
import { ClosingHosts } from "./closing_hosts"
import { Departure } from "./departure"
import { unsentReason } from "./unsent_reason"

/** One HTTP exchange with Marketo, before anything is known of codes and retries. */
export interface MarketoHttpRequest {
  method: "GET" | "POST" | "DELETE"
  url: string
  headers?: { [name: string]: string }
  /** JSON text, or its bytes in UTF-8; or a stream, whose length is in the headers. */
  body?: string | Buffer | Readable
  /** Sent as application/x-www-form-urlencoded; a text is one already. */
  form?: { [name: string]: string } | string
  /** Milliseconds until the answer must begin, and of silence within it; all of it must come within twice that. */
  timeoutMs: number
  /** Milliseconds until the connection stands and is secured; LONGEST_CONNECT_MS when absent. */
  connectTimeoutMs?: number
  /**
   * True for a call that must not be lost because a connection which was open since an earlier call turns out to be
   * closed: nobody can say whether such a call was executed.
   */
  needsOwnConnection?: boolean
  /** True if an answer that is neither JSON nor a page is a file. */
  wantsFile?: boolean
  /** Called when the request begins to go out: from then on it may be executed. */
  onDeparted?: () => void
  /** Called when the whole request has been handed to the network. */
  onSent?: () => void
}

/** Result of an exchange. Only `notSent` proves that Marketo never saw the request. */
export type MarketoReply =
  { kind: "answer", status: number, body: { [member: string]: unknown } } |
  { kind: "unreadable", status: number } |
  { kind: "file", status: number, text: string } |
  /** `isLasting`: what stands in the way is not likely to pass by itself. */
  { kind: "notSent", explanation: string, advice?: string, isLasting: boolean, cause: unknown } |
  { kind: "lost", explanation: string, cause: unknown }

/** Longest wait for a connection, in ms: name, connect, proxy and TLS together. */
const LONGEST_CONNECT_MS = 20000

/**
 * Connections stay open between calls and runs: a call then costs no handshake. Those that nobody used for some
 * seconds are closed by us, before the other end does so just when a call goes out.
 */
const AGENT_OPTIONS = {
  keepAlive: true, keepAliveMsecs: 30000, maxSockets: 64, scheduling: "lifo" as const, timeout: 4000,
}

const sharedConnections = { plain: new http.Agent(AGENT_OPTIONS), secure: new https.Agent(AGENT_OPTIONS) }
const ownConnections = { plain: new http.Agent(), secure: new https.Agent() }

/** Hosts that lately closed a connection under a call; their connections are not used twice. */
const closingHosts = new ClosingHosts()

/**
 * Sends one request and resolves with what came of it; never rejects.
 * Redirects are not followed, since the token must reach no other host.
 */
export async function exchange(request: MarketoHttpRequest): Promise<MarketoReply> {
  const { host, protocol } = new URL(request.url)
  const connections = request.needsOwnConnection === true || closingHosts.has(host) ?
    ownConnections : sharedConnections
  let sending: http.ClientRequest | undefined
  const departure = new Departure(() => {
    clearTimeout(connectLimit)
    request.onDeparted?.()
  })
  let giveUp: (error: Error) => void = () => undefined
  // Not by an error given to the request: one that still waits for its proxy's tunnel would not report it.
  const givenUp = new Promise<never>((_resolve, reject) => { giveUp = reject })
  const connectLimit = setTimeout(() => giveUp(new DeadlineError()),
    Math.min(request.timeoutMs, request.connectTimeoutMs ?? LONGEST_CONNECT_MS))
  const deadline = setTimeout(() => giveUp(new DeadlineError()), 2 * request.timeoutMs)
  let exchanging: requestPromise.RequestPromise | undefined
  try {
    exchanging = requestPromise({
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
      departure.follow(clientRequest)
      if (request.onSent !== undefined) {
        clientRequest.once("finish", request.onSent)
      }
    })
    const response = await Promise.race([exchanging, givenUp]) as http.IncomingMessage & { body: unknown }
    const status = response.statusCode ?? 0
    const answer = readAnswer(status, response.body)
    return request.wantsFile === true && isFile(answer, response) ?
      { kind: "file", status, text: String(response.body) } : answer
  } catch (failure) {
    // request-promise wraps what request reports.
    const cause = (failure as { cause?: unknown }).cause ?? failure
    if (departure.stage !== "departed") {
      exchanging?.abort()
      const { text, advice, isLasting } = unsentReason(cause, departure.stage)
      const explanation = `Marketo could not be reached at ${host}: ${text}.`
      return { kind: "notSent", explanation, advice, isLasting, cause }
    }
    if (cause instanceof DeadlineError) {
      exchanging?.abort()
    } else if (sending?.reusedSocket === true && !isTimeout(cause)) {
      closingHosts.add(host)
    }
    return { kind: "lost", explanation: lossOf(cause, host), cause }
  } finally {
    if (request.body instanceof Readable) {
      request.body.destroy()
    }
    clearTimeout(connectLimit)
    clearTimeout(deadline)
  }
}

/** A connection that does not come about in time, or an answer that never comes to its end. */
class DeadlineError extends Error {
  readonly code = "ETIMEDOUT"
}

function isTimeout(cause: unknown): boolean {
  return ["ESOCKETTIMEDOUT", "ETIMEDOUT"].includes(String((cause as { code?: unknown }).code))
}

function lossOf(cause: unknown, host: string): string {
  return isTimeout(cause) ? `Marketo at ${host} did not answer in time.` :
    `The connection to Marketo at ${host} broke before the answer was complete.`
}

/** Pages and JSON are the answers of somebody else, or of Marketo about a failure. */
function isFile(answer: MarketoReply, { headers, body }: http.IncomingMessage & { body: unknown }): boolean {
  return answer.kind === "unreadable" && answer.status === 200 && typeof body === "string" &&
    !/html|json/i.test(headers["content-type"] ?? "")
}

function readAnswer(status: number, text: unknown): MarketoReply {
  if (typeof text === "string") {
    try {
      const body: unknown = JSON.parse(text)
      if (typeof body === "object" && body !== null && !Array.isArray(body)) {
        return { kind: "answer", status, body: body as { [member: string]: unknown } }
      }
    } catch {
      // An answer cut short or an error page: both are unreadable.
    }
  }
  return { kind: "unreadable", status }
}
