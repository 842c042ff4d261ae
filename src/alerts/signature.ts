import * as crypto from "crypto"

/**
 * Returns the headers by which a receiver knows an alert's sender and time, as Standard Webhooks has them: the
 * signature is the HMAC-SHA256 of `<id>.<timestamp>.<body>` in base64. A secret that begins with `whsec_` is the key in
 * base64; any other is the key itself.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(
  id: string, body: string, secret: string | undefined, now = Date.now(),
): { [header: string]: string } {
  const timestamp = String(Math.floor(now / 1000))
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp }
  if (secret === undefined) {
    return headers
  }
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret)
  const digest = crypto.createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")
  return { ...headers, "webhook-signature": `v1,${digest}` }
}
