import * as crypto from "crypto"

/** Enough that two keys never meet: 128 bits. */
const HASH_BYTES = 16

/** Names in Redis. What they stand for cannot be read from them, nor guessed without the hub's secret. */
export class Names {
  readonly mark: string
  /** Where hubs say that there is room, or that keys are free. */
  readonly channel: string
  /** Differs for hubs whose secrets differ. */
  readonly fingerprint: string
  private readonly secret: crypto.KeyObject

  constructor(private readonly prefix: string, secret: string) {
    this.secret = crypto.createSecretKey(Buffer.from(secret))
    this.mark = `${prefix}mark`
    this.channel = `${prefix}freed`
    this.fingerprint = this.hash("secret", "")
  }

  /** The name under which a hub's session is on record. */
  hub(id: string): string {
    return `${this.prefix}hub:${id}`
  }

  /** The name of a structure of a limit or of leases. */
  structure(kind: "limit" | "leases", name: string, part: string): string {
    return `${this.prefix}${kind}:${this.hash(kind, name)}:${part}`
  }

  /** What stands for a key of the leases of that name. */
  key(leases: string, key: string): string {
    return this.hash(leases, key)
  }

  private hash(kind: string, text: string): string {
    return crypto.createHmac("sha256", this.secret).update(`${kind}\0${text}`).digest()
      .toString("base64url", 0, HASH_BYTES)
  }
}
