/** What encrypts and decrypts texts that leave the hub and come back, such as OAuth states and tokens. */
export interface CryptoProvider {
  encrypt: (plaintext: string) => Promise<string>
  decrypt: (ciphertext: string, cipherId?: string) => Promise<string>
  /** Names the key in use without giving it away. */
  cipherId: () => string
}
