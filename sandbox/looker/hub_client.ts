import { randomUUID } from "crypto"
import * as http from "http"
import * as https from "https"

import {
  ActionDefinition, ActionFormAnswer, ActionList, ExecuteAnswer, ExecuteOptions, HubAnswer, ScheduledPlan, TextInputs,
} from "./hub_wire"

export interface HubClientOptions {
  /** The hub's address, without a slash at its end. */
  url: string
  /** `nonce/digest`, as the hub's key generator prints it. Absent: no Authorization header is sent. */
  apiKey?: string
  /** Text after `LookerOutgoingWebhook/`; 24.18.0 when absent. */
  lookerVersion?: string
  /** Sent as X-Looker-Instance. */
  instanceId?: string
}

/** Raised if the hub answers with anything but 200 and one JSON document. */
export class HubAnswerError extends Error {
  constructor(readonly status: number, readonly text: string, readonly webhookId: string, reason?: string) {
    super(`The hub answered ${status}${reason === undefined ? "" : ` (${reason})`}: ${text.slice(0, 500)}`)
    this.name = "HubAnswerError"
  }
}

/** The hub's answer before it is interpreted. */
interface RawAnswer {
  status: number
  text: string
  webhookId: string
}

/**
 * Calls a hub as Looker does: same headers, token and payloads, chunked bodies, and a new webhook id for each call.
 * Every method raises HubAnswerError for a refusal, and the connection's own error if there is no answer.
 */
export class HubClient {
  readonly instanceId: string
  private readonly url: string

  constructor(private readonly options: HubClientOptions) {
    this.url = options.url.replace(/\/+$/, "")
    this.instanceId = options.instanceId ?? "looker-sandbox"
  }

  /** Fetches the actions that the hub offers to this version of Looker. */
  async list(): Promise<HubAnswer<ActionList>> {
    return this.call<ActionList>(`${this.url}/`, undefined)
  }

  async describe(actionName: string): Promise<HubAnswer<ActionDefinition>> {
    return this.call<ActionDefinition>(this.actionUrl(actionName), undefined)
  }

  /** Fetches the form for an administrator's `params` and the values filled in so far. */
  async form(
    actionName: string, params: TextInputs = {}, formParams: TextInputs = {},
  ): Promise<HubAnswer<ActionFormAnswer>> {
    const payload = { type: "query", data: params, form_params: formParams }
    return this.call<ActionFormAnswer>(`${this.actionUrl(actionName)}/form`, payload)
  }

  /** Runs an action. The promise settles when the hub has ended its answer, however long the run takes. */
  async execute(actionName: string, options: ExecuteOptions): Promise<HubAnswer<ExecuteAnswer>> {
    return this.call<ExecuteAnswer>(`${this.actionUrl(actionName)}/execute`, executePayload(options))
  }

  /** Returns the headers of one call, for callers that make it by other means. */
  headers(webhookId: string): Record<string, string> {
    return {
      "Content-Type": "application/json",
      "User-Agent": `LookerOutgoingWebhook/${this.options.lookerVersion ?? "24.18.0"}`,
      "X-Looker-Webhook-Id": webhookId,
      "X-Looker-Instance": this.instanceId,
      ...(this.options.apiKey === undefined ? {} : { Authorization: `Token token="${this.options.apiKey}"` }),
    }
  }

  private actionUrl(actionName: string): string {
    return `${this.url}/actions/${encodeURIComponent(actionName)}`
  }

  private async call<Body>(url: string, payload: unknown): Promise<HubAnswer<Body>> {
    const { status, text, webhookId } = await this.post(url, payload)
    const keepAliveNewlines = text.length - text.replace(/^\n+/, "").length
    if (status !== 200) {
      throw new HubAnswerError(status, text, webhookId)
    }
    try {
      return { status, webhookId, keepAliveNewlines, body: JSON.parse(text) as Body }
    } catch (_error) {
      throw new HubAnswerError(status, text, webhookId, "not one JSON document")
    }
  }

  private async post(url: string, payload: unknown): Promise<RawAnswer> {
    const webhookId = randomUUID()
    const send = url.startsWith("https:") ? https.request : http.request
    return new Promise<RawAnswer>((resolve, reject) => {
      const request = send(url, { method: "POST", agent: false, headers: this.headers(webhookId) }, (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.once("error", reject)
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8"), webhookId })
        })
      })
      request.once("error", reject)
      // A write before the end leaves the length open, so Node sends the body chunked, as Looker does.
      if (payload === undefined) {
        request.end()
      } else {
        request.write(JSON.stringify(payload))
        request.end()
      }
    })
  }
}

/** Returns the body of an execute call, its members in Looker's order. */
export function executePayload(options: ExecuteOptions): Record<string, unknown> {
  const formParams = options.format === undefined
    ? options.formParams
    : { format: options.format, ...options.formParams }
  const plan: ScheduledPlan = {
    scheduled_plan_id: 1,
    title: "Leads",
    type: "Look",
    url: "https://looker.example.com/looks/1",
    query_id: 1,
    query: { fields: [] },
    filters_differ_from_look: false,
    ...options.scheduledPlan,
    download_url: options.downloadUrl ?? null,
    async_callback_url: null,
  }
  return {
    type: options.type ?? "query",
    scheduled_plan: plan,
    ...(options.attachment === undefined ? {} : { attachment: options.attachment }),
    data: options.params ?? {},
    form_params: formParams ?? {},
  }
}
