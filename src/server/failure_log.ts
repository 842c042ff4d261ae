import { errorText } from "../xpc/error_text"

/** What a log line says about something that was thrown: enough to find the place, nothing personal or secret. */
export interface LoggedFailure {
  name: string
  code?: string
  /** Without addresses, long tokens and URL queries, cut to 200 characters. */
  message?: string
  /** The innermost stack frames, without the message that a stack starts with. */
  at?: string
}

const LOGGED_MESSAGE_CHARACTERS = 200
const LOGGED_STACK_FRAMES = 6

/** The name of an error's class, its code and where it was thrown: none of the words, which may hold lead data. */
export function failurePlace(thrown: unknown): LoggedFailure {
  if (!(thrown instanceof Error)) {
    return { name: `a thrown ${thrown === null ? "null" : typeof thrown}` }
  }
  const { code } = thrown as { code?: unknown }
  const at = stackFrames(thrown).slice(0, LOGGED_STACK_FRAMES).join(" | ")
  return {
    name: String(thrown.name),
    ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    ...(at === "" ? {} : { at }),
  }
}

/** Like {@link failurePlace}, with the message as far as it can be logged. For failures outside an action's run. */
export function failureForLog(thrown: unknown): LoggedFailure {
  return { ...failurePlace(thrown), message: masked(errorText(thrown)).slice(0, LOGGED_MESSAGE_CHARACTERS) }
}

/** The frames below the message. A message of several lines may itself look like frames, so it is taken off first. */
function stackFrames(error: Error): string[] {
  const stack = String(error.stack ?? "")
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length)
  return frames.split("\n").filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
}

/** The text without what looks like an e-mail address, a URL's query, or a token. */
function masked(text: string): string {
  return text
    .replace(/[^\s"'<>,;:=]+@[^\s"'<>,;]+/g, "[address]")
    .replace(/\?[^\s"'<>]*/g, "?[query]")
    .replace(/[\w+/=~-]{20,}/g, (word) => /\d/.test(word) ? "[token]" : word)
}
