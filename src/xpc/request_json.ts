/** The beginning of an attachment's Buffer in JSON. It cannot be part of a string, where quotes are escaped. */
const BUFFER_BEGINS = "\"dataBuffer\":{\"type\":\"Buffer\",\"data\":["
const BUFFER_ENDS = "]}"

const COMMA = 44
const ZERO = 48
const NINE = 57

interface WithAttachment {
  attachment?: { dataBuffer?: unknown } | null
}

/**
 * Parses a request that was serialized with `JSON.stringify`. An attachment's Buffer, which JSON writes as an array of
 * numbers, is read straight into a Buffer. As numbers in an array, 20 MB would take a gigabyte and block the process
 * for seconds.
 * Throws a SyntaxError if it is not JSON.
 */
export function parseRequest(json: string): object {
  const begin = json.indexOf(BUFFER_BEGINS)
  const end = begin < 0 ? -1 : json.indexOf(BUFFER_ENDS, begin)
  const dataBuffer = end < 0 ? undefined : readBytes(json, begin + BUFFER_BEGINS.length, end)
  if (dataBuffer !== undefined) {
    const rest = `${json.slice(0, begin)}"dataBuffer":null${json.slice(end + BUFFER_ENDS.length)}`
    const request = JSON.parse(rest) as WithAttachment
    if (request.attachment?.dataBuffer === null) {
      request.attachment.dataBuffer = dataBuffer
      return request
    }
  }
  // There is no attachment, or something else of that name.
  return JSON.parse(json) as object
}

/** Returns undefined if there is anything but numbers from 0 to 255, separated by commas. */
function readBytes(json: string, begin: number, end: number): Buffer | undefined {
  // Every byte takes at least a digit and a comma.
  const bytes = Buffer.alloc(Math.ceil((end - begin) / 2))
  let length = 0
  let digits = 0
  let value = 0
  for (let at = begin; at <= end && begin < end; at++) {
    const code = at === end ? COMMA : json.charCodeAt(at)
    if (code >= ZERO && code <= NINE) {
      value = value * 10 + code - ZERO
      digits++
    } else if (code === COMMA && digits > 0 && digits <= 3 && value <= 255) {
      bytes[length++] = value
      value = 0
      digits = 0
    } else {
      return undefined
    }
  }
  return bytes.subarray(0, length)
}
