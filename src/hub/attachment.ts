import { DataWebhookPayloadAttachment } from "../api_types/data_webhook_payload_attachment"
import { AttachmentBytes } from "./attachment_bytes"

/** Data that came with the request itself. */
export interface ActionAttachment {
  dataBuffer?: Buffer
  encoding?: BufferEncoding
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Any JSON value.
  dataJSON?: any
  /** The type as Looker sent it, with its `;base64`. */
  mime?: string
  /** The extension without the dot. */
  fileExtension?: string
}

/** An attachment's bytes on their own, for handing over to another process. */
export interface DetachedBytes {
  pieces: readonly Buffer[]
  /** `dataJSON` is still to be parsed from the bytes. */
  hasJson: boolean
}

/** Attachments whose bytes nobody has read so far. */
const unread = new WeakMap<ActionAttachment, AttachmentBytes>()

/**
 * Reads an attachment. Without a mime type or without data, it has no bytes. JSON placed inline in the request (an
 * object or array where a string is expected) is taken unchanged, and its bytes are its JSON text.
 * Throws a SyntaxError, which repeats none of the data, if data of exactly `application/json` is not JSON. For data
 * that came as {@link AttachmentBytes}, reading `dataJSON` throws it.
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

/** Returns true if the data of an attachment of that mime type is base64. */
export function isBase64(mime: string): boolean {
  return mime.endsWith(";base64")
}

/** Returns true if an attachment has bytes, without reading them. */
export function hasBytes(attachment: ActionAttachment | undefined): boolean {
  return attachment !== undefined && (unread.has(attachment) || Boolean(attachment.dataBuffer))
}

/**
 * Adds `dataBuffer` to an attachment, and `dataJSON` if `hasJson`. Both are made when they are first read. In every
 * other respect they are ordinary properties.
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
 * Separates the bytes from an attachment. Returns them, and a copy of the attachment without them and without anything
 * made from them. The attachment itself stays unchanged.
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
