import * as crypto from "crypto"
import { sealed, SealPurpose, unsealed } from "../sealed_text"

const FOR_NAMES: SealPurpose = "names in Redis"

/** 128 bits, enough to keep any two keys apart. */
const HASH_BYTES = 16

/**
 * Names in Redis. They do not reveal what they stand for, nor can it be guessed without the hub's secret.
 *
 * Hubs see each other's calls and leases only under the same names, so these stay the same while the secret is changed:
 * a hub with two secrets goes on with the one in use. It leaves that in Redis for hubs that know only the newer one,
 * encrypted under the newer one.
 */
export class Names {
  readonly mark: string
  /** The channel on which hubs announce room and freed keys. */
  readonly channel: string
  /** The limits in use by their time, and what there is about each. */
  readonly index: string
  readonly about: string
  /** The hub's own secrets, the present one first. */
  private readonly secrets: string[]
  private secret: string
  private legacyText: string | undefined
  /** Names that are asked for with every call. */
  private readonly structures = new Map<string, string>()

  constructor(private readonly prefix: string, secret: string, previousSecret?: string) {
    this.mark = `${prefix}mark`
    this.channel = `${prefix}freed`
    this.index = `${prefix}limits:index`
    this.about = `${prefix}limits:about`
    this.secrets = previousSecret === undefined ? [secret] : [secret, previousSecret]
    this.secret = secret
  }

  /** A text that differs for hubs that make names with different secrets. */
  get fingerprint(): string {
    return fingerprintOf(this.secret)
  }

  /** The fingerprints of the hub's own secrets, the present one first. */
  get ownFingerprints(): string[] {
    return this.secrets.map(fingerprintOf)
  }

  /** The secret in use, for hubs that know the present one alone; empty if the present one is in use. */
  get legacy(): string {
    const [present] = this.secrets
    return this.secret === present ? "" : this.legacyText ??= sealed(this.secret, present, FOR_NAMES)
  }

  /**
   * Makes names from now on with the secret of that fingerprint. Returns false if it is none of the hub's own, nor in
   * `legacies`, which other hubs left for each of them.
   */
  adopt(fingerprint: string, legacies: string[]): boolean {
    const left = legacies.map((text, index) =>
      text === "" ? undefined : unsealed(text, this.secrets[index] ?? "", FOR_NAMES))
    const secret = [...this.secrets, ...left].find((each) => each !== undefined && fingerprintOf(each) === fingerprint)
    if (secret === undefined) {
      return false
    }
    this.secret = secret
    this.legacyText = undefined
    this.structures.clear()
    return true
  }

  /** Returns the name under which a hub's session is on record. */
  hub(id: string): string {
    return `${this.prefix}hub:${id}`
  }

  /** Returns the name of a structure of a limit or of leases. */
  structure(kind: "limit" | "leases", name: string, part: string): string {
    const asked = `${kind} ${part} ${name}`
    const known = this.structures.get(asked) ?? `${this.prefix}${kind}:${hash(this.secret, kind, name)}:${part}`
    this.structures.set(asked, known)
    return known
  }

  /** Returns the id of a limit among those in use. */
  limitId(name: string): string {
    return hash(this.secret, "limit", name)
  }

  /** Encrypts a text for hubs that make the same names. */
  seal(text: string): string {
    return sealed(text, this.secret, FOR_NAMES)
  }

  /** Returns such a text; undefined if it was not encrypted with the secret in use. */
  unseal(text: string): string | undefined {
    return unsealed(text, this.secret, FOR_NAMES)
  }

  /** Returns the name that stands for a key of the leases of that name. */
  key(leases: string, key: string): string {
    return hash(this.secret, leases, key)
  }
}

function fingerprintOf(secret: string): string {
  return hash(secret, "secret", "")
}

function hash(secret: string, kind: string, text: string): string {
  return crypto.createHmac("sha256", secret).update(`${kind}\0${text}`).digest().toString("base64url", 0, HASH_BYTES)
}
