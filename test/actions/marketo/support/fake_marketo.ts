/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- bodies of calls are JSON of many shapes */
import * as http from "http"
import { AddressInfo, Socket } from "net"
import * as querystring from "querystring"
import { URL } from "url"
import * as zlib from "zlib"

/** One call as it arrived; identity calls are kept apart. */
export interface LoggedCall {
  method: string
  /** Without the query. */
  path: string
  /** Path and query as they came. */
  url: string
  query: URLSearchParams
  headers: http.IncomingHttpHeaders
  /** The body as text. */
  text: string
  /** The body as JSON, when it is. */
  body: any
  /** The body as a form, when it is. */
  form: { [name: string]: string | string[] | undefined }
  /** Time (ms) at which the call had arrived; the answer follows later. */
  receivedAt: number
  /** Time (ms) at which the answer was sent; absent until then. */
  answeredAt?: number
}

/** What is sent back. */
export interface FakeReply {
  status?: number
  /** Sent as JSON. */
  json?: object
  /** Sent as it is, when there is no `json`. */
  text?: string
  headers?: { [name: string]: string }
  /** Milliseconds between the call's arrival and the answer. */
  delayMs?: number
  /** Resolves when the answer may go out. */
  after?: Promise<unknown>
  gzip?: boolean
  /** The connection breaks in place of an answer. */
  reset?: boolean
  /** The connection breaks within the answer's body. */
  truncate?: boolean
  /** No answer comes at all. */
  silent?: boolean
}

export type FakeAnswer = FakeReply | ((call: LoggedCall) => FakeReply)

interface Script {
  method: string
  path: string | RegExp
  answers: FakeAnswer[]
  /** Given when `answers` are used up. */
  always?: FakeAnswer
}

/** Field of describe2, short. */
interface FakeField {
  name: string
  dataType: string
}

export const FAKE_FIELDS: FakeField[] = [
  { name: "id", dataType: "integer" },
  { name: "email", dataType: "email" },
  { name: "firstName", dataType: "string" },
  { name: "lastName", dataType: "string" },
  { name: "gender", dataType: "string" },
  { name: "title", dataType: "string" },
  { name: "leadScore", dataType: "integer" },
  { name: "unsubscribed", dataType: "boolean" },
  { name: "customerId", dataType: "string" },
  { name: "Account__c", dataType: "integer" },
]

let requestNumber = 0

/** A successful envelope. */
export function success(result?: object[], more: object = {}): FakeReply {
  const envelope = { requestId: nextRequestId(), success: true, ...more }
  return { json: result === undefined ? envelope : { ...envelope, result } }
}

/** A response-level error: HTTP 200, `success: false`. */
export function failure(code: string | number, message = `Error ${code}`, requestId?: string): FakeReply {
  return { json: { requestId: requestId ?? nextRequestId(), success: false, errors: [{ code, message }] } }
}

/** A skipped record. */
export function skip(code: string, message: string, id?: number): object {
  return { ...(id === undefined ? {} : { id }), status: "skipped", reasons: [{ code, message }] }
}

function nextRequestId(): string {
  requestNumber++
  return `${requestNumber.toString(16)}#18f2c4d5e6`
}

/**
 * A scripted stand-in for Marketo on this machine: answers as an instance does whose lists, campaigns and fields
 * exist, unless a test says otherwise, and keeps a log of the calls.
 */
export class FakeMarketo {
  static async start(): Promise<FakeMarketo> {
    const fake = new FakeMarketo()
    await new Promise<void>((resolve) => { fake.server.listen(0, "127.0.0.1", resolve) })
    return fake
  }

  /** Calls beside identity, in the order of their arrival. */
  readonly calls: LoggedCall[] = []
  readonly identityCalls: LoggedCall[] = []
  /** Text of the next token that identity hands out. */
  token = "fake-token-1"
  /** What identity says the token has left, in seconds. */
  expiresIn = 3600
  /** Most calls that were under way at once. */
  mostAtOnce = 0
  nextLeadId = 1000

  private readonly scripts: Script[] = []
  private readonly identityAnswers: FakeAnswer[] = []
  private readonly sockets = new Set<Socket>()
  private readonly server: http.Server
  private atOnce = 0

  private constructor() {
    this.server = http.createServer((request, response) => { this.receive(request, response) })
    this.server.on("connection", (socket: Socket) => {
      this.sockets.add(socket)
      socket.on("close", () => { this.sockets.delete(socket) })
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Gives these answers to the next calls of that path, in order; then it answers as usual. */
  answer(method: string, path: string | RegExp, ...answers: FakeAnswer[]): void {
    this.scripts.push({ method, path, answers })
  }

  /** Answers every call of that path so. */
  always(method: string, path: string | RegExp, answer: FakeAnswer): void {
    this.scripts.push({ method, path, answers: [], always: answer })
  }

  answerIdentity(...answers: FakeAnswer[]): void {
    this.identityAnswers.push(...answers)
  }

  callsTo(path: string | RegExp, method?: string): LoggedCall[] {
    return this.calls.filter((call) => matches(path, call.path) && (method === undefined || isBy(method, call)))
  }

  /** The Sync Leads calls. */
  get syncs(): LoggedCall[] {
    return this.callsTo("/rest/v1/leads.json", "POST")
  }

  /** The leads of all Sync Leads calls, in order. */
  get leadsSent(): { [restName: string]: any }[] {
    return this.syncs.reduce((all: { [restName: string]: any }[], call) => all.concat(call.body.input), [])
  }

  /** Resolves when so many calls to that path have arrived. */
  async arrivalOf(count: number, path: string | RegExp): Promise<void> {
    while (this.callsTo(path).length < count) {
      await new Promise<void>((resolve) => { setTimeout(resolve, 2) })
    }
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => { this.server.close(() => resolve()) })
    this.sockets.forEach((socket) => { socket.destroy() })
    await closed
  }

  private receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = []
    this.atOnce++
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce)
    response.on("close", () => { this.atOnce-- })
    request.on("data", (chunk: Buffer) => { chunks.push(chunk) })
    request.on("end", () => {
      const call = logged(request, Buffer.concat(chunks).toString("utf8"))
      const isIdentity = call.path === "/identity/oauth/token"
      const list = isIdentity ? this.identityCalls : this.calls
      list.push(call)
      const answer = isIdentity ? this.identityAnswers.shift() ?? this.identityReply() : this.answerFor(call)
      const reply = typeof answer === "function" ? answer(call) : answer
      void this.reply(reply, call, request, response)
    })
  }

  private async reply(
    reply: FakeReply, call: LoggedCall, request: http.IncomingMessage, response: http.ServerResponse,
  ): Promise<void> {
    const { delayMs } = reply
    if (delayMs !== undefined) {
      await new Promise<void>((resolve) => { setTimeout(resolve, delayMs) })
    }
    if (reply.after !== undefined) {
      await reply.after
    }
    if (reply.silent === true) {
      return
    }
    call.answeredAt = Date.now()
    if (reply.reset === true) {
      request.socket.destroy()
      return
    }
    const text = reply.json === undefined ? reply.text ?? "" : JSON.stringify(reply.json)
    const bytes = reply.gzip === true ? zlib.gzipSync(text) : Buffer.from(text)
    response.writeHead(reply.status ?? 200, {
      "Content-Type": reply.json === undefined ? "text/html" : "application/json;charset=UTF-8",
      "Content-Length": String(bytes.length),
      ...(reply.gzip === true ? { "Content-Encoding": "gzip" } : {}),
      ...reply.headers,
    })
    if (reply.truncate === true) {
      response.write(bytes.slice(0, Math.floor(bytes.length / 2)), () => { request.socket.destroy() })
      return
    }
    response.end(bytes)
  }

  private identityReply(): FakeReply {
    return {
      json: {
        access_token: this.token, token_type: "bearer", expires_in: this.expiresIn, scope: "api@example.com",
      },
    }
  }

  private answerFor(call: LoggedCall): FakeAnswer {
    for (const script of this.scripts) {
      if (isBy(script.method, call) && matches(script.path, call.path)) {
        const answer = script.answers.shift() ?? script.always
        if (answer !== undefined) {
          return answer
        }
      }
    }
    return this.usualAnswer(call)
  }

  private usualAnswer(call: LoggedCall): FakeReply {
    const ids = (call.query.get("id") ?? "").split(",").filter((id) => id !== "")
    switch (`${isBy("GET", call) ? "GET" : call.method} ${call.path.replace(/\d+/g, "N")}`) {
      case "GET /rest/vN/leads/describeN.json":
        return success([describeResult()])
      case "GET /rest/vN/lists.json":
        return success(ids.map((id) => ({ id: Number(id), name: `List ${id}` })))
      case "GET /rest/vN/campaigns.json":
        return success(ids.map((id) => ({ id: Number(id), name: `Campaign ${id}`, type: "trigger", active: true })))
      case "GET /rest/vN/stats/usage.json":
        return success([{ date: "2026-08-17", total: 10, users: [] }])
      case "GET /rest/vN/leads.json":
        return success([])
      case "POST /rest/vN/leads.json":
        return this.created(call)
      case "POST /rest/vN/lists/N/leads.json":
        return success(call.body.input.map((lead: { id: number }) => ({ id: lead.id, status: "added" })))
      case "DELETE /rest/vN/lists/N/leads.json":
        return success(call.query.getAll("id").map((id) => ({ id: Number(id), status: "removed" })))
      case "POST /rest/vN/campaigns/N/trigger.json":
        return success([{ id: Number(call.path.split("/")[4]) }])
      default:
        return failure("610", "Requested resource not found")
    }
  }

  private created(call: LoggedCall): FakeReply {
    return success(call.body.input.map(() => ({ id: this.nextLeadId++, status: "created" })))
  }
}

function describeResult(): object {
  return {
    name: "API Lead",
    searchableFields: [["id"], ["email"], ["customerId"]],
    fields: FAKE_FIELDS.map((field) => ({
      ...field, displayName: field.name, length: 255, updateable: field.name !== "id", crmManaged: false,
    })),
  }
}

function logged(request: http.IncomingMessage, text: string): LoggedCall {
  const url = request.url ?? ""
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1")
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")
  return {
    method: request.method ?? "",
    path: pathname,
    url,
    query: searchParams,
    headers: request.headers,
    text,
    body: jsonOf(text),
    form: isForm ? { ...querystring.parse(text) } : {},
    receivedAt: Date.now(),
  }
}

/**
 * A POST with `_method=GET` is a GET whose parameters are in its body. It is told by either name, except where a POST
 * is something else.
 */
function isBy(method: string, call: LoggedCall): boolean {
  const isGet = call.method === "GET" || call.query.get("_method") === "GET"
  return method === (isGet ? "GET" : call.method) || method === call.method && call.path !== "/rest/v1/leads.json"
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (_notJson) {
    return undefined
  }
}

function matches(pattern: string | RegExp, path: string): boolean {
  return typeof pattern === "string" ? pattern === path : pattern.test(path)
}
