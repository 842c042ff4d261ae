const PLACES_IN_LOG = 3

/**
 * Returns the message of a failed run for anything that an action threw. A run that fails in an execute process is
 * answered with `{success: false, message}`. Only the message crosses over, so every value needs one:
 *
 * - an Error has its message, or its name if the message is empty;
 * - an object with a string `message` of its own has that;
 * - any other object has its JSON, or its `toString()` if that JSON is `{}` or `[]`;
 * - an object that cannot be written as JSON has `[Object could not be stringified: <reason>]`;
 * - everything else has `String(value)`;
 * - a text that is exactly `{}` becomes `Unnamed Error`.
 *
 * Never throws, whatever the value does when it is read.
 */
export function errorText(thrown: unknown): string {
  let text: string
  try {
    text = typeof thrown === "object" && thrown !== null ? objectText(thrown) : plainText(thrown)
  } catch (reason) {
    text = unreadable(reason)
  }
  return text === "{}" ? "Unnamed Error" : text
}

/**
 * Returns the kind of a thrown value, and the nearest places in the code. It is for logs, which must not have the
 * message, since it may hold personal data.
 */
export function errorOrigin(thrown: unknown): string {
  if (!(thrown instanceof Error)) {
    return typeof thrown
  }
  const places = (thrown.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line))
  return [thrown.constructor.name, ...places.slice(0, PLACES_IN_LOG).map((line) => line.trim())].join(" ")
}

function objectText(thrown: object): string {
  if (thrown instanceof Error) {
    return thrown.message === "" ? thrown.toString() : thrown.message
  }
  const message = Object.prototype.hasOwnProperty.call(thrown, "message")
    ? (thrown as { message: unknown }).message
    : undefined
  if (typeof message === "string") {
    return message
  }
  // JSON.stringify returns undefined if toJSON does.
  const json = JSON.stringify(thrown) as string | undefined
  return json === undefined || json === "{}" || json === "[]" ? plainText(thrown) : json
}

/** Returns the result of `toString()`, even "[object Object]", since people search for it. */
function plainText(thrown: unknown): string {
  return String(thrown)
}

function unreadable(reason: unknown): string {
  const why = reason instanceof Error ? reason.message : typeof reason
  return `[Object could not be stringified: ${why}]`
}
