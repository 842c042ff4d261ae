import * as winston from "winston"
import { AESTransitCrypto } from "../crypto/aes_transit_crypto"
import { CryptoProvider } from "../crypto/crypto_base"
import { TokenPayload } from "./token_payload"

/** Tokens as Looker keeps them: encrypted, with the id of the key they were encrypted with. */
export class EncryptedPayload {

  static get crypto(): CryptoProvider {
    return new AESTransitCrypto()
  }

  static get currentCipherId(): string {
    return EncryptedPayload.crypto.cipherId()
  }

  /** Throws whatever the crypto throws, such as an Error if `CIPHER_MASTER` is not set. */
  static async encrypt(tokenPayload: TokenPayload, webhookId: string | undefined): Promise<EncryptedPayload> {
    const encrypted = await EncryptedPayload.crypto.encrypt(JSON.stringify(tokenPayload))
    winston.debug("Encrypted the tokens of an action.", { webhookId })
    return new EncryptedPayload(EncryptedPayload.currentCipherId, encrypted)
  }

  constructor(public cid: string, public payload: string) {}

  asJson() {
    return {
      cid: this.cid,
      payload: this.payload,
    }
  }

  /**
   * Returns the tokens as a plain object.
   * Throws an Error if the payload cannot be decrypted, or if its content is not a JSON object. No message contains any
   * of it.
   */
  async decrypt(webhookId: string | undefined): Promise<TokenPayload> {
    const decrypted = await EncryptedPayload.crypto.decrypt(this.payload)
    const tokens = parseTokens(decrypted)
    winston.debug("Decrypted the tokens of an action.", { webhookId })
    return tokens
  }

}

function parseTokens(text: string): TokenPayload {
  let tokens: unknown
  try {
    tokens = JSON.parse(text)
  } catch {
    throw new Error("Decrypted payload is not valid JSON")
  }
  if (typeof tokens !== "object" || tokens === null || Array.isArray(tokens)) {
    throw new Error("Decrypted payload must be a JSON object")
  }
  return tokens as TokenPayload
}
