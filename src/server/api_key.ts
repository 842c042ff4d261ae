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
  return keyMadeWith(secret, nonce)
}

/**
 * Returns true if this hub, or one with the same secret, has issued the key, or did so with the secret that is now in
 * `ACTION_HUB_SECRET_PREVIOUS`. Returns false for text of any other shape, and for every key while `ACTION_HUB_SECRET`
 * is not set. Anything after a second slash is ignored, as it always was.
 */
export function validate(key: string): boolean {
  const { ACTION_HUB_SECRET: secret } = process.env
  return Boolean(secret) && isMadeWith(secret, key) || isOfPreviousSecret(key)
}

/** Returns true if the key is valid only as long as the hub accepts its older secret. */
export function isOfPreviousSecret(key: string): boolean {
  const { ACTION_HUB_SECRET: secret, ACTION_HUB_SECRET_PREVIOUS: previous } = process.env
  return Boolean(secret) && isMadeWith(previous, key) && !isMadeWith(secret, key)
}

/** Returns true for a text that looks like a key of some hub. */
export function isWellFormed(key: string): boolean {
  return /^[^/]+\/[0-9a-f]{128}(\/|$)/.test(key)
}

function isMadeWith(secret: string | undefined, key: string): boolean {
  const [nonce, digest] = key.split("/")
  return Boolean(nonce && digest && secret) && isSameText(`${nonce}/${digest}`, keyMadeWith(secret ?? "", nonce))
}

/** Makes an API key with a secret of the caller's. */
export function keyMadeWith(secret: string, nonce: string): string {
  return `${nonce}/${crypto.createHmac("sha512", secret).update(nonce).digest("hex")}`
}

/** Returns true for equal texts, and takes as long for others. */
export function isSameText(left: string, right: string): boolean {
  // Hashes, since a comparison in constant time needs two values of one length.
  return crypto.timingSafeEqual(sha256(left), sha256(right))
}

function sha256(text: string): Buffer {
  return crypto.createHash("sha256").update(text).digest()
}
