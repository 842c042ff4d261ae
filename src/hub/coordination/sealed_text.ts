import * as crypto from "crypto"

const ALGORITHM = "aes-256-gcm"
const IV_BYTES = 12
const TAG_BYTES = 16

/** What texts are encrypted for: nobody takes one for another. */
export type SealPurpose = "names in Redis" | "keys that outlast the hub"

/** Encrypts a text, such as another secret of the hub, under a secret. */
export function sealed(plain: string, under: string, purpose: SealPurpose): string {
  const iv = crypto.randomBytes(IV_BYTES)
  const cipher = crypto.createCipheriv(ALGORITHM, keyOf(under, purpose), iv)
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")
}

/** Returns the text; undefined if it was not encrypted under that secret, and for that purpose. */
export function unsealed(text: string, under: string, purpose: SealPurpose): string | undefined {
  const bytes = Buffer.from(text, "base64url")
  try {
    const decipher = crypto.createDecipheriv(ALGORITHM, keyOf(under, purpose), bytes.subarray(0, IV_BYTES))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}

function keyOf(secret: string, purpose: SealPurpose): Buffer {
  return crypto.createHmac("sha256", secret).update(purpose).digest()
}
