const PLACES_IN_LOG = 3

/**
 * The message of a failed run, for whatever an action threw. A run that fails in an execute process is answered with
 * `{success: false, message}`, and the message is all that crosses over, so no value may come out empty-handed:
 *
 * - an Error gives its message, or its name when the message is empty;
 * - an object with a message of its own (text) gives that;
 * - any other object gives its JSON, or its `toString()` when that JSON is `{}` or `[]`;
 * - an object that can't be written as JSON gives `[Object could not be stringified: <reason>]`;
 * - everything else gives `String(value)`;
 * - a text that is exactly `{}` gives `Unnamed Error`.
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
 * The kind of what was thrown, and the nearest places in the code it came from. For logs, where the message has no
 * business: it may hold personal data.
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
  // undefined comes of a toJSON that gives nothing
  const json = JSON.stringify(thrown) as string | undefined
  return json === undefined || json === "{}" || json === "[]" ? plainText(thrown) : json
}

/** What `toString()` gives, "[object Object]" included: people have come to search for it. */
function plainText(thrown: unknown): string {
  return String(thrown)
}

function unreadable(reason: unknown): string {
  const why = reason instanceof Error ? reason.message : typeof reason
  return `[Object could not be stringified: ${why}]`
}
