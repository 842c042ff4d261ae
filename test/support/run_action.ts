import * as express from "express"
import * as Hub from "../../src/hub"
import { ProcessQueue } from "../../src/xpc/process_queue"

/** The body of a request as Looker would write it; parts that a test does not care about are left out. */
export interface SentBody {
  type?: string | null
  scheduled_plan?: { [key: string]: unknown } | null
  attachment?: { mimetype?: string | null, extension?: string | null, data?: unknown } | null
  data?: { [key: string]: string | undefined } | null
  form_params?: { [key: string]: string | undefined } | null
  state?: string | null
}

/** Headers by lower-case name. */
export interface SentHeaders {
  [name: string]: string | undefined
}

/** What Looker reads of an answer to an execute request. */
export interface ExecuteAnswer {
  looker: {
    message?: string
    refresh_query: boolean
    success: boolean
    validation_errors: { [field: string]: string }
    state?: { data?: string, refreshTime?: number, refresh_time?: number }
    error?: Hub.Error
    webhookId?: string
  }
}

/** What Looker reads of an answer to a form request: fields and perhaps a state, or an error. */
export interface FormAnswer {
  fields?: Hub.ActionFormField[]
  state?: { data?: string, refreshTime?: number, refresh_time?: number }
  error?: string
}

/** An express request, as far as the hub looks at one, whose body has been through JSON. */
export function expressRequest(body: unknown, headers: SentHeaders = {}): express.Request {
  const received: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body))
  return { body: received, header: (name: string) => headers[name.toLowerCase()] } as unknown as express.Request
}

export function receivedRequest(body: SentBody, headers: SentHeaders = {}): Hub.ActionRequest {
  return Hub.ActionRequest.fromRequest(expressRequest(body, headers))
}

/**
 * Runs an action as the hub does when Looker posts that body: read, checked, executed (what wants a process of its
 * own crosses JSON both ways), answered as JSON. Rejects with what the hub would make an HTTP error of.
 */
export async function runAction(
  action: Hub.Action,
  body: SentBody,
  headers: SentHeaders = {},
): Promise<ExecuteAnswer> {
  const response = await action.validateAndExecute(receivedRequest(body, headers), new JsonQueue(action))
  return overTheWire(response.asJson()) as ExecuteAnswer
}

/** Fetches an action's form as the hub does when Looker posts that body. */
export async function fetchForm(action: Hub.Action, body: SentBody, headers: SentHeaders = {}): Promise<FormAnswer> {
  const form = await action.validateAndFetchForm(receivedRequest(body, headers))
  return overTheWire(form.asJson()) as FormAnswer
}

/** Addresses as a hub at https://hub.example builds them. */
export const router: Hub.RouteBuilder = {
  actionUrl: (action) => `https://hub.example/actions/${action.name}/execute`,
  formUrl: (action) => `https://hub.example/actions/${action.name}/form`,
  tokenUrl: (action) => `https://hub.example/actions/${action.name}/oauth_token`,
}

/** Does what an execute process does, in this process: a request arrives as JSON, the reply leaves as JSON. */
class JsonQueue extends ProcessQueue {

  constructor(private readonly action: Hub.Action) {
    super()
  }

  async run(data: string): Promise<string> {
    try {
      const response = await this.action.execute(Hub.ActionRequest.fromIPC(JSON.parse(data)))
      return overTheWire(response) as string
    } catch (error) {
      return { success: false, message: error instanceof Error ? error.message : String(error) } as unknown as string
    }
  }

}

function overTheWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
