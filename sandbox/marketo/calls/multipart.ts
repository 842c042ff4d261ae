import { ApiError } from "./api_reply"

export interface Multipart {
  fields: Map<string, string>
  /** Text of the part named `file`, or undefined without one. */
  file: string | undefined
}

/** Takes a multipart/form-data body apart. Throws 613 if it is not one. */
export function parseMultipart(contentType: string, body: Buffer): Multipart {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ""}`
  // Latin-1 keeps every byte as one character, so that parts can be cut out before they are decoded.
  const text = body.toString("latin1")
  if (!boundary || !text.includes(mark) || !text.includes(`${mark}--`)) {
    throw new ApiError("613", "Invalid Multipart Request")
  }
  const multipart: Multipart = { fields: new Map(), file: undefined }
  for (const part of text.split(mark).slice(1, -1)) {
    const headEnd = part.indexOf("\r\n\r\n")
    const name = /\bname="([^"]*)"/i.exec(part.slice(0, Math.max(0, headEnd)))?.[1]
    if (headEnd < 0 || name === undefined) {
      throw new ApiError("613", "Invalid Multipart Request")
    }
    const content = Buffer.from(part.slice(headEnd + 4).replace(/\r\n$/, ""), "latin1").toString("utf8")
    if (name === "file") {
      multipart.file = content
    } else {
      multipart.fields.set(name, content)
    }
  }
  return multipart
}
