import { MAX_URI_BYTES } from "../configuration/limits"

/** Returns true if a path and its query are longer than Marketo takes. */
export function isTooLongForQuery(path: string): boolean {
  return path.includes("?") && Buffer.byteLength(path) > MAX_URI_BYTES
}

/**
 * Returns the same read with its parameters in the body, for which Marketo sets no such limit. Source: Marketo
 * developer guide, "Error Codes", 414.
 */
export function asForm(path: string): { path: string, form: string } {
  const queryAt = path.indexOf("?")
  return queryAt < 0 ? { path: `${path}?_method=GET`, form: "" } :
    { path: `${path.slice(0, queryAt)}?_method=GET`, form: path.slice(queryAt + 1) }
}
