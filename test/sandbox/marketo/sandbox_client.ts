import { MarketoSandbox, MarketoSandboxOptions } from "../../../sandbox/marketo"

const BOUNDARY = "sandbox-boundary"

/** An answer of the sandbox, as loosely typed as JSON is. */
export interface Answer {
  httpStatus: number
  headers: Headers
  text: string
  requestId: string
  success: boolean | undefined
  result: Element[]
  errors: { code: string, message: string }[]
  warnings: string[]
  nextPageToken: string | undefined
  moreResult: boolean | undefined
  /** First response-level code. */
  code: string | undefined
  json: Record<string, unknown>
}

/** An element of `result`, of whatever operation. */
export interface Element {
  id: number
  status: string
  reasons: { code: string, message: string }[]
  name: string
  seq: number
  leadId: number
  [name: string]: unknown
}

interface Request {
  json?: unknown
  form?: Record<string, string>
  raw?: string | Buffer
  headers?: Record<string, string>
  token?: string
}

/** Speaks to a sandbox over real HTTP with a valid token, unless told otherwise. */
export class SandboxClient {
  static async start(options: MarketoSandboxOptions = {}): Promise<SandboxClient> {
    return new SandboxClient(await MarketoSandbox.start(options))
  }

  constructor(readonly sandbox: MarketoSandbox) {}

  async get(path: string, request: Request = {}): Promise<Answer> {
    return this.call("GET", path, request)
  }

  async post(path: string, json: unknown, request: Request = {}): Promise<Answer> {
    return this.call("POST", path, { json, ...request })
  }

  async postForm(path: string, form: Record<string, string>): Promise<Answer> {
    return this.call("POST", path, { form })
  }

  async call(method: string, path: string, request: Request = {}): Promise<Answer> {
    const token = request.token ?? this.sandbox.identity.issue()
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` }
    let body: string | Buffer | undefined
    if (request.raw !== undefined) {
      body = request.raw
    } else if (request.form) {
      body = new URLSearchParams(request.form).toString()
      headers["Content-Type"] = "application/x-www-form-urlencoded"
    } else if (request.json !== undefined) {
      body = JSON.stringify(request.json)
      headers["Content-Type"] = "application/json"
    }
    const response = await fetch(this.sandbox.url + path, { method, body, headers: { ...headers, ...request.headers } })
    return answerFrom(response, await response.text())
  }

  async sync(input: unknown, more: object = {}): Promise<Answer> {
    return this.post("/rest/v1/leads.json", { input, ...more })
  }

  /** Sends a multipart form with a file, as bulk imports want it. */
  async importFile(path: string, text: string, fields: Record<string, string> = {}): Promise<Answer> {
    const part = (name: string, content: string, more = "") =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`
    const raw = Object.entries(fields).map(([name, value]) => part(name, value)).join("")
      + part("file", text, '; filename="rows.csv"\r\nContent-Type: text/csv') + `--${BOUNDARY}--\r\n`
    return this.call("POST", path, { raw, headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` } })
  }

  async stop() {
    await this.sandbox.stop()
  }
}

function answerFrom(response: Response, text: string): Answer {
  let json: Record<string, unknown> = {}
  try {
    json = JSON.parse(text) as Record<string, unknown>
  } catch {
    // Not JSON on purpose in some tests: they look at `text`.
  }
  const errors = (json.errors ?? []) as Answer["errors"]
  return {
    httpStatus: response.status, headers: response.headers, text, json, errors, code: errors[0]?.code,
    requestId: json.requestId as string, success: json.success as boolean | undefined,
    result: json.result as Element[], warnings: json.warnings as string[],
    nextPageToken: json.nextPageToken as string | undefined, moreResult: json.moreResult as boolean | undefined,
  }
}

/** The code of a skipped element, or its status. */
export function outcome(element: Element): string {
  return element.status === "skipped" ? element.reasons[0].code : element.status
}
