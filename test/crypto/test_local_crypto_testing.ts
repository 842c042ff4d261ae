import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import { LocalCryptoTesting } from "../../src/crypto/local_crypto_testing"

chai.use(chaiAsPromised)
const { expect } = chai

describe("LocalCryptoTesting", () => {
  const provider = new LocalCryptoTesting()
  let cipherPassword: string | undefined

  beforeEach(() => {
    cipherPassword = process.env.CIPHER_PASSWORD
    process.env.CIPHER_PASSWORD = "only for tests"
  })

  afterEach(() => {
    if (cipherPassword === undefined) {
      delete process.env.CIPHER_PASSWORD
    } else {
      process.env.CIPHER_PASSWORD = cipherPassword
    }
  })

  it("decrypts what it encrypted", async () => {
    await expect(provider.decrypt(await provider.encrypt("héllo ✓"))).to.eventually.equal("héllo ✓")
  })

  it("encrypts one text the same way every time", async () => {
    expect(await provider.encrypt("hello")).to.equal(await provider.encrypt("hello"))
  })

  it("has a cipher id that is always the same", () => {
    expect(provider.cipherId()).to.equal("fake_hash")
  })

  it("says so when there is no password", async () => {
    delete process.env.CIPHER_PASSWORD
    await expect(provider.encrypt("hello")).to.be.rejectedWith("CIPHER_PASSWORD environment variable not set")
  })
})
