/**
 * The reason why Redis is away. `kind` is safe to show: it has no address and no user. `detail` is for the log: it has
 * no password.
 */
export interface AwayReason {
  kind: string
  detail: string
}

/** Raised when Redis does not answer a question: the connection is cut, or the answer is overdue or a refusal. */
export class RedisAwayError extends Error {
  constructor(readonly reason: AwayReason) {
    super(reason.detail)
    this.name = "RedisAwayError"
  }
}

/** Explanations for codes that are more than a word to their reader. */
const KINDS: { [code: string]: string } = {
  ECONNREFUSED: "it refuses connections",
  ENOTFOUND: "its host is not known",
  ECONNRESET: "the connection was cut",
  ETIMEDOUT: "it cannot be reached",
  WRONGPASS: "it does not accept the user or password",
  NOAUTH: "it asks for a password",
  NOPERM: "its user lacks rights that the hub needs",
  OOM: "its memory is full",
  READONLY: "it is a replica, and takes no writes",
  LOADING: "it is loading its data",
  NOSCRIPT: "it has forgotten the hub's scripts",
  MISCONF: "it cannot save, and takes no writes",
}

/** Explains an error of the client or of Redis. */
export function awayReason(failure: Error, url: string): AwayReason {
  const code = (failure as { code?: unknown }).code
  const word = typeof code === "string" ? code : /^[A-Z]{2,}(?= )/.exec(failure.message)?.[0]
  const kind = word === undefined ? "the connection was cut" : KINDS[word] ?? `it answers ${word}`
  return { kind, detail: withoutPassword(`${kind} (${failure.message || failure.name})`, url) }
}

/** Explains an overdue answer. */
export function overdueReason(timeoutMs: number): AwayReason {
  const kind = `it has not answered for ${timeoutMs / 1000} s`
  return { kind, detail: kind }
}

function withoutPassword(text: string, url: string): string {
  const { password } = new URL(url)
  return password === "" ? text :
    text.split(decodeURIComponent(password)).join("***").split(password).join("***")
}
