import { expect } from "chai"
import * as crypto from "crypto"
import * as fc from "fast-check"
import * as http from "http"
import * as sinon from "sinon"

import * as apiKey from "../../src/server/api_key"
import { HubUnderTest, SECRET, ScriptedAction } from "./hub_under_test"

const REFUSAL = JSON.stringify({ success: false, error: "Invalid 'Authorization' header." })

describe("API keys", () => {
  let secret: string | undefined

  beforeEach(() => {
    secret = process.env.ACTION_HUB_SECRET
    process.env.ACTION_HUB_SECRET = SECRET
  })

  afterEach(() => {
    delete process.env.ACTION_HUB_SECRET_PREVIOUS
    process.env.ACTION_HUB_SECRET = secret
    if (secret === undefined) {
      delete process.env.ACTION_HUB_SECRET
    }
  })

  it("are a nonce and the hex HMAC-SHA512 of it under the hub's secret", () => {
    const digest = crypto.createHmac("sha512", SECRET).update("abc").digest("hex")
    expect(apiKey.fromNonce("abc")).to.equal(`abc/${digest}`)
  })

  it("are valid as issued, also with something after a second slash", () => {
    const key = apiKey.fromNonce("abc")
    expect(apiKey.validate(key)).to.equal(true)
    expect(apiKey.validate(`${key}/zz`)).to.equal(true)
  })

  it("are invalid once the secret has changed", () => {
    const key = apiKey.fromNonce("abc")
    process.env.ACTION_HUB_SECRET = "another"
    expect(apiKey.validate(key)).to.equal(false)
  })

  it("are valid as long as the secret that they were made with is the previous one", () => {
    const key = apiKey.fromNonce("abc")
    expect(apiKey.isOfPreviousSecret(key)).to.equal(false)
    process.env.ACTION_HUB_SECRET = "another"
    process.env.ACTION_HUB_SECRET_PREVIOUS = SECRET
    expect(apiKey.validate(key)).to.equal(true)
    expect(apiKey.isOfPreviousSecret(key)).to.equal(true)
    expect(apiKey.validate(apiKey.fromNonce("abc"))).to.equal(true)
    expect(apiKey.isOfPreviousSecret(apiKey.fromNonce("abc"))).to.equal(false)
    expect(apiKey.validate(`${key.slice(0, -1)}x`)).to.equal(false)
    process.env.ACTION_HUB_SECRET = ""
    expect(apiKey.validate(key)).to.equal(false)
  })

  it("cannot be made, and are all invalid, without a secret", () => {
    const key = apiKey.fromNonce("abc")
    process.env.ACTION_HUB_SECRET = ""
    expect(() => apiKey.fromNonce("abc")).to.throw("No ACTION_HUB_SECRET environment variable set.")
    expect(apiKey.validate(key)).to.equal(false)
  })

  it("are invalid in any other shape", () => {
    const digest = apiKey.fromNonce("abc").slice("abc/".length)
    const others = ["", "/", "abc", "abc/", `/${digest}`, "a/b", `abd/${digest}`, `abc/${digest.toUpperCase()}`,
      `abc/${digest.slice(1)}`, `abc/${digest}0`, `abc/${"ä".repeat(128)}`, `abc//${digest}`, digest]
    for (const other of others) {
      expect(apiKey.validate(other), other).to.equal(false)
    }
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !apiKey.validate(text)))
  })
})

describe("Authentication", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([new ScriptedAction()]))
  after(async () => hub.stop())
  afterEach(() => sinon.restore())

  for (const path of ["/", "/actions/scripted", "/actions/scripted/execute", "/actions/scripted/form",
    "/actions/scripted/oauth_token"]) {
    it(`refuses POST ${path} without a key`, async () => {
      const answer = await hub.ask("POST", path)
      expect(answer.status).to.equal(403)
      expect(answer.body).to.equal(REFUSAL)
    })
  }

  it("refuses GET oauth_check without a key, before the action is looked for", async () => {
    expect((await hub.get("/actions/unknown/oauth_check")).status).to.equal(403)
  })

  for (const [shape, header] of Object.entries({
    "no digest": "Token token=\"a\"",
    "a short digest": "Token token=\"a/b\"",
    "an empty nonce": "Token token=\"/b\"",
    "an empty token": "Token token=\"\"",
    "slashes": "Token token=\"////\"",
    "no quotes": "Token token=a/b",
    "another scheme": "Basic YTpi",
    "a word": "foo",
    "nothing": "",
    "a long token": `Token token="${"a/".repeat(4000)}"`,
    "characters beyond ASCII": "Token token=\"é/ÿ\"",
  })) {
    it(`refuses a header with ${shape}`, async () => {
      const answer = await hub.post("/", {}, { authorization: header })
      expect(answer.status).to.equal(403)
      expect(answer.body).to.equal(REFUSAL)
    })
  }

  it("answers any header with 403 and goes on serving", async () => {
    const character = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code))
    const text = fc.string({ unit: character, maxLength: 60 })
    const header = fc.oneof(text, text.map((token) => `Token token="${token}"`),
      fc.tuple(text, text).map(([nonce, digest]) => `Token token="${nonce}/${digest}"`))
    await fc.assert(fc.asyncProperty(header, async (authorization) => {
      expect((await hub.post("/", {}, { authorization })).status).to.equal(403)
    }), { numRuns: 60 })
    expect((await hub.post("/")).status).to.equal(200)
  })

  it("accepts the spellings that hubs have always accepted", async () => {
    const key = apiKey.fromNonce("n")
    for (const word of ["Token", "token", "|oken", "Bearer Token"]) {
      expect((await hub.post("/", {}, { authorization: `${word} token="${key}"` })).status, word).to.equal(200)
    }
  })

  it("accepts a key that was pasted with blanks or a line end around it", async () => {
    const key = apiKey.fromNonce("n")
    for (const pasted of [` ${key}`, `${key} `, `\t${key}\t `, `${key}\\n`, `\\r\\n ${key}\\r\\n`]) {
      expect((await hub.post("/", {}, { authorization: `Token token="${pasted}"` })).status, pasted).to.equal(200)
    }
  })

  for (const [because, authorization] of Object.entries({
    missing: "Token token=\"\"", malformed: "Token token=\"hush/hush\"", wrong: `Token token="hush/${"0a".repeat(64)}"`,
  })) {
    it(`says in the log that a key is ${because}, and from where it came, without the key`, async () => {
      const refused = () => hub.logLines.map((line) => JSON.parse(line) as { [field: string]: unknown })
        .filter((line) => line.message === "A request was refused for its token." && line.because === because)
      // An earlier test may have caused the line, which is written once a minute.
      await hub.post("/", {}, { authorization })
      await hub.post("/", {}, { authorization })
      expect(refused()).to.have.length(1)
      expect(refused()[0]).to.include({ level: "warn", address: "127.0.0.1" })
      expect(hub.logText).to.not.include("hush")
    })
  }

  it("says in the log when the key is one of the previous secret", async () => {
    const authorization = `Token token="${apiKey.fromNonce("n")}"`
    process.env.ACTION_HUB_SECRET_PREVIOUS = SECRET
    process.env.ACTION_HUB_SECRET = "another"
    try {
      expect((await hub.post("/", {}, { authorization })).status).to.equal(200)
    } finally {
      process.env.ACTION_HUB_SECRET = SECRET
      delete process.env.ACTION_HUB_SECRET_PREVIOUS
    }
    expect(hub.logText).to.include("A token made with ACTION_HUB_SECRET_PREVIOUS was used.")
  })

  it("asks the module's validate, which others may replace", async () => {
    const validate = sinon.stub(apiKey, "validate").returns(true)
    expect((await hub.post("/", {}, { authorization: "Token token=\"any\"" })).status).to.equal(200)
    expect(validate.calledWithExactly("any")).to.equal(true)
  })

  it("comes before the body is parsed: a broken one is refused for its key", async () => {
    expect((await hub.post("/", "{broken", { authorization: "foo" })).status).to.equal(403)
  })

  it("does not wait for a body: the answer is there before its first byte", async () => {
    const status = await new Promise((resolve, reject) => {
      const request = http.request({
        host: "127.0.0.1", port: hub.port, method: "POST", path: "/",
        headers: { "content-type": "application/json", "content-length": 1_000_000 },
      })
      request.on("error", reject)
      request.on("response", (response) => {
        resolve(response.statusCode)
        response.on("error", () => undefined)
        request.off("error", reject).on("error", () => undefined).destroy()
      })
      request.flushHeaders()
    })
    expect(status).to.equal(403)
  })

  it("keeps keys out of the log", async () => {
    await hub.post("/")
    await hub.post("/", {}, { authorization: "Token token=\"wrong/wrongdigest\"" })
    expect(hub.logText).to.include("403").and.not.include("wrongdigest").and.not.include(apiKey.fromNonce("a nonce"))
  })
})
