import { ApiError, Operation } from "./api_reply"

const JSON_TYPE = /^application\/json\b/i
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i
const MULTIPART_TYPE = /^multipart\/form-data\b.*\bboundary=/i

/**
 * Checks the content type against the operation's and parses a JSON body. Throws 612 for a wrong type, 609 for text
 * that is not JSON, and 613 for a bulk call without a proper multipart body.
 */
export function readJson(operation: Operation, contentType: string, body: Buffer): unknown {
  switch (operation.body) {
    case "json":
      return parsed(contentType, body)
    case "optionalJson":
      return body.length === 0 || FORM_TYPE.test(contentType) ? undefined : parsed(contentType, body)
    case "multipart":
      if (!MULTIPART_TYPE.test(contentType)) {
        throw new ApiError("613", "Invalid Multipart Request")
      }
      return undefined
    case "form":
      if (body.length > 0 && !FORM_TYPE.test(contentType)) {
        throw new ApiError("612", "Invalid Content Type")
      }
      return undefined
    case "none":
      return undefined
  }
}

function parsed(contentType: string, body: Buffer): unknown {
  if (!JSON_TYPE.test(contentType)) {
    throw new ApiError("612", "Invalid Content Type")
  }
  try {
    return JSON.parse(body.toString("utf8"))
  } catch {
    throw new ApiError("609", "Invalid JSON")
  }
}
