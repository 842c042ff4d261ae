/** A request as it was sent to the hub. */
export interface SentRequest {
  title: string
  /** From the hub's address on. */
  path: string
  version: string
  webhookId?: string
  body: object
}

const HIDDEN = "(hidden)"

/**
 * Returns a request as a line for a shell. The token is a variable of that shell: the page does not have one. Values of
 * `data` with these names are hidden.
 */
export function curlLine({ path, version, webhookId, body }: SentRequest, hub: string, secretNames: string[]): string {
  const headers = [
    "Content-Type: application/json", `User-Agent: LookerOutgoingWebhook/${version}`, "X-Looker-Instance: playground",
    ...(webhookId === undefined ? [] : [`X-Looker-Webhook-Id: ${webhookId}`]),
  ]
  return [
    `curl -s ${quoted(hub.replace(/\/$/, "") + path)}`,
    "-H \"Authorization: Token token=\\\"$ACTION_HUB_TOKEN\\\"\"",
    ...headers.map((header) => `-H ${quoted(header)}`),
    `--data-raw ${quoted(JSON.stringify(withoutSecrets(body, secretNames)))}`,
  ].join(" \\\n  ")
}

function withoutSecrets(body: object, names: string[]): object {
  const { data } = body as { data?: Record<string, unknown> }
  return data === undefined ? body : {
    ...body,
    data: Object.fromEntries(Object.entries(data).map(([name, value]) =>
      [name, names.includes(name) ? HIDDEN : value])),
  }
}

/** Returns the text as one word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`
}
