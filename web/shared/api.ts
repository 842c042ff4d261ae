/** An answer that is no success. `status` 0: no answer came at all. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message)
    this.name = "ApiError"
  }
}

/** Listeners that want to know that the session is over. */
const onSessionOver = new Set<() => void>()

/** Calls back when any answer says that the session is over. Returns how to stop that. */
export function whenSessionIsOver(listener: () => void): () => void {
  onSessionOver.add(listener)
  return () => { onSessionOver.delete(listener) }
}

/** Asks the hub; `path` goes on from the folder of the page. Throws an ApiError in words for a person. */
export async function ask<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { "X-Action-Hub": "1", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    })
  } catch {
    throw new ApiError(0, "The hub does not answer. Is it running?")
  }
  const answer = await response.json().catch(() => undefined) as (T & { error?: unknown }) | undefined
  if (response.status === 401) {
    onSessionOver.forEach((listener) => listener())
  }
  if (!response.ok || answer === undefined) {
    const { error } = answer ?? {}
    throw new ApiError(response.status, typeof error === "string" ? error : `The hub answered with ${response.status}.`)
  }
  return answer
}

/** Returns the words of whatever was thrown. */
export function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
