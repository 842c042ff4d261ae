import { isRunId } from "../runs/records/run_id"

const LOGGED_CHARACTERS = 200

/** A word as long as the key of a report. */
const LONG_WORD = /[\w-]{43,}/g

/**
 * Returns a path as it may be logged: cut, and without the key in the link of a report, however the link is written,
 * and also behind a prefix that a proxy should have taken away.
 */
export function loggedPath(path: string): string {
  const plain = decoded(path)
  const [, start, id, rest = ""] = /^(.*?\/reports\/+)([^/]*)(.*)$/is.exec(plain) ?? []
  const shown = start === undefined ? plain :
    `${start}${isRunId(id) || id === "" ? id : "[key]"}${rest === "" ? "" : "/[key]"}`
  return encodeURI(shown.replace(LONG_WORD, "[key]")).replace(/%5B/g, "[").replace(/%5D/g, "]")
    .slice(0, LOGGED_CHARACTERS)
}

/** Returns the path without its percent signs, as far as they can be read. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
