import { MAX_URI_BYTES } from "../configuration/limits"

/** True when a path and its query are longer than Marketo takes. */
export function isTooLongForQuery(path: string): boolean {
  return path.includes("?") && Buffer.byteLength(path) > MAX_URI_BYTES
}

/**
 * The same read with its parameters in the body, for which Marketo sets no such limit. Source: Marketo developer guide,
 * "Error Codes", 414.
 */
export function asForm<Call extends { path: string }>(call: Call): Call & { method: "POST", form: string } {
  const queryAt = call.path.indexOf("?")
  return queryAt < 0 ? { ...call, method: "POST", path: `${call.path}?_method=GET`, form: "" } : {
    ...call, method: "POST", path: `${call.path.slice(0, queryAt)}?_method=GET`, form: call.path.slice(queryAt + 1),
  }
}
