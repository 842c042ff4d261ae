import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as sinon from "sinon"
import * as winston from "winston"
import * as Hub from "../../src/hub"
import { router } from "../support/run_action"

chai.use(chaiAsPromised)
const { expect } = chai

class TestOAuthAction extends Hub.OAuthAction {

  name = "test_oauth"
  label = "Test OAuth"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async oauthCheck() { return true }
  async oauthUrl(redirectUri: string, encryptedState: string) { return `${redirectUri}?state=${encryptedState}` }
  async oauthFetchInfo() { return undefined }

}

class TestOAuthActionV2 extends Hub.OAuthActionV2 {

  name = "test_oauth_v2"
  label = "Test OAuth V2"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async oauthCheck() { return true }
  async oauthUrl() { return "" }
  async oauthHandleRedirect() { return "" }
  async oauthFetchAccessToken() { return new Hub.EncryptedPayload("cid", "payload") }

}

class TestDelegateAction extends Hub.DelegateOAuthAction {

  name = "test_delegate"
  label = "Test Delegate"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = [{
    name: "install",
    label: "Connect",
    required: true,
    sensitive: false,
    delegate_oauth_url: "https://third.party/install",
  }]

  async oauthCheck() { return new Hub.ActionForm() }

}

const CHANGED_VARIABLES = ["CIPHER_MASTER", "ENCRYPT_PAYLOAD", "ENCRYPT_PAYLOAD_TEST_OAUTH"]

describe("OAuthAction", () => {
  const action = new TestOAuthAction()
  const tokens = { access_token: "t0k3n" }
  let environment: NodeJS.ProcessEnv
  let logged: sinon.SinonStub

  beforeEach(() => {
    environment = { ...process.env }
    process.env.CIPHER_MASTER = "5a".repeat(32)
    delete process.env.ENCRYPT_PAYLOAD
    delete process.env.ENCRYPT_PAYLOAD_TEST_OAUTH
    logged = sinon.stub(winston, "error")
  })

  afterEach(() => {
    for (const name of CHANGED_VARIABLES) {
      if (environment[name] === undefined) {
        delete process.env[name]
      } else {
        process.env[name] = environment[name]
      }
    }
    sinon.restore()
  })

  it("says in its definition that it uses OAuth, and has no token address", () => {
    expect(action.asJson(router, new Hub.ActionRequest()))
      .to.include({ uses_oauth: true, delegate_oauth: false, token_url: "" })
  })

  describe("keeping tokens", () => {
    it("writes plain JSON when nothing asks for encryption", async () => {
      await expect(action.oauthMaybeEncryptTokens(tokens, "w")).to.eventually.equal('{"access_token":"t0k3n"}')
    })

    it("does not heed ENCRYPT_PAYLOAD, which is other actions' own", async () => {
      process.env.ENCRYPT_PAYLOAD = "true"
      await expect(action.oauthMaybeEncryptTokens(tokens, "w")).to.eventually.equal('{"access_token":"t0k3n"}')
    })

    it("encrypts when its own variable is exactly true", async () => {
      process.env.ENCRYPT_PAYLOAD_TEST_OAUTH = "true"
      const kept = await action.oauthMaybeEncryptTokens(tokens, "w") as Hub.EncryptedPayload
      expect(kept).to.be.instanceOf(Hub.EncryptedPayload)
      expect(kept.cid).to.equal(new Hub.ActionCrypto().cipherId())
      expect(kept.payload).to.match(/^1043022/)
      process.env.ENCRYPT_PAYLOAD_TEST_OAUTH = "1"
      await expect(action.oauthMaybeEncryptTokens(tokens, "w")).to.eventually.equal('{"access_token":"t0k3n"}')
    })

    it("goes through the crypto's prototype, where tests replace it", async () => {
      process.env.ENCRYPT_PAYLOAD_TEST_OAUTH = "true"
      process.env.CIPHER_MASTER = "dummy"
      const encrypt = sinon.stub(Hub.ActionCrypto.prototype, "encrypt").resolves("encrypted_data")
      const kept = await action.oauthMaybeEncryptTokens(tokens, "w") as Hub.EncryptedPayload
      expect(kept.payload).to.equal("encrypted_data")
      expect(encrypt.calledOnceWith(JSON.stringify(tokens))).to.equal(true)
    })

    it("rejects when it is to encrypt and cannot", async () => {
      process.env.ENCRYPT_PAYLOAD_TEST_OAUTH = "true"
      delete process.env.CIPHER_MASTER
      await expect(action.oauthMaybeEncryptTokens(tokens, "w")).to.be.rejectedWith("CIPHER_MASTER")
    })
  })

  describe("taking tokens out of a state", () => {
    it("gives back plain tokens", async () => {
      await expect(action.oauthExtractTokensFromStateJson(JSON.stringify(tokens), "w")).to.eventually.deep.equal(tokens)
    })

    it("gives back encrypted tokens, decrypted", async () => {
      process.env.ENCRYPT_PAYLOAD_TEST_OAUTH = "true"
      const kept = JSON.stringify((await action.oauthMaybeEncryptTokens(tokens, "w") as Hub.EncryptedPayload).asJson())
      await expect(action.oauthExtractTokensFromStateJson(kept, "w")).to.eventually.deep.equal(tokens)
    })

    it("gives the payload to the crypto's prototype", async () => {
      const decrypt = sinon.stub(Hub.ActionCrypto.prototype, "decrypt").resolves(JSON.stringify(tokens))
      await expect(action.oauthExtractTokensFromStateJson('{"cid":"c","payload":"p"}', "w"))
        .to.eventually.deep.equal(tokens)
      expect(decrypt.calledOnceWith("p")).to.equal(true)
    })

    it("takes a state with only one of cid and payload for plain tokens", async () => {
      await expect(action.oauthExtractTokensFromStateJson('{"cid":"c"}', "w")).to.eventually.deep.equal({ cid: "c" })
    })

    it("finds nothing in a state that was reset, and logs nothing", async () => {
      await expect(action.oauthExtractTokensFromStateJson("reset", "w")).to.eventually.equal(null)
      expect(logged.called).to.equal(false)
    })

    it("finds nothing in JSON null", async () => {
      await expect(action.oauthExtractTokensFromStateJson("null", "w")).to.eventually.equal(null)
    })

    const unreadable: [string, string][] = [
      ["that is not JSON", "t0k3n, not JSON"],
      ["whose payload is malformed", '{"cid":"c","payload":"t0k3n"}'],
    ]
    for (const [situation, state] of unreadable) {
      it(`finds nothing in a state ${situation}, and logs why without repeating it`, async () => {
        await expect(action.oauthExtractTokensFromStateJson(state, "w")).to.eventually.equal(null)
        expect(logged.calledOnce).to.equal(true)
        expect(JSON.stringify(logged.args)).to.contain("sign in again").and.not.contain("t0k3n")
      })
    }

    it("finds nothing when decryption fails", async () => {
      sinon.stub(Hub.ActionCrypto.prototype, "decrypt").rejects(new Error("Decryption failed"))
      await expect(action.oauthExtractTokensFromStateJson('{"cid":"c","payload":"p"}', "w")).to.eventually.equal(null)
    })
  })

  describe("decrypting tokens", () => {
    const refusals: [string, string][] = [
      ["t0k3n", "Decrypted payload is not valid JSON"],
      ["null", "Decrypted payload must be a JSON object"],
      ["42", "Decrypted payload must be a JSON object"],
      ["[1]", "Decrypted payload must be a JSON object"],
    ]
    for (const [decrypted, message] of refusals) {
      it(`rejects ${decrypted}: ${message}`, async () => {
        sinon.stub(Hub.ActionCrypto.prototype, "decrypt").resolves(decrypted)
        await expect(action.oauthDecryptTokens(new Hub.EncryptedPayload("c", "p"), "w"))
          .to.be.rejectedWith(Error, message)
      })
    }
  })
})

describe("EncryptedPayload", () => {
  let cipherMaster: string | undefined

  beforeEach(() => {
    cipherMaster = process.env.CIPHER_MASTER
    process.env.CIPHER_MASTER = "5a".repeat(32)
  })

  afterEach(() => {
    if (cipherMaster === undefined) {
      delete process.env.CIPHER_MASTER
    } else {
      process.env.CIPHER_MASTER = cipherMaster
    }
  })

  it("is its cipher id and its payload, in members and as JSON", () => {
    expect(new Hub.EncryptedPayload("c", "p")).to.deep.equal({ cid: "c", payload: "p" })
    expect(new Hub.EncryptedPayload("c", "p").asJson()).to.deep.equal({ cid: "c", payload: "p" })
  })

  it("gives back what it encrypted, as a plain object", async () => {
    const sealed = await Hub.EncryptedPayload.encrypt(new Hub.ActionToken({ a: 1 }, "https://r"), "w")
    await expect(sealed.decrypt("w")).to.eventually.deep.equal({ tokens: { a: 1 }, redirect: "https://r" })
  })

  it("names the key in use", () => {
    expect(Hub.EncryptedPayload.currentCipherId).to.equal(new Hub.ActionCrypto().cipherId())
    expect(Hub.EncryptedPayload.crypto).to.be.instanceOf(Hub.ActionCrypto)
  })
})

describe("OAuthActionV2", () => {
  it("says in its definition that it uses OAuth, and where tokens are fetched", () => {
    expect(new TestOAuthActionV2().asJson(router, new Hub.ActionRequest())).to.include({
      uses_oauth: true,
      delegate_oauth: false,
      token_url: "https://hub.example/actions/test_oauth_v2/oauth_token",
    })
  })
})

describe("DelegateOAuthAction", () => {
  it("says in its definition that OAuth is done elsewhere, and where", () => {
    const action = new TestDelegateAction()
    expect(action.asJson(router, new Hub.ActionRequest()))
      .to.include({ uses_oauth: true, delegate_oauth: true, params: action.params })
  })
})

describe("the questions whether an action is one of OAuth", () => {
  it("are answered by its base class", () => {
    const kinds = [new TestOAuthAction(), new TestOAuthActionV2(), new TestDelegateAction()]
    expect(kinds.map(Hub.isOauthAction)).to.deep.equal([true, false, false])
    expect(kinds.map(Hub.isOauthActionV2)).to.deep.equal([false, true, false])
    expect(kinds.map(Hub.isDelegateOauthAction)).to.deep.equal([false, false, true])
  })
})
