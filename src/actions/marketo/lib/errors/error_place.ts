/**
 * Returns the innermost place in the code that an error comes from; undefined if it has none. Its message, which may
 * hold lead data, is taken away first, since a line of it may look like a place.
 */
export function placeOf(failure: unknown): string | undefined {
  const { stack = "", message = "" } = (failure ?? {}) as { stack?: string, message?: string }
  const frames = stack.slice(stack.indexOf(message) + message.length)
  return frames.split("\n").map((line) => line.trim()).find((line) => line.startsWith("at "))
}
