/** Returns the JSON document in the last line of the message of a run that failed. */
export function accountOf(message: string | undefined): unknown {
  const text = message ?? ""
  return JSON.parse(text.slice(text.lastIndexOf("\n") + 1))
}
