import * as crypto from "crypto"

const ALGORITHM = "aes-256-gcm"
const IV_BYTES = 12
const TAG_BYTES = 16

/** Encrypts a text, such as another secret of the hub, under a secret. */
export function sealed(plain: string, under: string): string {
  const iv = crypto.randomBytes(IV_BYTES)
  const cipher = crypto.createCipheriv(ALGORITHM, keyOf(under), iv)
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")
}

/** Returns the text; undefined if it was not encrypted under that secret. */
export function unsealed(text: string, under: string): string | undefined {
  const bytes = Buffer.from(text, "base64url")
  try {
    const decipher = crypto.createDecipheriv(ALGORITHM, keyOf(under), bytes.subarray(0, IV_BYTES))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}

function keyOf(secret: string): Buffer {
  return crypto.createHmac("sha256", secret).update("names in Redis").digest()
}
