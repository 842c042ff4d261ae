import * as crypto from "crypto"

const CIPHER = "aes-256-gcm"
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts the keys of reports under the hub's secret, for people who may open them without the link. The secret before
 * it was changed still opens what was encrypted under it.
 */
export class ReportSeal {
  private readonly keys: Buffer[]

  constructor(secret: string, previousSecret?: string) {
    this.keys = [secret, ...(previousSecret === undefined ? [] : [previousSecret])].map(keyOf)
  }

  /** Encrypts the key of one report. What comes of it opens no other report. */
  seal(id: string, reportKey: string): Buffer {
    const nonce = crypto.randomBytes(NONCE_BYTES)
    const cipher = crypto.createCipheriv(CIPHER, this.keys[0], nonce)
    cipher.setAAD(Buffer.from(id))
    return Buffer.concat([nonce, cipher.update(reportKey, "utf8"), cipher.final(), cipher.getAuthTag()])
  }

  /** Returns the key of the report; undefined if it was not encrypted for it, or under no secret of this hub. */
  open(id: string, sealed: Buffer): string | undefined {
    return this.keys.map((key) => opened(id, sealed, key)).find((each) => each !== undefined)
  }
}

function opened(id: string, sealed: Buffer, key: Buffer): string | undefined {
  try {
    const decipher = crypto.createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(id))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}

function keyOf(secret: string): Buffer {
  return crypto.createHmac("sha256", secret).update("keys of reports").digest()
}
