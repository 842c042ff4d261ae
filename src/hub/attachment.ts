import { DataWebhookPayloadAttachment } from "../api_types/data_webhook_payload_attachment"
import { AttachmentBytes } from "./attachment_bytes"

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

/** An attachment's bytes apart from it, as they are handed to another process. */
export interface DetachedBytes {
  pieces: readonly Buffer[]
  /** Whether `dataJSON` is still to be made of the bytes. */
  hasJson: boolean
}

/** Attachments whose bytes nobody has read so far. */
const unread = new WeakMap<ActionAttachment, AttachmentBytes>()

/**
 * Reads an attachment. Without a mime type or without data, it has no bytes. JSON placed inline in the request (an
 * object or array where a text is expected) is taken as it is, and its bytes are its JSON text.
 * Throws a SyntaxError, which repeats none of the data, when data of exactly `application/json` is not JSON; for data
 * that came as {@link AttachmentBytes} it is thrown when `dataJSON` is read.
 */
export function readAttachment(sent: DataWebhookPayloadAttachment): ActionAttachment {
  const attachment: ActionAttachment = {}
  attachment.mime = sent.mimetype ?? undefined
  attachment.fileExtension = sent.extension ?? undefined
  const data: unknown = sent.data
  if (!attachment.mime || !data) {
    return attachment
  }
  if (data instanceof AttachmentBytes) {
    attachment.encoding = !data.isInlineJson && isBase64(attachment.mime) ? "base64" : "utf8"
    attachBytes(attachment, data, data.isInlineJson || attachment.mime === "application/json")
    return attachment
  }
  if (typeof data === "object") {
    attachment.encoding = "utf8"
    attachment.dataBuffer = Buffer.from(JSON.stringify(data), attachment.encoding)
    attachment.dataJSON = data
    return attachment
  }
  const text = data as string
  attachment.encoding = isBase64(attachment.mime) ? "base64" : "utf8"
  attachment.dataBuffer = Buffer.from(text, attachment.encoding)
  if (attachment.mime === "application/json") {
    attachment.dataJSON = parseJson(text)
  }
  return attachment
}

/** Whether the data of an attachment of that mime type is base64. */
export function isBase64(mime: string): boolean {
  return mime.endsWith(";base64")
}

/** Whether an attachment has bytes, without reading them. */
export function hasBytes(attachment: ActionAttachment | undefined): boolean {
  return attachment !== undefined && (unread.has(attachment) || Boolean(attachment.dataBuffer))
}

/**
 * Gives an attachment its `dataBuffer`, and its `dataJSON` if `hasJson`, made when they are first read. In every other
 * respect they are ordinary properties.
 */
export function attachBytes(attachment: ActionAttachment, bytes: AttachmentBytes, hasJson: boolean): void {
  unread.set(attachment, bytes)
  defineLazily(attachment, "dataBuffer", () => {
    unread.delete(attachment)
    return bytes.joined()
  })
  if (hasJson) {
    defineLazily(attachment, "dataJSON", () => parseJson(bytes.joined().toString("utf8")))
  }
}

/**
 * Takes the bytes out of an attachment: gives them, and a copy of the attachment that has neither them nor what would
 * be made of them. The attachment itself stays as it is.
 */
export function detachBytes(attachment: ActionAttachment): { bare: ActionAttachment, bytes: DetachedBytes } {
  const { dataBuffer: ownBytes, dataJSON: ownJson, ...others } = Object.getOwnPropertyDescriptors(attachment)
  const hasJson = ownJson?.get !== undefined
  const bare = Object.defineProperties({}, hasJson || ownJson === undefined ? others : { ...others, dataJSON: ownJson })
  const pieces = unread.get(attachment)?.inPieces ?? (ownBytes === undefined ? [] : [ownBytes.value as Buffer])
  return { bare, bytes: { pieces, hasJson } }
}

function defineLazily<Name extends keyof ActionAttachment>(
  attachment: ActionAttachment, name: Name, make: () => ActionAttachment[Name],
): void {
  const settle = (value: ActionAttachment[Name]) => {
    Object.defineProperty(attachment, name, { value, enumerable: true, configurable: true, writable: true })
    return value
  }
  Object.defineProperty(attachment, name, {
    get: () => settle(make()), set: settle, enumerable: true, configurable: true,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The engine's own message quotes the text, and messages are logged.
    throw new SyntaxError("The attachment is declared as application/json, but it is not valid JSON.")
  }
}
