import * as crypto from "crypto"

/** 128 bits, enough to keep any two keys apart. */
const HASH_BYTES = 16

/** Names in Redis. They do not reveal what they stand for, nor can it be guessed without the hub's secret. */
export class Names {
  readonly mark: string
  /** The channel on which hubs announce room and freed keys. */
  readonly channel: string
  /** A text that differs for hubs with different secrets. */
  readonly fingerprint: string
  private readonly secret: crypto.KeyObject

  constructor(private readonly prefix: string, secret: string) {
    this.secret = crypto.createSecretKey(Buffer.from(secret))
    this.mark = `${prefix}mark`
    this.channel = `${prefix}freed`
    this.fingerprint = this.hash("secret", "")
  }

  /** Returns the name under which a hub's session is on record. */
  hub(id: string): string {
    return `${this.prefix}hub:${id}`
  }

  /** Returns the name of a structure of a limit or of leases. */
  structure(kind: "limit" | "leases", name: string, part: string): string {
    return `${this.prefix}${kind}:${this.hash(kind, name)}:${part}`
  }

  /** Returns the name that stands for a key of the leases of that name. */
  key(leases: string, key: string): string {
    return this.hash(leases, key)
  }

  private hash(kind: string, text: string): string {
    return crypto.createHmac("sha256", this.secret).update(`${kind}\0${text}`).digest()
      .toString("base64url", 0, HASH_BYTES)
  }
}
