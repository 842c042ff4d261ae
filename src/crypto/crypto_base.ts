/** Encryption for texts that leave the hub and come back, such as OAuth states and tokens. */
export interface CryptoProvider {
  encrypt: (plaintext: string) => Promise<string>
  decrypt: (ciphertext: string, cipherId?: string) => Promise<string>
  /** Identifies the key in use without revealing it. */
  cipherId: () => string
}
