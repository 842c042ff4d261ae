import * as crypto from "crypto"
import { SettingsReader } from "../hub/settings"
import { CryptoProvider } from "./crypto_base"

const KEY_BYTES = 32
const IV_BYTES = 16
/** A version digit, then the lengths of the encoded data key and of the encoded initialisation vector. */
const HEADER = /^(\d)(\d{3})(\d{3})/
const HEADER_LENGTH = 7

export interface CryptoSettings {
  /** 64 hex characters. Absent if the hub does not encrypt anything. */
  cipherMaster?: string
}

/** Reads `CIPHER_MASTER`, and notes a value that is not a 32-byte key in hex. The value itself is never repeated. */
export function cryptoSettings(reader: SettingsReader): CryptoSettings {
  const cipherMaster = reader.text("CIPHER_MASTER")
  if (cipherMaster !== undefined && !isMasterKey(cipherMaster)) {
    reader.problems.push("CIPHER_MASTER is malformed: set 64 hex characters (32 bytes)")
  }
  return { cipherMaster }
}

/**
 * Envelope encryption with AES-256-CTR. Every text has a data key of its own, which travels with the text, encrypted
 * with the master key of the environment (`CIPHER_MASTER`, 64 hex characters, read on each call).
 *
 * An encrypted text is `1`, three digits for the length of the encoded data key, three for that of the encoded
 * initialisation vector, then vector, data key and text, each in base64url without padding. Existing hubs read and
 * write the same format, so each can read what the other stored in Looker. The format has no authentication.
 */
export class AESTransitCrypto implements CryptoProvider {

  ALGORITHM = "aes-256-ctr"
  HASH_ALGORITHM = "sha256"
  VERSION = "1"

  /** Throws an Error if `CIPHER_MASTER` is missing, and a RangeError if it is not a 32-byte key. */
  async encrypt(plaintext: string): Promise<string> {
    const masterKey = readMasterKey()
    const dataKey = crypto.randomBytes(KEY_BYTES)
    const iv = crypto.randomBytes(IV_BYTES)
    const encodedIv = iv.toString("base64url")
    const encodedKey = this.encryptBytes(dataKey, masterKey, iv).toString("base64url")
    const encodedText = this.encryptBytes(Buffer.from(plaintext, "utf8"), dataKey, iv).toString("base64url")
    const header = this.VERSION + lengthDigits(encodedKey) + lengthDigits(encodedIv)
    return header + encodedIv + encodedKey + encodedText
  }

  /**
   * Decrypts a text that this class, or an existing hub with the same master key, encrypted.
   * Throws as {@link encrypt} does, and an Error if the text is not of that form or was made with another key.
   * The cipher id is ignored, since there is one master key.
   */
  async decrypt(ciphertext: string, _cipherId?: string): Promise<string> {
    const masterKey = readMasterKey()
    const { iv, encryptedKey, encryptedText } = this.takeApart(ciphertext)
    const dataKey = this.decryptBytes(encryptedKey, masterKey, iv)
    const bytes = this.decryptBytes(encryptedText, dataKey, iv)
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new Error("The encrypted text cannot be read: it was changed, or encrypted with another CIPHER_MASTER.")
    }
  }

  /** Returns the SHA-256 of the master key's bytes, in hex. */
  cipherId(): string {
    return crypto.createHash(this.HASH_ALGORITHM).update(Buffer.from(masterKeyText(), "hex")).digest("hex")
  }

  private encryptBytes(bytes: Buffer, key: Buffer, iv: Buffer): Buffer {
    const cipher = crypto.createCipheriv(this.ALGORITHM, key, iv)
    return Buffer.concat([cipher.update(bytes), cipher.final()])
  }

  private decryptBytes(bytes: Buffer, key: Buffer, iv: Buffer): Buffer {
    const decipher = crypto.createDecipheriv(this.ALGORITHM, key, iv)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  }

  private takeApart(ciphertext: string) {
    const header = HEADER.exec(ciphertext)
    if (!header) {
      throw malformed("it does not begin with a version and two lengths")
    }
    const [, version, keyLength, ivLength] = header
    if (version !== this.VERSION) {
      throw malformed(`its version ${version} is unknown`)
    }
    const ivEnd = HEADER_LENGTH + Number(ivLength)
    const keyEnd = ivEnd + Number(keyLength)
    const iv = decodePart(ciphertext.slice(HEADER_LENGTH, ivEnd), "initialisation vector")
    const encryptedKey = decodePart(ciphertext.slice(ivEnd, keyEnd), "data key")
    const encryptedText = decodePart(ciphertext.slice(keyEnd), "text")
    if (iv.length !== IV_BYTES || encryptedKey.length !== KEY_BYTES) {
      throw malformed("its data key or initialisation vector is incomplete")
    }
    return { iv, encryptedKey, encryptedText }
  }

}

function lengthDigits(encoded: string): string {
  return String(encoded.length).padStart(3, "0")
}

function decodePart(encoded: string, name: string): Buffer {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(encoded)) {
    throw malformed(`its ${name} is not base64url`)
  }
  return Buffer.from(encoded, "base64url")
}

function malformed(reason: string): Error {
  return new Error(`The encrypted text is malformed: ${reason}.`)
}

function masterKeyText(): string {
  const text = process.env.CIPHER_MASTER?.trim()
  if (!text) {
    throw new Error("CIPHER_MASTER environment variable not set")
  }
  return text
}

function readMasterKey(): Buffer {
  const text = masterKeyText()
  if (!isMasterKey(text)) {
    throw new RangeError("CIPHER_MASTER must be 64 hex characters (32 bytes)")
  }
  return Buffer.from(text, "hex")
}

function isMasterKey(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text)
}
