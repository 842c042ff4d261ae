import type * as express from "express"
import * as semver from "semver"
import type { Readable } from "stream"
import { DataWebhookPayload, DataWebhookPayloadType as ActionType } from "../api_types/data_webhook_payload"
import {
  IntegrationSupportedDownloadSettings as ActionDownloadSettings,
  IntegrationSupportedFormats as ActionFormat,
  IntegrationSupportedFormattings as ActionFormatting,
  IntegrationSupportedVisualizationFormattings as ActionVisualizationFormatting,
} from "../api_types/integration"
import { ActionAttachment, hasBytes, readAttachment } from "./attachment"
import { completeFileName, suggestFileName } from "./file_name"
import { Fieldset } from "./fieldset"
import { Row } from "./json_detail"
import { ActionScheduledPlan, readScheduledPlan } from "./scheduled_plan"
import { metricsOf } from "./metrics"
import { readJsonDetail, readJsonRows } from "./stream/json_reader"
import { streamRequest } from "./stream/request_stream"
import { traceOf } from "./tracing"
import { truncateString } from "./utils"

export { ActionType, ActionFormat, ActionFormatting, ActionVisualizationFormatting, ActionDownloadSettings }
export type { ActionAttachment } from "./attachment"
export type { ActionScheduledPlan } from "./scheduled_plan"

/** Strings by name, as Looker sends settings and form inputs. */
export interface ParamMap {
  [name: string]: string | undefined
}

/** The text before the version in Looker's `User-Agent`. */
const USER_AGENT_PREFIX = "LookerOutgoingWebhook/"
/** The most bytes that UTF-8 needs for one character of a JavaScript string. */
const MAX_BYTES_PER_CHARACTER = 3

/**
 * A request from Looker, and the way to the data that goes with it.
 *
 * `JSON.stringify(request)` sends a request to another process, and `fromIPC` rebuilds it there. Every enumerable
 * property crosses over.
 */
export class ActionRequest {

  /** Reads the body as `fromJSON` does, then the headers: the instance, the webhook and the version of Looker. */
  static fromRequest(req: express.Request): ActionRequest {
    const request = ActionRequest.fromJSON(req.body as DataWebhookPayload)
    request.instanceId = req.header("x-looker-instance")
    request.webhookId = req.header("x-looker-webhook-id")
    const userAgent = req.header("user-agent")
    if (userAgent) {
      const [, version = ""] = userAgent.split(USER_AGENT_PREFIX)
      request.lookerVersion = semver.valid(version, true)
    }
    return request
  }

  /**
   * Reads the body of a request. Parts that are missing, null or otherwise empty are left out. The contents of the
   * parts are not checked.
   * Throws a string if there is no body or its type is null. Throws a SyntaxError if an attachment declared as JSON is
   * not JSON; for a large one that the server set aside, reading its `dataJSON` throws instead.
   */
  static fromJSON(json?: DataWebhookPayload | null): ActionRequest {
    /* eslint-disable @typescript-eslint/only-throw-error -- The contract: Looker shows a thrown string. */
    if (!json) {
      throw "Request body must be valid JSON."
    }
    if (json.type === null) {
      throw 'Action did not specify a "type".'
    }
    /* eslint-enable @typescript-eslint/only-throw-error */
    const request = new ActionRequest()
    if (json.type) {
      request.type = json.type
    }
    if (json.attachment) {
      request.attachment = readAttachment(json.attachment)
    }
    if (json.scheduled_plan) {
      request.scheduledPlan = readScheduledPlan(json.scheduled_plan)
    }
    if (json.data) {
      request.params = json.data
    }
    if (json.form_params) {
      request.formParams = json.form_params
    }
    if (json.state) {
      request.fetchTokenState = json.state
    }
    return request
  }

  /** Rebuilds a request from its JSON, or from the parsed JSON, in the process that received it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- The channel's own type.
  static fromIPC(json: any): ActionRequest {
    const sent = (typeof json === "string" ? JSON.parse(json) : json) as SerializedRequest
    const request = Object.assign(new ActionRequest(), sent as Partial<ActionRequest>)
    if (sent.attachment?.dataBuffer) {
      request.attachment = { ...sent.attachment, dataBuffer: rebuildBuffer(sent.attachment.dataBuffer) }
    }
    return request
  }

  attachment?: ActionAttachment
  formParams: ParamMap = {}
  params: ParamMap = {}
  scheduledPlan?: ActionScheduledPlan
  type!: ActionType
  /** Set only on its way to another process. */
  actionId?: string
  instanceId?: string
  webhookId?: string
  /** The version in semver's form, such as `7.3.4561`; null if unknown. */
  lookerVersion: string | null = null
  /** The state that Looker sends when it asks an action of OAuth version 2 for tokens. */
  fetchTokenState?: string
  /** Fires when the run must wind up; see `attachStopSignal`. Most test requests, and older hubs, have none. */
  stopSignal?: AbortSignal

  /** `streamJsonDetail` supports `keepNumberTexts`. Older hubs have neither this member nor the option. */
  get canKeepNumberTexts(): boolean {
    return true
  }

  /** Returns true if there is neither a URL to fetch bytes from nor an attachment with bytes. */
  empty(): boolean {
    return !this.scheduledPlan?.downloadUrl && !hasBytes(this.attachment)
  }

  /**
   * Streams the data from its URL, or else from the attachment. Calls the callback at once, with a stream on which the
   * bytes then arrive.
   *
   * Resolves with the callback's result once both the callback and the transfer have ended. Rejects as soon as either
   * fails.
   *
   *     await request.stream(async (readable) => storage.upload(request.suggestedFilename(), readable))
   */
  async stream<T>(callback: (readable: Readable) => Promise<T>): Promise<T> {
    return streamRequest({
      downloadUrl: this.scheduledPlan?.downloadUrl,
      // A URL takes precedence. The bytes of an attachment are not joined unless they are needed.
      dataBuffer: this.scheduledPlan?.downloadUrl ? undefined : this.attachment?.dataBuffer,
    }, callback, { metrics: metricsOf(this), trace: traceOf(this) })
  }

  /**
   * Streams a result of format `json` or `json_label`, row by row. If `onRow` returns a promise, the next row waits for
   * it.
   * Rejects with whatever `onRow` throws, and if the document is not whole.
   *
   *     await request.streamJson((row) => { count(row["users.email"]) })
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- The contract fixes the callback's parameter.
  async streamJson(onRow: (row: { [fieldName: string]: any }) => void | Promise<void>): Promise<void> {
    return this.stream(async (readable) => readJsonRows(readable, onRow))
  }

  /**
   * Streams a result of format `json_detail` or `json_detail_lite_stream`: its fields, the time it was run, its rows.
   * If a callback returns a promise, whatever follows waits for it.
   * Rejects with whatever a callback throws, and if the document is not whole.
   *
   *     await request.streamJsonDetail({
   *       onFields: (fields) => { mapping = mappingOf(Hub.allFields(fields)) },
   *       onRow: async (row) => batch.add(row),
   *     })
   *
   * The last three members exist on this hub only. `JsonDetailCallbacks` explains them: Looker's remarks on the result,
   * the texts of numbers, and a way to end the reading.
   */
  async streamJsonDetail(callbacks: {
    onRow: (row: Row) => void | Promise<void>,
    onFields?: (fields: Fieldset) => void | Promise<void>,
    onRanAt?: (ranAt: string) => void | Promise<void>,
    onMember?: (name: string, value: unknown) => void | Promise<void>,
    keepNumberTexts?: boolean,
    signal?: AbortSignal,
  }): Promise<void> {
    return this.stream(async (readable) => readJsonDetail(readable, callbacks))
  }

  /** Returns a file name for the data; see `suggestFileName`. A subclass may have none, and return null. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Upstream's type, which its actions assign freely.
  suggestedFilename(): any {
    return suggestFileName({
      title: this.scheduledPlan?.title,
      fileExtension: this.attachment?.fileExtension,
      hasAttachment: this.attachment !== undefined,
      format: this.formParams.format,
    })
  }

  /**
   * Returns the file name from the form, completed with the attachment's extension, or `suggestedFilename()` if it ends
   * in another extension. Without an attachment that has an extension, returns the form's value unchanged, which may be
   * undefined.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Upstream's type, which its actions assign freely.
  completeFilename(): any {
    const { filename } = this.formParams
    const extension = this.attachment?.fileExtension
    if (!filename || !extension) {
      return filename
    }
    return completeFileName(filename, extension) ?? this.suggestedFilename()
  }

  /**
   * Returns the plan's title and URL, followed by the attachment's first lines as text. Only whole lines are included
   * if not all of it fits into `maxCharacters`. Returns undefined without attached bytes.
   */
  suggestedTruncatedMessage(maxLines: number, maxCharacters: number): string | undefined {
    const dataBuffer = this.attachment?.dataBuffer
    if (!dataBuffer) {
      return undefined
    }
    const title = this.scheduledPlan?.title ? `${this.scheduledPlan.title}:\n` : ""
    const url = this.scheduledPlan?.url ? `${this.scheduledPlan.url}\n` : ""
    // An attachment may be many megabytes, so only what can be shown is decoded. One extra character shows whether
    // anything was cut.
    const text = dataBuffer.subarray(0, (maxCharacters + 1) * MAX_BYTES_PER_CHARACTER).toString("utf8")
    const lines = text.split("\n").slice(0, maxLines)
    if (lines.length === maxLines) {
      lines.push("")
    }
    const message = title + url + lines.join("\n")
    return message.length > maxCharacters ? truncateString(message, maxCharacters) : message
  }

}

/**
 * Attaches the signal that makes a run wind up, because its time is over or the hub shuts down. The signal is invisible
 * to `JSON.stringify` and to comparisons, since it belongs to one process.
 */
export function attachStopSignal(request: ActionRequest, signal: AbortSignal): void {
  Object.defineProperty(request, "stopSignal", { value: signal, enumerable: false, configurable: true, writable: true })
}

/** A Buffer as JSON writes it, or as a channel with structured clones delivers it. */
type SerializedBuffer = { type: "Buffer", data: number[] } | Uint8Array

type SerializedRequest = Partial<Omit<ActionRequest, "attachment">> & {
  attachment?: Omit<ActionAttachment, "dataBuffer"> & { dataBuffer?: SerializedBuffer },
}

function rebuildBuffer(sent: SerializedBuffer): Buffer {
  if (sent instanceof Uint8Array) {
    return Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength)
  }
  return Buffer.from(sent.data)
}
