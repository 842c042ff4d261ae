import { DataWebhookPayloadAttachment } from "../api_types/data_webhook_payload_attachment"

/** Data that came with the request itself. */
export interface ActionAttachment {
  dataBuffer?: Buffer
  encoding?: BufferEncoding
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Any JSON value.
  dataJSON?: any
  /** As sent, with its `;base64`. */
  mime?: string
  /** Without the dot. */
  fileExtension?: string
}

/**
 * Reads an attachment. Without a mime type or without data, it has no bytes. JSON placed inline in the request (an
 * object or array where a text is expected) is taken as it is, and its bytes are its JSON text.
 * Throws a SyntaxError, which repeats none of the data, when data of exactly `application/json` is not JSON.
 */
export function readAttachment(sent: DataWebhookPayloadAttachment): ActionAttachment {
  const attachment: ActionAttachment = {}
  attachment.mime = sent.mimetype ?? undefined
  attachment.fileExtension = sent.extension ?? undefined
  const data: unknown = sent.data
  if (!attachment.mime || !data) {
    return attachment
  }
  if (typeof data === "object") {
    attachment.encoding = "utf8"
    attachment.dataBuffer = Buffer.from(JSON.stringify(data), attachment.encoding)
    attachment.dataJSON = data
    return attachment
  }
  const text = data as string
  attachment.encoding = attachment.mime.endsWith(";base64") ? "base64" : "utf8"
  attachment.dataBuffer = Buffer.from(text, attachment.encoding)
  if (attachment.mime === "application/json") {
    attachment.dataJSON = parseJson(text)
  }
  return attachment
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The engine's own message quotes the text, and messages are logged.
    throw new SyntaxError("The attachment is declared as application/json, but it is not valid JSON.")
  }
}
