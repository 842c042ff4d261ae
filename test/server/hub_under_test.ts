import * as http from "http"
import type { AddressInfo } from "net"
import * as winston from "winston"

import * as Hub from "../../src/hub"
import { readSettings } from "../../src/hub/settings"
import * as apiKey from "../../src/server/api_key"
import Server, { ServerOptions } from "../../src/server/server"
import { ServerSettings, serverSettings } from "../../src/server/server_settings"
import { ExecutionSettings, executionSettings } from "../../src/xpc/execution_settings"
import { ProcessQueue } from "../../src/xpc/process_queue"

export const SECRET = "a secret of the tests, which is long enough"

/** A queue that answers with what it is told to, and notes what it was given. */
export class ScriptedQueue extends ProcessQueue {
  readonly received: string[] = []
  readonly calls: string[] = []

  constructor(private readonly reply: (data: string) => Promise<unknown> = async () => ({ success: true })) {
    super()
  }

  async run(data: string): Promise<string> {
    this.received.push(data)
    return await this.reply(data) as string
  }

  stopRuns(): void {
    this.calls.push("stopRuns")
  }

  async close(): Promise<void> {
    this.calls.push("close")
  }
}

/** An action whose execute and form are what a test makes of them. */
export class ScriptedAction extends Hub.Action {
  name = "scripted"
  label = "Scripted"
  description = "Does what a test says."
  supportedActionTypes = [Hub.ActionType.Query]
  params: Hub.ActionParameter[] = []

  constructor(members: Partial<Hub.Action> = {}) {
    super()
    Object.assign(this, members)
  }

  async execute(_request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    return new Hub.ActionResponse({ message: "done" })
  }
}

/** What one request was answered with. */
export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

export interface AnswerRequest {
  headers?: http.OutgoingHttpHeaders
  body?: string | Buffer
}

/** A hub that listens on 127.0.0.1, offers only the actions given, and keeps its log to itself. */
export class HubUnderTest {

  readonly log = new winston.transports.Memory({ level: "debug", json: true })
  server!: Server
  port = 0
  private readonly environment = { ...process.env }
  private readonly registered = [...Hub.actions]
  private readonly console = winston.default.transports.console as { silent?: boolean } | undefined
  private listening!: http.Server

  async start(
    actions: Hub.Action[], settings: Partial<ServerSettings> = {},
    options: ServerOptions & { stopGraceMs?: number } = {},
  ): Promise<void> {
    Object.assign(process.env, {
      ACTION_HUB_BASE_URL: "https://hub.example.com/", ACTION_HUB_LABEL: "Test Hub", ACTION_HUB_SECRET: SECRET,
    })
    Hub.actions.splice(0, Infinity, ...actions)
    winston.add(this.log, {}, true)
    if (this.console) {
      this.console.silent = true
    }
    const execution: ExecutionSettings = {
      ...readSettings(executionSettings, {}), stopGraceMs: options.stopGraceMs ?? 1000,
    }
    this.server = new Server({
      executeQueue: new ScriptedQueue(), extendedQueue: new ScriptedQueue(), execution,
      settings: { ...readSettings(serverSettings, {}), port: 0, host: "127.0.0.1", ...settings },
      ...options,
    })
    this.listening = await this.server.start()
    this.port = (this.listening.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.listening.closeAllConnections()
    await new Promise((resolve) => this.listening.close(resolve))
    winston.remove(this.log)
    if (this.console) {
      this.console.silent = false
    }
    Hub.actions.splice(0, Infinity, ...this.registered)
    for (const name of Object.keys(process.env)) {
      if (!(name in this.environment)) {
        delete process.env[name]
      }
    }
    Object.assign(process.env, this.environment)
  }

  /** All that was logged, as text. */
  get logText(): string {
    return this.logLines.join("\n")
  }

  /** One JSON text for each entry. */
  get logLines(): string[] {
    return [...this.log.writeOutput, ...this.log.errorOutput] as unknown as string[]
  }

  /** The headers that Looker sends, with a valid key. */
  get lookerHeaders(): http.OutgoingHttpHeaders {
    return {
      "authorization": `Token token="${apiKey.fromNonce("a nonce")}"`,
      "content-type": "application/json",
      "user-agent": "LookerOutgoingWebhook/24.2.0",
      "x-looker-webhook-id": "webhook-1",
      "x-looker-instance": "instance-1",
    }
  }

  /** Posts what Looker would post. An object is sent as JSON, text as it is. */
  async post(path: string, body: object | string = { type: "query" }, headers: http.OutgoingHttpHeaders = {}) {
    return this.ask("POST", path, {
      body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      headers: { ...this.lookerHeaders, ...headers },
    })
  }

  async get(path: string, headers: http.OutgoingHttpHeaders = {}) {
    return this.ask("GET", path, { headers })
  }

  async ask(method: string, path: string, { headers, body }: AnswerRequest = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port: this.port, method, path, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("error", reject)
        response.on("end", () => resolve({
          status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString(),
        }))
      })
      request.on("error", reject)
      request.end(body)
    })
  }

}

/** A promise, and the means to settle it from outside. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => { resolve = settle })
  return { promise, resolve }
}

/** The message that an execution was answered with; throws unless it was a failure in the ordinary shape. */
export function failureMessage(answer: Answer): string {
  const { looker } = JSON.parse(answer.body) as { looker: Record<string, unknown> }
  if (looker.success !== false || looker.refresh_query !== false ||
    JSON.stringify(looker.validation_errors) !== "{}" || typeof looker.message !== "string") {
    throw new Error(`No failure in the ordinary shape: ${answer.body}`)
  }
  return looker.message
}

/** Rejects with anything at all, as actions do. */
export async function rejecting(thrown: unknown): Promise<never> {

  throw thrown
}

/** Resolves once the condition holds; throws when that takes some ten seconds, so that nothing waits for ever. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempts = 0; !await holds(); attempts++) {
    if (attempts === 1000) {
      throw new Error(`It never came true: ${holds.toString()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
