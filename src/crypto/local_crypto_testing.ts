import * as crypto from "crypto"
import { CryptoProvider } from "./crypto_base"

const ALGORITHM = "aes-256-cbc"

/**
 * A repeatable stand-in for tests: AES-256-CBC with an empty initialisation vector. One text and one `CIPHER_PASSWORD`
 * always result in the same hex text. It protects nothing.
 */
export class LocalCryptoTesting implements CryptoProvider {

  async encrypt(plaintext: string): Promise<string> {
    const cipher = crypto.createCipheriv(ALGORITHM, this.key(), Buffer.alloc(16))
    return cipher.update(plaintext, "utf8", "hex") + cipher.final("hex")
  }

  async decrypt(ciphertext: string, _cipherId?: string): Promise<string> {
    const decipher = crypto.createDecipheriv(ALGORITHM, this.key(), Buffer.alloc(16))
    return decipher.update(ciphertext, "hex", "utf8") + decipher.final("utf8")
  }

  cipherId(): string {
    return "fake_hash"
  }

  private key(): string {
    const password = process.env.CIPHER_PASSWORD
    if (!password) {
      throw new Error("CIPHER_PASSWORD environment variable not set")
    }
    return crypto.createHash("md5").update(password).digest("hex").toUpperCase()
  }

}
