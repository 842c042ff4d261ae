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
import { readJsonDetail, readJsonRows } from "./stream/json_reader"
import { streamRequest } from "./stream/request_stream"
import { truncateString } from "./utils"

export { ActionType, ActionFormat, ActionFormatting, ActionVisualizationFormatting, ActionDownloadSettings }
export type { ActionAttachment } from "./attachment"
export type { ActionScheduledPlan } from "./scheduled_plan"

/** Texts by name, as Looker sends settings and form inputs. */
export interface ParamMap {
  [name: string]: string | undefined
}

/** What comes before the version in Looker's `User-Agent`. */
const USER_AGENT_PREFIX = "LookerOutgoingWebhook/"
/** UTF-8 needs at most so many bytes for one character of a JavaScript text. */
const MAX_BYTES_PER_CHARACTER = 3

/**
 * What Looker sent, and the way to the data that goes with it.
 *
 * `JSON.stringify(request)` is how a request travels to another process, and `fromIPC` how it arrives there: every
 * enumerable property crosses over.
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
   * Reads the body of a request. Parts that are missing, null or otherwise empty are left out; what parts contain is
   * not checked.
   * Throws a text when there is no body or its type is null, and a SyntaxError when an attachment that is declared as
   * JSON is none; for a large one that the server set aside, its `dataJSON` does, when it is read.
   */
  static fromJSON(json?: DataWebhookPayload | null): ActionRequest {
    /* eslint-disable @typescript-eslint/only-throw-error -- The contract: a thrown text is what Looker is told. */
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

  /** Rebuilds a request from its JSON, or from what that parses to, in the process that it was sent to. */
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
  /** A version as semver writes it, such as `7.3.4561`; null when unknown. */
  lookerVersion: string | null = null
  /** What Looker hands over when it asks an action of OAuth version 2 for tokens. */
  fetchTokenState?: string
  /** Fires when the run must wind up; see `attachStopSignal`. Most requests of tests, and older hubs, have none. */
  stopSignal?: AbortSignal

  /** Whether `streamJsonDetail` knows `keepNumberTexts`. Older hubs do not have this member, and do not know it. */
  get canKeepNumberTexts(): boolean {
    return true
  }

  /** Whether there are no bytes to be had: neither a URL to fetch them from nor an attachment that holds any. */
  empty(): boolean {
    return !this.scheduledPlan?.downloadUrl && !hasBytes(this.attachment)
  }

  /**
   * Streams the data, from its URL or else from the attachment. The callback is called at once, with a stream that
   * the bytes then arrive on.
   *
   * Resolves with what the callback resolves with, once both it and the transfer have ended; rejects as soon as either
   * fails.
   *
   *     await request.stream(async (readable) => storage.upload(request.suggestedFilename(), readable))
   */
  async stream<T>(callback: (readable: Readable) => Promise<T>): Promise<T> {
    return streamRequest({
      downloadUrl: this.scheduledPlan?.downloadUrl,
      // A download goes before; the bytes of an attachment are not joined for nothing.
      dataBuffer: this.scheduledPlan?.downloadUrl ? undefined : this.attachment?.dataBuffer,
    }, callback)
  }

  /**
   * Streams a result of format `json` or `json_label`, row by row. When `onRow` returns a promise, the next row
   * waits for it.
   * Rejects with what `onRow` throws, and when the document is not whole.
   *
   *     await request.streamJson((row) => { count(row["users.email"]) })
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- The contract fixes the callback's parameter.
  async streamJson(onRow: (row: { [fieldName: string]: any }) => void | Promise<void>): Promise<void> {
    return this.stream(async (readable) => readJsonRows(readable, onRow))
  }

  /**
   * Streams a result of format `json_detail` or `json_detail_lite_stream`: its fields, when it was run, its rows.
   * When a callback returns a promise, what follows waits for it.
   * Rejects with what a callback throws, and when the document is not whole.
   *
   *     await request.streamJsonDetail({
   *       onFields: (fields) => { mapping = mappingOf(Hub.allFields(fields)) },
   *       onRow: async (row) => batch.add(row),
   *     })
   *
   * The last three members are this hub's own, and explained in `JsonDetailCallbacks`: what Looker writes about the
   * result, the texts of numbers, and an end to the reading.
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

  /** A name for the data as a file; see `suggestFileName`. A subclass may have none, and return null. */
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
   * The file name from the form, completed with the attachment's extension, or `suggestedFilename()` when it ends in
   * another one. Without an attachment that has an extension, the form's value as it is, which may be undefined.
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
   * The plan's title and URL, and after them the attachment's first lines as text: whole lines only, when not all
   * of it fits into `maxCharacters`. Undefined without attached bytes.
   */
  suggestedTruncatedMessage(maxLines: number, maxCharacters: number): string | undefined {
    const dataBuffer = this.attachment?.dataBuffer
    if (!dataBuffer) {
      return undefined
    }
    const title = this.scheduledPlan?.title ? `${this.scheduledPlan.title}:\n` : ""
    const url = this.scheduledPlan?.url ? `${this.scheduledPlan.url}\n` : ""
    // No more than can be shown: an attachment may be many megabytes. One character on top, so that it's cut if cut.
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
 * Gives a request the signal that tells its run to wind up (its time is over, the hub shuts down). It stays invisible
 * to `JSON.stringify` and to comparisons: a signal belongs to one process.
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
