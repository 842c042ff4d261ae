/** Data that Looker pushes along with the request. */
export interface DataWebhookPayloadAttachment {
  /** Ends in `;base64` when `data` is base64. */
  mimetype: string | null
  /** The extension without the dot. */
  extension: string | null
  data: string | null
}

/** No part of it can be written through Looker's API. */
export type RequestDataWebhookPayloadAttachment = Record<string, never>
