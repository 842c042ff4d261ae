import * as crypto from "crypto"

/**
 * Makes an API key from a nonce: `<nonce>/<digest>`, where the digest is the lower-case hex HMAC-SHA512 of the nonce,
 * keyed with `ACTION_HUB_SECRET`. This scheme never changes, since keys that a hub has issued live on in Looker.
 * Throws if `ACTION_HUB_SECRET` is not set.
 */
export function fromNonce(nonce: string): string {
  const secret = process.env.ACTION_HUB_SECRET
  if (!secret) {
    throw new Error("No ACTION_HUB_SECRET environment variable set.")
  }
  const digest = crypto.createHmac("sha512", secret).update(nonce).digest("hex")
  return `${nonce}/${digest}`
}

/**
 * Returns true if this hub, or one with the same secret, has issued the key. Returns false for text of any other shape,
 * and for every key while `ACTION_HUB_SECRET` is not set. Anything after a second slash is ignored, as it always was.
 */
export function validate(key: string): boolean {
  const [nonce, digest] = key.split("/")
  if (!nonce || !digest || !process.env.ACTION_HUB_SECRET) {
    return false
  }
  return isSameText(`${nonce}/${digest}`, fromNonce(nonce))
}

/** Returns true for equal texts, and takes as long for others. */
export function isSameText(left: string, right: string): boolean {
  // Hashes, since a comparison in constant time needs two values of one length.
  return crypto.timingSafeEqual(sha256(left), sha256(right))
}

function sha256(text: string): Buffer {
  return crypto.createHash("sha256").update(text).digest()
}
