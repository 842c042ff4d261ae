import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as crypto from "crypto"
import * as fc from "fast-check"
import { AESTransitCrypto, cryptoSettings } from "../../src/crypto/aes_transit_crypto"
import { SettingsReader } from "../../src/hub/settings"

chai.use(chaiAsPromised)
const { expect } = chai

const MASTER_KEY = "0f".repeat(32)
const OTHER_KEY = "a1".repeat(32)

/** Puts an encrypted text together from the format's description alone. */
function sealedByAnExistingHub(text: string): string {
  const dataKey = Buffer.alloc(32, 7)
  const iv = Buffer.alloc(16, 9)
  const encrypt = (bytes: Buffer, key: Buffer) => {
    const cipher = crypto.createCipheriv("aes-256-ctr", key, iv)
    return Buffer.concat([cipher.update(bytes), cipher.final()]).toString("base64url")
  }
  return "1043022" + iv.toString("base64url") + encrypt(dataKey, Buffer.from(MASTER_KEY, "hex")) +
    encrypt(Buffer.from(text, "utf8"), dataKey)
}

describe("AESTransitCrypto", () => {
  const provider = new AESTransitCrypto()
  let cipherMaster: string | undefined

  beforeEach(() => {
    cipherMaster = process.env.CIPHER_MASTER
    process.env.CIPHER_MASTER = MASTER_KEY
  })

  afterEach(() => {
    if (cipherMaster === undefined) {
      delete process.env.CIPHER_MASTER
    } else {
      process.env.CIPHER_MASTER = cipherMaster
    }
  })

  it("decrypts what it encrypted, whatever the text", async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
      expect(await provider.decrypt(await provider.encrypt(text))).to.equal(text)
    }), { numRuns: 200 })
  })

  it("keeps a byte order mark at the start", async () => {
    expect(await provider.decrypt(await provider.encrypt("\uFEFFx"))).to.equal("\uFEFFx")
  })

  it("decrypts what an existing hub with the same master key encrypted", async () => {
    await expect(provider.decrypt(sealedByAnExistingHub('{"stateUrl":"https://lk/1"}')))
      .to.eventually.equal('{"stateUrl":"https://lk/1"}')
  })

  it("writes the format that existing hubs read: 1043022, vector, data key, text", async () => {
    const sealed = await provider.encrypt("hello")
    expect(sealed).to.match(/^1043022[A-Za-z0-9_-]{22}[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{7}$/)
  })

  it("never encrypts one text the same way twice", async () => {
    expect(await provider.encrypt("hello")).not.to.equal(await provider.encrypt("hello"))
  })

  it("ignores the cipher id it is given", async () => {
    await expect(provider.decrypt(await provider.encrypt("hello"), "some other id")).to.eventually.equal("hello")
  })

  it("names the master key by the SHA-256 of its bytes", () => {
    expect(provider.cipherId())
      .to.equal(crypto.createHash("sha256").update(Buffer.alloc(32, 0x0f)).digest("hex"))
  })

  it("declares its algorithms and version", () => {
    expect({ ...provider }).to.deep.equal({ ALGORITHM: "aes-256-ctr", HASH_ALGORITHM: "sha256", VERSION: "1" })
  })

  describe("without a usable master key", () => {
    it("says so when there is none", async () => {
      delete process.env.CIPHER_MASTER
      const message = "CIPHER_MASTER environment variable not set"
      await expect(provider.encrypt("hello")).to.be.rejectedWith(Error, message)
      await expect(provider.decrypt("1043022")).to.be.rejectedWith(Error, message)
      expect(() => provider.cipherId()).to.throw(Error, message)
    })

    it("rejects one of another length with a RangeError that does not repeat it", async () => {
      process.env.CIPHER_MASTER = "abcdef"
      const error = await provider.encrypt("hello").then(() => undefined, (reason: Error) => reason)
      expect(error).to.be.instanceOf(RangeError)
      expect(error?.message).not.to.contain("abcdef")
    })

    it("still gives a cipher id for one that is no hex", () => {
      process.env.CIPHER_MASTER = "dummy master"
      expect(provider.cipherId()).to.match(/^[0-9a-f]{64}$/)
    })
  })

  describe("given something that it did not encrypt", () => {
    const sealed = sealedByAnExistingHub("hello")
    const rejected: [string, string, string][] = [
      ["an empty text", "", "does not begin with a version"],
      ["plain JSON", '{"tokens":1}', "does not begin with a version"],
      ["another version", `2${sealed.slice(1)}`, "version 2 is unknown"],
      ["a header alone", "1043022", "incomplete"],
      ["a text cut within the data key", sealed.slice(0, 40), "incomplete"],
      ["lengths that are off", `1040022${sealed.slice(7)}`, "incomplete"],
      ["characters outside of base64url", `${sealed.slice(0, 10)}!${sealed.slice(11)}`, "not base64url"],
    ]
    for (const [situation, text, reason] of rejected) {
      it(`rejects ${situation}`, async () => {
        await expect(provider.decrypt(text)).to.be.rejectedWith(Error, reason)
      })
    }

    it("rejects a text of another master key when that shows", async () => {
      const long = await provider.encrypt("all work and no play makes jack a dull boy".repeat(10))
      process.env.CIPHER_MASTER = OTHER_KEY
      await expect(provider.decrypt(long)).to.be.rejectedWith(Error, "another CIPHER_MASTER")
    })
  })
})

describe("cryptoSettings", () => {
  it("takes a key of 64 hex characters", () => {
    const reader = new SettingsReader({ CIPHER_MASTER: MASTER_KEY })
    expect(cryptoSettings(reader)).to.deep.equal({ cipherMaster: MASTER_KEY })
    expect(reader.problems).to.deep.equal([])
  })

  it("does without a key", () => {
    const reader = new SettingsReader({})
    expect(cryptoSettings(reader).cipherMaster).to.equal(undefined)
    expect(reader.problems).to.deep.equal([])
  })

  it("notes a malformed key without repeating it", () => {
    const reader = new SettingsReader({ CIPHER_MASTER: "hunter2" })
    cryptoSettings(reader)
    expect(reader.problems).to.have.length(1)
    expect(reader.problems[0]).to.contain("CIPHER_MASTER").and.not.contain("hunter2")
  })
})
