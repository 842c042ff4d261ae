import { isRunId } from "../runs/records/run_id"

const LOGGED_CHARACTERS = 200

/** Returns a path as it may be logged: cut, and without the key in the link of a report, however it is written. */
export function loggedPath(path: string): string {
  const [, start, id, rest = ""] = /^(\/+reports\/+)([^/]*)(.*)$/is.exec(path) ?? []
  const shown = start === undefined ? path :
    `${start}${isRunId(id) || id === "" ? id : "[key]"}${rest === "" ? "" : "/[key]"}`
  return shown.slice(0, LOGGED_CHARACTERS)
}
