import { errorText } from "../xpc/error_text"

/** The loggable part of something thrown: enough to find the place, nothing personal or secret. */
export interface LoggedFailure {
  name: string
  code?: string
  /** The message without addresses, long tokens and URL queries, cut to 200 characters. */
  message?: string
  /** The innermost stack frames, without the message that a stack starts with. */
  at?: string
}

const LOGGED_MESSAGE_CHARACTERS = 200
const LOGGED_STACK_FRAMES = 6

/**
 * Returns the name of an error's class, its code and its place in the code, but no message, since that may hold lead
 * data.
 */
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

/**
 * Returns the same as {@link failurePlace}, with the message as far as it can be logged. It is for failures outside an
 * action's run.
 */
export function failureForLog(thrown: unknown): LoggedFailure {
  return { ...failurePlace(thrown), message: masked(errorText(thrown)).slice(0, LOGGED_MESSAGE_CHARACTERS) }
}

/** Returns the frames below the message. The message is removed first, since its own lines may look like frames. */
function stackFrames(error: Error): string[] {
  const stack = String(error.stack ?? "")
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length)
  return frames.split("\n").filter((line) => /^\s+at /.test(line)).map((line) => line.trim())
}

/** Returns the text without anything that looks like an e-mail address, a URL's query, or a token. */
function masked(text: string): string {
  return text
    .replace(/[^\s"'<>,;:=]+@[^\s"'<>,;]+/g, "[address]")
    .replace(/\?[^\s"'<>]*/g, "?[query]")
    .replace(/[\w+/=~-]{20,}/g, (word) => /\d/.test(word) ? "[token]" : word)
}
